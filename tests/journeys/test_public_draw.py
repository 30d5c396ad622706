"""A count that waits for a public draw: two officials type in what came out, and then it goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.builders import Builder
from tests.journeys.conftest import PHONE, WIDE, Site
from tests.journeys.test_every_page import Inspector, sign_in
from tests.moments import COUNTING, SECOND, VOTING
from wijkbudget.ballots.rules import chosen
from wijkbudget.demo.casting import cast_votes
from wijkbudget.demo.people import PASSWORD
from wijkbudget.people.passwords import hash_password
from wijkbudget.people.rules import Role
from wijkbudget.rounds.rules import Counting, SeedSource

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ROUND = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026"
DRAW = f"{ROUND}/loting"


@pytest.fixture
def officials(build: Builder, site: Site) -> list[str]:
    """The addresses of two officials of a round in which two plans stand equal and one can be funded."""
    round_ = build.round(budget=1_000_000, counting=Counting(seed=SeedSource.DRAW))
    plans = [build.menu_plan(round_, title=title).id for title in ("Speeltuin", "Bankje")]
    votes = [(code, chosen([plan])) for code, plan in zip(build.codes(round_, 2), plans, strict=True)]
    people = [build.appointed(Role.OFFICIAL) for _ in range(2)]
    for person in people:
        person.password_hash = hash_password(PASSWORD)
    build.commit()
    site.pass_to(VOTING)
    cast_votes(site.database, votes, batch=2, pepper=site.config.code_pepper, clock=site.clock)
    site.pass_to(COUNTING)
    return [person.email for person in people]


@contextmanager
def signed_in(browser: Browser, site: Site, email: str, viewport: ViewportSize) -> Iterator[Inspector]:
    """The browser of an official, in which nothing was wrong with any page that was looked at."""
    context = browser.new_context(base_url=site.url, locale="nl-NL", viewport=viewport)
    inspector = Inspector(context.new_page())
    sign_in(inspector.page, email)
    yield inspector
    context.close()
    assert inspector.faults == []


def test_two_officials_type_in_the_draw_and_the_count_goes_on(
    browser: Browser, site: Site, officials: list[str]
) -> None:
    first, second = officials
    with signed_in(browser, site, first, PHONE) as inspector:
        inspector.visit(ROUND)
        inspector.page.get_by_role("link", name="Vul de uitkomst van de loting in").click()
        inspector.look()
        inspector.page.get_by_role("button", name="Bewaar de uitkomst").click()
        inspector.look()
        inspector.page.get_by_label("Uitkomst van de loting").fill("4 17 23")
        inspector.page.get_by_label("Welke loting was dit").fill("De notaris trok op 4 december, zie onze site.")
        inspector.page.get_by_role("button", name="Bewaar de uitkomst").click()
        expect(inspector.page.get_by_role("status")).to_contain_text("De uitkomst is bewaard.")
        inspector.look()
    with signed_in(browser, site, second, WIDE) as inspector:
        inspector.visit(DRAW)
        for typed in ("4 17 32", "4 17 23"):
            inspector.page.get_by_label("Uitkomst van de loting, nog een keer").fill(typed)
            inspector.page.get_by_role("button", name="Bevestig de uitkomst").click()
            inspector.look()
        expect(inspector.page.get_by_role("status")).to_contain_text("De uitkomst ligt vast.")
        inspector.visit(DRAW)
        site.pass_to(COUNTING + SECOND)
        inspector.visit(f"{ROUND}/uitslag")
        expect(inspector.page.locator("main")).to_contain_text("4 17 23")
