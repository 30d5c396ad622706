"""A share of the key, from the screen to one sheet of paper, and back by three words."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.builders import Builder
from tests.ceremony import WITH_OFFICIALS, proof
from tests.controls import found
from tests.journeys.conftest import Site, Visitors
from tests.journeys.test_every_page import sign_in
from tests.moments import REVIEWING
from tests.printing.samples import texts
from wijkbudget.demo.people import PASSWORD
from wijkbudget.people.passwords import hash_password
from wijkbudget.people.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

KEY = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026/sleutel"
BESIDE_THE_WORDS = (
    "Sleutel van de stembus: deel 1 van 3 Wijkbudget Bezuidenhout 2026"
    " Gemaakt op vrijdag 2 oktober 2026 voor Olga. Zo bewaart u dit papier"
    " Met 2 van de 3 delen gaat de stembus open. Met 1 deel niet."
    " Doe het in een dichte envelop. Leg die in een kluis of een kast met een slot, niet bij het deel van een collega."
    " Vanaf dinsdag 1 december 2026 om 11.00 uur typt u deze woorden over. Tot dan gebruikt u ze niet."
    " Kwijt? Meld het meteen op de pagina van de sleutel. Wijkbudget Gemeente Den Haag"
)
NUMBERED = r"\b(\d+)\. ([a-z]+)\b"


@pytest.fixture
def officials(build: Builder, site: Site, visitors: Visitors) -> list[Page]:
    """Three officials before the page of the key, Olga on a wide screen, Piet without script."""
    build.menu_plan(build.round(voting=WITH_OFFICIALS))
    people = [build.appointed(Role.OFFICIAL) for _ in range(3)]
    for person, name in zip(people, ("Olga", "Piet", "Roos"), strict=True):
        person.name, person.password_hash = name, hash_password(PASSWORD)
    build.commit()
    site.clock.move_to(REVIEWING)
    pages = [visitors.arrive(wide=True), visitors.arrive(script=False), visitors.arrive()]
    for page, person in zip(pages, people, strict=True):
        sign_in(page, person.email)
        page.goto(KEY)
    return pages


def step_in(site: Site, officials: list[Page]) -> None:
    """All three keep a share, and the scheduler makes the key."""
    for page in officials:
        page.get_by_role("button", name="Ik bewaar een deel van de sleutel").click()
        page.get_by_role("status").wait_for()
    site.pass_to(REVIEWING)


def see(page: Page) -> str:
    """The words that this official is shown."""
    page.get_by_role("button", name="Toon mijn deel, 1 keer").click()
    return " ".join(page.locator("code").all_inner_texts())


def leave_a_message(page: Page) -> None:
    """Report a share as lost and don't look: what that has to say waits for the next page."""
    token = page.locator("input[name=csrf_token]").first.input_value()
    page.context.request.post(f"{KEY}/2/kwijt", form={"csrf_token": token}, max_redirects=0)


def one_sheet_with_a_share_alone(page: Page, words: str) -> None:
    """Fails unless the page prints on one sheet, with the words in their order and what belongs to them."""
    sheets = texts(page.pdf(format="A4"))
    sheet = " ".join(sheets)
    numbered = sorted((int(number), word) for number, word in re.findall(NUMBERED, sheet))
    assert numbered == list(enumerate(words.split(), start=1))
    assert " ".join(re.sub(NUMBERED, " ", sheet).split()) == BESIDE_THE_WORDS, "something else is printed"
    assert len(sheets) == 1, "more than one sheet"


def test_a_share_is_printed_on_one_sheet_with_all_its_words_and_nothing_else(site: Site, officials: list[Page]) -> None:
    step_in(site, officials)
    [olga, *_] = officials
    olga.goto(KEY)
    leave_a_message(olga)
    words = see(olga)
    expect(olga.get_by_role("status")).to_contain_text("Deel 2 is als kwijt gemeld.")
    one_sheet_with_a_share_alone(olga, words)
    olga.emulate_media(media="screen")
    with found("something else is printed"):
        one_sheet_with_a_share_alone(olga, words)


def test_three_words_from_paper_open_the_urn_to_voters_also_without_script(site: Site, officials: list[Page]) -> None:
    step_in(site, officials)
    for page in officials:
        page.goto(KEY)
        first, second, third = proof(see(page))
        page.get_by_role("link", name="Ik heb mijn deel op papier").click()
        for place, word in ((11, first), (22, "fiets"), (33, third)):
            page.get_by_label(f"Woord {place}").fill(word)
        page.get_by_role("button", name="Mijn deel staat op papier").click()
        expect(page.get_by_role("alert")).to_contain_text("Woord 22 is niet het woord uit uw deel.")
        expect(page.get_by_label("Woord 33")).to_have_value(third)
        page.get_by_label("Woord 22").fill(second.title())
        page.get_by_role("button", name="Mijn deel staat op papier").click()
        expect(page.get_by_role("status")).to_contain_text("Uw deel staat goed op papier.")
    expect(officials[2].locator("main")).to_contain_text("De sleutel is klaar")
