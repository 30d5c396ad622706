"""The result page of each rule, in a real browser: readable by all, with and without JavaScript."""

import pytest
from playwright.sync_api import Browser

from tests.builders import Builder
from tests.journeys.conftest import PHONE, WIDE, Site, Visitors
from tests.journeys.test_every_page import Inspector
from tests.moments import RESULT
from wijkbudget.rounds.rules import Counting
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.phragmen import Phragmen
from wijkbudget.tally.rule import Rule

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PAGE = "/rondes/wijkbudget-bezuidenhout-2026/uitslag"
PLANS = {
    "Geveltuintjes en klimplanten": (40, 400_000),
    "Nieuwe speeltuin in de Stuyvesantstraat": (30, 2_500_000),
    "Banken voor ouderen": (20, 900_000),
    "Picknicktafels in het Haagse Bos": (20, 900_000),
    "Een standbeeld van goud": (3, 4_500_000),
    "Een brug naar de overkant": (0, 300_000),
}


def publish(build: Builder, site: Site, rule: Rule) -> None:
    """A round with a tie that only a lot can decide, published with its other rules."""
    round_ = build.round(eligible=400, counting=Counting(rule, compares=True))
    plans = {build.menu_plan(round_, title=title, cost=cost): votes for title, (votes, cost) in PLANS.items()}
    build.result(round_, plans, blank=7)
    build.commit()
    site.clock.move_to(RESULT)


@pytest.mark.parametrize(
    "rule", [MostVotes(), VotesPerEuro(), EqualShares(), Phragmen(), BestValue()], ids=lambda r: r.name
)
def test_the_result_of_each_rule_has_no_fault(rule: Rule, build: Builder, site: Site, browser: Browser) -> None:
    publish(build, site, rule)
    for viewport in (PHONE, WIDE):
        context = browser.new_context(base_url=site.url, locale="nl-NL", viewport=viewport)
        inspector = Inspector(context.new_page())
        inspector.page.goto(PAGE)
        inspector.page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
        inspector.look()
        context.close()
        assert inspector.faults == []


def test_without_javascript_the_result_tells_the_same(build: Builder, site: Site, visitors: Visitors) -> None:
    publish(build, site, MostVotes())
    said = []
    for script in (True, False):
        page = visitors.arrive(script=script)
        page.goto(PAGE)
        said.append(page.locator("main").inner_text())
    assert "Het lot bepaalde de volgorde" in said[0]
    assert "Met een andere telregel" in said[0]
    assert said[0] == said[1]
