"""Every page of the demonstration city: no fault that axe can find, no sideways scroll, nothing against the policy.

Sideways scroll is looked for at 320 pixels too, wherever a phone is.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.ceremony import proof
from tests.journeys.conftest import PHONE, WIDE
from tests.ports import free_port
from wijkbudget.ballots.shares import PROOF
from wijkbudget.demo.people import IRIS, MO, OLGA, OTTO, PASSWORD, SAMIRA

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHOICE = ".wb-opt > input:not([data-blank]), .wb-do [value^=more], .wb-do [value^=on]"  # of whatever form the ballot is
SMALLEST = ViewportSize(width=320, height=640)
OPEN_PAGES = [
    "/", "/wijken", "/wijken/bezuidenhout", "/wijk?postcode=9999+ZZ", "/wijk?postcode=x", "/rondes", "/uitslagen",
    "/hoe-werkt-het", "/stemmen", "/stem", "/gezondheid", "/account/registreren", "/account/inloggen",
    "/account/wachtwoord-vergeten", "/ontwikkel/post", "/bestaat-niet",
]  # fmt: skip
PUBLISHED = re.compile("scheveningse-parkwijken")
CEREMONY = re.compile("mariahoeve")
ACCOUNTS = re.compile("leidschenveen")


class City:
    """The running demonstration city and three codes."""

    def __init__(self, url: str, codes: list[str]) -> None:
        self.url, self.codes = url, codes


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demonstration city as `wijkbudget run` serves it, in a process of its own, from an empty folder."""
    folder = tmp_path_factory.mktemp("city")
    start_and_stop(folder)
    with running(folder) as (url, codes):
        yield City(url, codes)


def start_and_stop(folder: Path) -> None:
    """A first start, so that what the tests see is what a second start finds again."""
    with running(folder):
        pass


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The address and the voting codes that `wijkbudget run` prints."""
    # Who is started by a shell in the background ignores interrupts, and so would the site.
    heeding = ["env", "--default-signal=INT"]
    command = [*heeding, sys.executable, "-m", "wijkbudget.cli", "run", "--port", str(free_port())]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    said = list(takewhile(lambda line: "Ctrl+C" not in line, process.stdout))
    url = next(line.split()[-1] for line in said if "runs on" in line)
    yield url, re.findall(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b", "".join(said))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


class Inspector:
    """Looks at pages and writes down what is wrong with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda said: self._hear(said.type, said.text))

    def visit(self, address: str) -> None:
        """Open a page and look at it."""
        self.page.goto(address)
        self.look()

    def look(self) -> None:
        """Write down what is wrong with the page that is open."""
        self.page.evaluate(AXE.read_text())  # by the debugger, since the content policy lets no page load it
        found: dict[str, Any] = self.page.evaluate(
            "standards => axe.run(document, {runOnly: {type: 'tag', values: standards}})", STANDARDS
        )
        for violation in found["violations"]:
            self.faults.append(f"{self.page.url}: {violation['id']} {violation['nodes'][0]['html'][:200]}")
        self._measure()
        if self.page.viewport_size == PHONE:
            self.page.set_viewport_size(SMALLEST)
            self._measure()
            self.page.set_viewport_size(PHONE)

    def _measure(self) -> None:
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            self.faults.append(f"{self.page.url}: {width} pixels too wide")

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.faults.append(f"{self.page.url}: {text}")


@pytest.fixture(params=["phone", "wide"])
def inspector(request: pytest.FixtureRequest, browser: Browser, city: City) -> Iterator[Inspector]:
    """An inspector on a phone and on a wide screen."""
    viewport = PHONE if request.param == "phone" else WIDE
    context = browser.new_context(base_url=city.url, locale="nl-NL", viewport=viewport)
    yield Inspector(context.new_page())
    context.close()


def sign_in(page: Page, email: str) -> None:
    page.goto("/account/inloggen")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Inloggen").click()
    page.wait_for_url("**/")


def round_address(page: Page, name: re.Pattern[str]) -> str:
    """The address of the page of the round with this name."""
    page.goto("/rondes")
    return next(address for address in addresses(page, "/rondes/") if name.search(address))


def addresses(page: Page, part: str) -> list[str]:
    """The addresses on the open page that contain this part, each once."""
    found = page.eval_on_selector_all("main a", "links => links.map(link => link.getAttribute('href'))")
    return sorted({address for address in found if address and part in address})


def wait_for_watch(page: Page) -> None:
    """Until the scheduler has checked everything once, the page of health says that nothing was checked."""
    while page.request.get("/gezondheid").status == 503:  # the time limit of the test ends it
        page.wait_for_timeout(500)


def test_the_pages_for_everybody(inspector: Inspector) -> None:
    wait_for_watch(inspector.page)
    for address in OPEN_PAGES:
        inspector.visit(address)
    inspector.page.goto("/rondes")
    rounds = [address for address in addresses(inspector.page, "/rondes/") if address.count("/") == 2]
    assert len(rounds) >= 6
    for address in rounds:
        inspector.visit(address)
        inspector.visit(f"{address}/plannen")
        inspector.visit(f"{address}/uitslag")
        inspector.visit(f"{address}/controleren")
        inspector.visit(f"{address}/zoek-uw-stem")
        search(inspector)
        inspector.page.goto(f"{address}/plannen")
        for plan in addresses(inspector.page, "/plannen/")[:1]:
            inspector.visit(plan)
    assert inspector.faults == []


def search(inspector: Inspector) -> None:
    """Look for what is no number, and for a number that nobody has, where numbers can be looked for."""
    field, button = inspector.page.get_by_label("Uw nummer"), inspector.page.get_by_role("button", name="Zoek")
    for number in ("1234", "0" * 16) if field.count() else ():
        field.fill(number)
        button.click()
        inspector.look()


def test_the_pages_in_english(inspector: Inspector) -> None:
    wait_for_watch(inspector.page)
    published = round_address(inspector.page, PUBLISHED)
    for address in (
        "/", "/rondes", "/hoe-werkt-het", "/stemmen", "/stem", "/uitslagen", "/account/registreren", "/gezondheid",
        published, f"{published}/uitslag", f"{published}/controleren", f"{published}/zoek-uw-stem",
    ):  # fmt: skip
        inspector.visit(f"/en{address}")
        assert inspector.page.locator("html").get_attribute("lang") == "en"
    assert inspector.faults == []


def test_the_pages_of_a_voter(inspector: Inspector, city: City) -> None:
    page = inspector.page
    for code in city.codes:
        page.goto("/stemmen")
        page.get_by_label("Uw stemcode").fill("1234")
        page.get_by_role("button", name="Verder").click()
        inspector.look()
        page.get_by_label("Uw stemcode").fill(code)
        page.get_by_role("button", name="Verder").click()
        page.wait_for_url("**/kiezen")
        inspector.look()
        page.locator(CHOICE).locator("visible=true").first.click()
        inspector.look()
        page.get_by_role("button", name="Controleer uw keuze").locator("visible=true").first.click()
        inspector.look()
        page.get_by_role("button", name="Ja, verstuur mijn stem").click()
        page.wait_for_url("**/versturen")
        inspector.look()
        for address, answer in (("", ".wb-alert--error"), ("voter@example.org", ".wb-alert--ok")):
            page.get_by_label("E-mailadres").fill(address)
            page.get_by_role("button", name="Mail mij dit bewijs").click()
            page.locator(answer).wait_for()
            inspector.look()
        page.get_by_role("button", name="Laat mij mijn volgnummer zien").click()
        page.wait_for_url("**/volgnummer")
        inspector.look()
        page.get_by_role("link", name="Terug naar uw ontvangstbewijs").click()
        inspector.look()
    assert inspector.faults == []


def test_the_pages_of_a_resident(inspector: Inspector) -> None:
    sign_in(inspector.page, SAMIRA.email)
    inspector.visit("/mijn/plannen")
    for address in addresses(inspector.page, "/plan-indienen")[:1]:
        inspector.visit(address)
        inspector.page.locator("main form .utrecht-button--primary-action").last.click()
        inspector.look()
    assert inspector.faults == []


def test_the_pages_of_a_resident_who_votes_with_an_account(inspector: Inspector) -> None:
    sign_in(inspector.page, SAMIRA.email)
    address = round_address(inspector.page, ACCOUNTS)
    inspector.visit(address)
    inspector.visit(f"/en/mijn/stemmen/{address.removeprefix('/rondes/')}")
    inspector.visit(f"/mijn/stemmen/{address.removeprefix('/rondes/')}")
    inspector.page.get_by_role("button", name="Verder").click()
    inspector.look()
    inspector.page.locator("main input[type=checkbox]").check()
    inspector.page.get_by_role("button", name="Verder").click()
    inspector.page.wait_for_url("**/kiezen")
    inspector.look()
    assert inspector.faults == []


def test_the_pages_of_a_moderator(inspector: Inspector) -> None:
    sign_in(inspector.page, MO.email)
    inspector.visit("/moderator")
    waiting = addresses(inspector.page, "/moderator/plannen/")
    assert waiting
    for address in waiting[:1] + waiting[-1:]:
        inspector.visit(address)
        inspector.page.get_by_role("button", name="Bewaar").click()
        inspector.look()
    assert inspector.faults == []


def test_the_pages_of_an_official(inspector: Inspector) -> None:
    sign_in(inspector.page, OLGA.email)
    inspector.visit("/ambtenaar")
    for address in addresses(inspector.page, "/ambtenaar/rondes/"):
        inspector.visit(address)
        for further in addresses(inspector.page, "/ambtenaar/rondes/"):
            if further.endswith("/uitslag"):
                inspector.visit(further)
    inspector.page.goto("/ambtenaar/rondes/nieuw")
    inspector.page.locator("main form .utrecht-button--primary-action").last.click()
    inspector.look()
    round_ = f"/ambtenaar{round_address(inspector.page, CEREMONY)}"
    for part in ("", "/wijzigen", "/telregels", "/stemcodes", "/brieven", "/sleutel"):
        inspector.visit(f"/en{round_}{part}")
    inspector.visit(f"{round_}/brieven")
    for button in ("Maak een nieuwe brief", "Blokkeer de code"):
        inspector.page.get_by_role("button", name=button).click()
        inspector.look()
    assert inspector.faults == []


@pytest.fixture
def colleagues(inspector: Inspector, browser: Browser, city: City) -> Iterator[list[Page]]:
    """Three officials, each in a browser of their own; the inspector sits beside Olga, who is the first."""
    contexts = [browser.new_context(base_url=city.url, locale="nl-NL") for _ in range(2)]
    pages = [inspector.page, *(context.new_page() for context in contexts)]
    for page, part in zip(pages, (OLGA, OTTO, IRIS), strict=True):
        sign_in(page, part.email)
    yield pages
    for context in contexts:
        context.close()


def test_the_page_of_codes_from_asking_to_throwing_away(inspector: Inspector, colleagues: list[Page]) -> None:
    olga, otto, _ = colleagues
    address = f"/ambtenaar{round_address(olga, CEREMONY)}/stemcodes"
    otto.goto(address)
    otto.get_by_label("Aantal nieuwe stemcodes").fill("5")
    otto.get_by_role("button", name="Stemcodes aanvragen").click()
    inspector.visit(address)
    olga.get_by_role("button", name="Stemcodes aanvragen").click()  # without a number
    inspector.look()
    olga.get_by_label("Aantal nieuwe stemcodes").fill("1")
    olga.get_by_role("button", name="Stemcodes aanvragen").click()
    inspector.look()
    olga.get_by_role("button", name="Geef de codes vrij").first.click()
    inspector.look()
    with olga.expect_download() as download:
        olga.get_by_role("button", name="CSV").click()
    assert download.value.path().read_text().count("-") == 15
    inspector.visit(address)
    while olga.get_by_text("Gooi deze lijst weg").count():
        olga.get_by_text("Gooi deze lijst weg").first.click()
        inspector.look()
        olga.get_by_role("button", name="Ja, gooi deze lijst weg").first.click()
        olga.get_by_text("De lijst is weggegooid").wait_for()
    inspector.look()
    assert inspector.faults == []


def test_the_pages_of_a_key_from_stepping_in_to_beginning_anew(inspector: Inspector, colleagues: list[Page]) -> None:
    olga = colleagues[0]
    address = f"/ambtenaar{round_address(olga, CEREMONY)}/sleutel"
    for page in colleagues:
        page.goto(address)
        page.get_by_role("button", name="Ik bewaar een deel van de sleutel").click()
        page.get_by_text("U bewaart een deel van de sleutel").wait_for()
        inspector.visit(address)
    show = olga.get_by_role("button", name="Toon mijn deel, 1 keer")
    while not show.count():  # the scheduler makes the key; the time limit of the test ends it
        olga.wait_for_timeout(500)
        olga.goto(address)
    inspector.look()
    show.click()
    inspector.look()
    assert olga.locator("code").count() == 33
    words = proof(" ".join(olga.locator("code").all_inner_texts()))
    olga.get_by_role("link", name="Ik heb mijn deel op papier").click()
    inspector.look()
    for first in ("fiets", words[0]):
        for place, word in zip(PROOF, (first, *words[1:]), strict=True):
            olga.get_by_label(f"Woord {place}").fill(word)
        olga.get_by_role("button", name="Mijn deel staat op papier").click()
        inspector.look()
    olga.get_by_text("Deel 1 kwijt?").click()
    inspector.look()
    olga.get_by_role("button", name="Meld deel 1 als kwijt").click()
    olga.get_by_text("Deel 1 gevonden?").click()
    inspector.look()
    olga.get_by_text("Opnieuw beginnen").click()
    inspector.look()
    olga.get_by_role("button", name="Begin opnieuw").click()
    inspector.look()
    assert inspector.faults == []


def test_a_ballot_is_cast_with_the_keyboard_alone(browser: Browser, city: City) -> None:
    context = browser.new_context(base_url=city.url, locale="nl-NL", viewport=WIDE)
    page = context.new_page()
    page.goto("/stemmen")
    press_until(page, "#code")
    page.keyboard.type(city.codes[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiezen")
    press_until(page, CHOICE)
    page.keyboard.press("Space")
    press_until(page, "main form button:not([formaction])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/controleren")
    press_until(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/versturen")
    context.close()


def press_until(page: Page, selector: str) -> None:
    """Tab on until what has the focus fits the selector, and is seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.fixture
def plain(browser: Browser, city: City) -> Iterator[Page]:
    """A page of somebody with a keyboard alone and without script."""
    context = browser.new_context(base_url=city.url, locale="nl-NL", viewport=WIDE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def press(page: Page, selector: str, *, key: str = "Enter") -> None:
    """Go there by the keyboard and press."""
    press_until(page, selector)
    page.keyboard.press(key)


def test_a_vote_is_mailed_and_looked_for_with_the_keyboard_and_without_script(plain: Page, city: City) -> None:
    plain.goto("/stemmen")
    press_until(plain, "#code")
    plain.keyboard.type(city.codes[0])
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/kiezen")
    press(plain, ".wb-opt > input:not([data-blank])", key="Space")
    press(plain, "main form button:not([formaction])")
    plain.wait_for_url("**/controleren")
    press(plain, "main form button")
    plain.wait_for_url("**/versturen")
    press_until(plain, "#email")
    plain.keyboard.type("voter@example.org")
    plain.keyboard.press("Enter")
    plain.get_by_text("gemaild naar voter@example.org").wait_for()
    press(plain, "form[action$=volgnummer] button")
    plain.wait_for_url("**/volgnummer")
    press(plain, "main a[href$=ontvangst]")
    plain.wait_for_url("**/ontvangst")
    plain.goto(f"{round_address(plain, PUBLISHED)}/zoek-uw-stem")
    press_until(plain, "#number")
    plain.keyboard.type("0000 0000 0000 0000")
    plain.keyboard.press("Enter")
    plain.get_by_text("Dit nummer vonden wij niet").wait_for()


def test_an_official_asks_for_codes_and_keeps_a_share_with_the_keyboard_and_without_script(plain: Page) -> None:
    sign_in(plain, OLGA.email)
    address = f"/ambtenaar{round_address(plain, CEREMONY)}"
    plain.goto(f"{address}/stemcodes")
    press_until(plain, "#size")
    plain.keyboard.type("3")
    plain.keyboard.press("Enter")
    plain.get_by_text("De stemcodes zijn aangevraagd").wait_for()
    press(plain, "main details:not([open]) summary")
    press(plain, "main form[action$=weggooien] button")
    plain.get_by_text("De lijst is weggegooid").wait_for()
    plain.goto(f"{address}/sleutel")
    press(plain, "form[action$=bewaren] button")
    plain.get_by_text("U bewaart een deel van de sleutel").wait_for()
    press(plain, "main details:not([open]) summary")
    press(plain, "form[action$=opnieuw] button")
    plain.get_by_text("De oude delen gelden niet meer").wait_for()
