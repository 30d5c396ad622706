"""One round from a resident's plan to a published result, by the people in it, each in a browser of their own."""

import csv
import re
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.journeys.conftest import Site, Visitors
from tests.moments import COUNTING, DAY, SCHEDULE, SECOND, SUBMITTING
from wijkbudget.clock import THE_HAGUE
from wijkbudget.demo.casting import cast_votes
from wijkbudget.people.actions import appoint_person
from wijkbudget.people.rules import Role
from wijkbudget.results.verification import verify_package

pytestmark = pytest.mark.browser

PASSWORD = "een lang wachtwoord"
TITLE = "Nieuwe speeltuin in de Stuyvesantstraat"
CODES = 12
STARTS = [SCHEDULE.submitting, SCHEDULE.reviewing, SCHEDULE.voting, SCHEDULE.counting, SCHEDULE.result]


def test_a_round_goes_from_a_plan_to_a_published_result(
    site: Site, visitors: Visitors, session: Session, build: Builder, tmp_path: Path
) -> None:
    neighbourhood = build.neighbourhood()
    build.commit()
    site.clock.move_to(SCHEDULE.submitting - DAY)

    olga, otto, mo, samira = (visitors.arrive(wide=wide) for wide in (True, True, True, False))
    for page, name in ((olga, "Olga"), (otto, "Otto"), (mo, "Mo"), (samira, "Samira")):
        register(page, name, site)
    for name in ("olga", "otto"):
        appoint_person(session, email=f"{name}@example.org", role=Role.OFFICIAL, district_slugs=[], now=SUBMITTING)
    slug = neighbourhood.district.slug
    appoint_person(session, email="mo@example.org", role=Role.MODERATOR, district_slugs=[slug], now=SUBMITTING)
    session.commit()
    make_round(olga)

    site.pass_to(SUBMITTING)
    submit_plan(samira, photo(tmp_path))
    sign_in(mo, "Mo")
    decide(mo, "Plaatsen")
    like(samira)
    like(mo)
    decide(mo, "Ja, dit kan", cost="12.500")
    sign_in(olga, "Olga")
    sign_in(otto, "Otto")
    codes = make_codes(olga, otto, tmp_path)

    site.pass_to(SCHEDULE.voting + DAY)
    first = vote(visitors.arrive(), codes[0], choose=True)
    changed = vote(visitors.arrive(script=False), codes[0], choose=False)
    assert first != changed
    curious = visitors.arrive(wide=True)
    receipt = vote(curious, codes[1], choose=True)
    tracker = ask_for_tracker(curious)
    vote_blank(site, codes[3:])

    site.clock.move_to(SCHEDULE.counting + SECOND)
    late = visitors.arrive()
    enter_code(late, codes[2])
    expect(late.get_by_role("alert")).to_contain_text("Dit kan niet meer")

    site.pass_to(COUNTING)
    sign_in(olga, "Olga")
    publish(olga)
    see_result(visitors.arrive(), samira, site)
    find_vote(curious, receipt, tracker, replaced=first)
    check_package(olga, tmp_path)


def register(page: Page, name: str, site: Site) -> None:
    """Ask for an account, open the letter, confirm, sign in."""
    page.goto("/account/registreren")
    page.get_by_label("Naam").fill(name)
    email = f"{name.lower()}@example.org"
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Postcode").fill("2593 ab")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Account maken").click()
    site.pass_to(site.clock.now())
    page.goto("/ontwikkel/post")
    page.locator("tr", has_text=email).get_by_role("link").first.click()
    page.get_by_role("link", name=re.compile("bevestigen")).click()
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Ja, bevestig").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inloggen")
    sign_in(page, name)


def sign_in(page: Page, name: str) -> None:
    """Sign in, as everybody has to who was away for long."""
    page.goto("/account/inloggen")
    page.get_by_label("E-mailadres").fill(f"{name.lower()}@example.org")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Uw wijk")


def make_round(page: Page) -> None:
    """The official writes down the terms."""
    page.goto("/ambtenaar/rondes/nieuw")
    page.get_by_label("Naam van de ronde").fill("Wijkbudget Bezuidenhout 2026")
    page.get_by_role("radio", name="Wijkbudget").check()
    page.get_by_label("Budget", exact=True).fill("40.000")
    page.get_by_label("Naam van het gebied").fill("Bezuidenhout")
    page.get_by_role("checkbox", name="Bezuidenhout").check()
    for field, start in zip(("submitting", "reviewing", "voting", "counting", "result"), STARTS, strict=True):
        page.locator(f"#{field}").fill(wall(start))
    page.get_by_label("Likes die een plan nodig heeft").fill("2")
    page.get_by_label("Criteria").fill("Het plan is goed voor de wijk\nHet plan is van iedereen")
    page.get_by_label("Kies plannen die samen binnen het budget passen").check()
    page.get_by_label("Aantal mensen dat mag stemmen").fill("3422")
    page.get_by_label("Geteld op").fill("2026-08-01")
    page.get_by_label("Vanaf hoeveel stemmen").fill("10")
    page.locator("form.wb-form button").click()
    expect(page.get_by_role("status")).to_contain_text("De ronde is gemaakt")


def wall(moment: datetime) -> str:
    """A moment as the form writes it."""
    return moment.astimezone(THE_HAGUE).strftime("%Y-%m-%dT%H:%M")


def photo(folder: Path) -> Path:
    """A photo from a phone."""
    path = folder / "foto.jpg"
    Image.new("RGB", (1600, 1200), "green").save(path)
    return path


def submit_plan(page: Page, picture: Path) -> None:
    """The resident finds the wijk and submits a plan; a forgotten field keeps the rest."""
    page.goto("/")
    page.get_by_role("link", name="Bezuidenhout").last.click()
    page.get_by_role("link", name=re.compile("Dien uw plan in")).first.click()
    page.get_by_label("Uw plan in 1 zin").fill("Een plek om te spelen.")
    page.get_by_label("Wat wilt u doen?").fill("Schommels en een klimtoren.")
    page.get_by_label("Waarom is dit goed voor de wijk?").fill("Kinderen kunnen veilig spelen.")
    page.get_by_label("Waar is het?").fill("Stuyvesantstraat")
    page.get_by_label("Hoeveel geld is er nodig?").fill("12.000")
    page.locator("form.wb-form button.utrecht-button--primary-action").click()
    expect(page.get_by_role("alert")).to_contain_text("Vul een naam voor uw plan in")
    expect(page.get_by_label("Waar is het?")).to_have_value("Stuyvesantstraat")
    page.get_by_label("Naam van uw plan").fill(TITLE)
    page.get_by_label("Foto of tekening").set_input_files(picture)
    page.get_by_label("Wat is er op de foto te zien?").fill("Een groen veld.")
    page.locator("form.wb-form button.utrecht-button--primary-action").click()
    expect(page.get_by_role("status")).to_contain_text("Uw plan is ingediend")


def decide(page: Page, answer: str, cost: str = "") -> None:
    """The moderator takes the next decision about the plan."""
    page.goto("/moderator")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label(answer, exact=True).check()
    if cost:
        page.get_by_label("Nagerekende kosten").fill(cost)
    page.get_by_label("Uitleg voor de indiener").fill("Het plan past bij de wijk.")
    page.get_by_role("button", name=re.compile("Bewaar")).click()
    expect(page.get_by_role("status")).to_contain_text("is opgeslagen")


def like(page: Page) -> None:
    """Like the plan, once, by its button."""
    page.goto("/rondes/wijkbudget-bezuidenhout-2026/plannen")
    page.get_by_role("link", name=TITLE, exact=True).click()
    button = page.locator("button.wb-like")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def make_codes(olga: Page, otto: Page, folder: Path) -> list[str]:
    """The list for the printer: one official asks for it and takes it, another releases it."""
    address = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026/stemcodes"
    olga.goto(address)
    olga.get_by_label("Aantal nieuwe stemcodes").fill(str(CODES))
    olga.get_by_role("button", name="Stemcodes aanvragen").click()
    expect(olga.get_by_role("status")).to_contain_text("Vraag nu een collega")
    otto.goto(address)
    otto.get_by_role("button", name="Geef de codes vrij").click()
    olga.goto(address)
    with olga.expect_download() as download:
        olga.get_by_role("button", name="Haal alleen de codes op").click()
    path = folder / "codes.csv"
    download.value.save_as(path)
    return [row["stemcode"] for row in csv.DictReader(path.read_text().splitlines())]


def ask_for_tracker(page: Page) -> str:
    """The number by which this voter alone finds the ballot again, with its warning."""
    page.get_by_role("button", name="Laat mij mijn volgnummer zien").click()
    expect(page.locator("main")).to_contain_text("Laat dit nummer aan niemand zien")
    return page.locator(".wb-receipt__code").inner_text()


def vote_blank(site: Site, codes: list[str]) -> None:
    """The other letters come back as blank votes, so that there are enough ballots to publish each of them."""
    votes = [(code, ()) for code in codes]
    cast_votes(site.database, votes, batch=CODES, pepper=site.config.code_pepper, clock=site.clock)


def find_vote(page: Page, receipt: str, tracker: str, *, replaced: str) -> None:
    """After publication the voter finds the envelope and how it was counted, and nobody a vote that was changed."""
    for number, words in (
        (receipt.lower(), "Deze envelop zat in de stembus."),
        (tracker, TITLE),
        (replaced, "Dit nummer vonden wij niet"),
    ):
        page.goto("/rondes/wijkbudget-bezuidenhout-2026/zoek-uw-stem")
        page.locator("#number").fill(number)
        page.get_by_role("button", name="Zoek", exact=True).click()
        expect(page.locator("main")).to_contain_text(words)
        assert number not in page.url


def check_package(page: Page, folder: Path) -> None:
    """Anybody takes the package and checks it with the key that stands on the site."""
    page.goto("/rondes/wijkbudget-bezuidenhout-2026/controleren")
    key = re.search(r"--key ([0-9a-f]{64})", page.content())
    assert key is not None
    with page.expect_download() as download:
        page.get_by_role("link", name="Download het pakket").click()
    download.value.save_as(folder / "package.zip")
    verify_package((folder / "package.zip").read_bytes(), key=bytes.fromhex(key[1]))


def enter_code(page: Page, code: str) -> None:
    """Type the code as people do."""
    page.goto("/stemmen")
    page.get_by_label("Uw stemcode").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Verder").click()


def vote(page: Page, code: str, *, choose: bool) -> str:
    """From the code to the receipt; a blank vote where nothing is chosen. Gives the receipt."""
    enter_code(page, code)
    page.get_by_label(TITLE if choose else "Ik kies geen van deze plannen").check()
    page.get_by_role("button", name="Controleer uw keuze").locator("visible=true").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Klopt uw keuze?")
    page.get_by_role("button", name="Ja, verstuur mijn stem").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Uw stem zit in de stembus")
    assert TITLE not in page.content()
    return page.locator(".wb-receipt__code").inner_text()


def publish(page: Page) -> None:
    """The official looks at the count and publishes it."""
    page.goto("/ambtenaar")
    page.get_by_role("link", name="Wijkbudget Bezuidenhout 2026").first.click()
    page.get_by_role("link", name="Bekijk de uitslag").click()
    expect(page.locator("main")).to_contain_text("Gaat door")
    page.get_by_role("button", name="Maak de uitslag bekend").click()
    expect(page.locator("main")).to_contain_text("is bekendgemaakt")


def see_result(visitor: Page, author: Page, site: Site) -> None:
    """Anybody sees the result, its reasons and the turnout; the author gets a letter."""
    visitor.goto("/uitslagen")
    visitor.get_by_role("link", name=re.compile("Bezuidenhout")).first.click()
    main = visitor.locator("main")
    expect(main).to_contain_text("Gaat door")
    expect(main).to_contain_text("€ 12.500")
    expect(main).to_contain_text("0,32%")
    site.pass_to(COUNTING + DAY)
    author.goto("/ontwikkel/post")
    expect(author.locator("main")).to_contain_text("samira@example.org")
    author.goto("/jaarverslag/2026")
    expect(author.locator("main")).to_contain_text("0,32%")
