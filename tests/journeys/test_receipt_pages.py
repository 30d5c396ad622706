"""From the vote to the receipt, its print, its mail, the tracker, and both found again after publication."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests.builders import Builder
from tests.journeys.conftest import Site, Visitors
from tests.journeys.test_every_page import Inspector
from tests.moments import COUNTING, RESULT, VOTING
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.results.actions import count_round
from wijkbudget.results.tables import Result
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import VotingTerms

pytestmark = pytest.mark.browser

VOTERS = 10


@pytest.fixture
def round_(build: Builder, site: Site) -> Round:
    """A round in which is voted, whose ballots are published from ten on."""
    round_ = build.round(ballot_form=BallotForm(Form.ONE), voting=VotingTerms(publish_ballots_from=VOTERS))
    for title in ("Speeltuin", "Bankje"):
        build.menu_plan(round_, title=title)
    build.opened_urn(round_, site.config.key_folder)
    build.commit()
    site.clock.move_to(VOTING)
    return round_


def vote(page: Page, code: str, choice: str) -> None:
    page.goto("/stemmen")
    page.get_by_label("Uw stemcode").fill(code)
    page.get_by_role("button", name="Verder").click()
    page.get_by_label(choice).first.check()
    page.get_by_role("button", name="Controleer uw keuze").locator("visible=true").first.click()
    page.get_by_role("button", name="Ja, verstuur mijn stem").click()
    page.wait_for_url("**/versturen")


def number_on(page: Page) -> str:
    return page.locator(".wb-receipt__code").inner_text()


def publish(site: Site, round_: Round) -> None:
    """Close, count and publish."""
    site.clock.move_to(COUNTING)
    with site.database.transaction() as session:
        counted, keys = session.get_one(Round, round_.id), KeyFolder(site.config.key_folder)
        count_round(session, round=counted, keys=keys, clock=site.clock)
        session.execute(update(Result).values(published_at=RESULT, published_by=round_.made_by))
    site.clock.move_to(RESULT)


def find(inspector: Inspector, number: str) -> None:
    inspector.page.get_by_label("Uw nummer").fill(number)
    inspector.page.get_by_role("button", name="Zoek").click()
    inspector.look()


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "wide"])
def test_a_vote_is_found_again_by_its_receipt_and_by_its_tracker(
    site: Site, visitors: Visitors, build: Builder, round_: Round, wide: bool
) -> None:
    codes = build.codes(round_, VOTERS)
    build.commit()
    page = visitors.arrive(wide=wide)
    inspector = Inspector(page)
    for code in codes[1:]:
        vote(page, code, "Bankje")
    vote(page, codes[0], "Speeltuin")
    inspector.look()
    receipt = number_on(page)
    page.reload()  # the browser sends the vote again
    assert number_on(page) == receipt
    for email, answer in (("geen adres", ".wb-alert--error"), ("samira@example.org", ".wb-alert--ok")):
        page.get_by_label("E-mailadres").fill(email)
        page.get_by_role("button", name="Mail mij dit bewijs").click()
        page.locator(answer).wait_for()
        inspector.look()
    page.get_by_text("Wij hebben uw bewijs gemaild naar samira@example.org.").wait_for()
    page.get_by_role("button", name="Laat mij mijn volgnummer zien").click()
    page.wait_for_url("**/volgnummer")
    inspector.look()
    tracker = number_on(page)
    page.get_by_role("link", name="Terug naar uw ontvangstbewijs").click()
    assert number_on(page) == receipt
    page.get_by_role("link", name="zoek-uw-stem").click()
    inspector.look()
    publish(site, round_)
    page.reload()
    find(inspector, receipt)
    expect(page.locator("main")).to_contain_text("Deze envelop zat in de stembus.")
    assert "Speeltuin" not in page.locator("main").inner_text()
    find(inspector, tracker.lower())
    expect(page.locator("main [role=status]")).to_contain_text("Speeltuin")
    find(inspector, "0" * 16)
    find(inspector, "1234")
    assert inspector.faults == []


def test_on_paper_stands_what_matters_and_nothing_to_press(visitors: Visitors, build: Builder, round_: Round) -> None:
    [code] = build.codes(round_)
    build.commit()
    page = visitors.arrive(wide=True)
    vote(page, code, "Speeltuin")
    page.emulate_media(media="print")
    for shown in (".wb-receipt__code", "text=/zoek-uw-stem", "text=Wijkbudget Bezuidenhout 2026"):
        expect(page.locator(shown).first).to_be_visible()
    for pressed in ("button", "input:not([type=hidden])", "text=volgnummer", "text=Stoppen"):
        assert not [each for each in page.locator(pressed).all() if each.is_visible()]
