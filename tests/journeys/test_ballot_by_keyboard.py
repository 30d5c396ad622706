"""Points and an order, given with the keyboard alone: the focus stays where it was, and what changed is said aloud."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.builders import Builder
from tests.journeys.conftest import Site, Visitors
from tests.moments import VOTING
from wijkbudget.rounds.forms import BallotForm, Form

pytestmark = pytest.mark.browser

TITLES = ["Speeltuin", "Bankje", "Boom"]


def code_for(site: Site, build: Builder, form: BallotForm) -> str:
    """The code of a voter in a round with three plans."""
    round_ = build.round(ballot_form=form)
    for title in TITLES:
        build.menu_plan(round_, title=title)
    [code] = build.codes(round_)
    build.opened_urn(round_, site.config.key_folder)
    build.commit()
    site.clock.move_to(VOTING)
    return code


def enter(page: Page, code: str) -> None:
    """Type the code and press Enter."""
    page.goto("/stemmen")
    tab_to(page, "Uw stemcode")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiezen")


def name_of_focus(page: Page) -> str:
    """The name that a screen reader says of what has the focus."""
    name = page.evaluate("""() => {
        const it = document.activeElement;
        return ((it.labels && it.labels[0]) || it).textContent.replace(/\\s+/g, ' ').trim();
    }""")
    return str(name).replace(" :", ":")


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Tab on until what has this name has the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        if name_of_focus(page) == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def check_and_send(page: Page) -> None:
    """On to the receipt, from a page whose focus is before the buttons below the ballot."""
    tab_to(page, "Controleer uw keuze")
    page.keyboard.press("Enter")
    page.wait_for_url("**/controleren")
    tab_to(page, "Ja, verstuur mijn stem")
    page.keyboard.press("Enter")
    page.wait_for_url("**/versturen")


def test_points_are_divided_with_the_keyboard_alone(site: Site, visitors: Visitors, build: Builder) -> None:
    code = code_for(site, build, BallotForm(Form.POINTS, total_points=5, most_points=3))
    page = visitors.arrive(wide=True)
    enter(page, code)
    tab_to(page, "Meer punten voor Boom")
    for _ in range(4):  # the last one is one too many for a plan
        page.keyboard.press("Enter")
    assert name_of_focus(page) == "Meer punten voor Boom"
    expect(page.get_by_label("Punten voor Boom", exact=True)).to_have_value("3")
    expect(page.locator("p[role=status]")).to_have_text("Punten voor Boom: 3. Nog 2 van 5 punten")
    page.get_by_label("Punten voor Bankje", exact=True).focus()
    page.keyboard.type("4")
    expect(page.locator("aside .wb-left")).to_have_text("2 te veel. Haal punten weg.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("aside .wb-left")).to_have_text("Nog 0 van 5 punten")
    page.keyboard.press("Enter")  # in a field: on to the check, as the button would
    page.wait_for_url("**/controleren")
    expect(page.locator("tbody")).to_contain_text("Boom3")
    expect(page.locator("tbody")).to_contain_text("Bankje2")
    tab_to(page, "Ja, verstuur mijn stem")
    page.keyboard.press("Enter")
    page.wait_for_url("**/versturen")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_order_is_made_with_the_keyboard_alone(site: Site, visitors: Visitors, build: Builder, script: bool) -> None:
    code = code_for(site, build, BallotForm(Form.RANKING, 2))
    page = visitors.arrive(script=script, wide=True)
    enter(page, code)
    tab_to(page, "Zet op plaats 1: Bankje")
    page.keyboard.press("Enter")
    expect(page.locator("ol.wb-ballot h3")).to_have_text(["Bankje"])
    if name_of_focus(page) != "Zet op plaats 2: Boom":
        page.keyboard.press("Tab")
        tab_to(page, "Zet op plaats 2: Boom")
    page.keyboard.press("Enter")
    expect(page.locator("ol.wb-ballot h3")).to_have_text(["Bankje", "Boom"])
    expect(page.get_by_text("Uw lijst is vol")).to_be_visible()
    tab_to(page, "Omhoog: Boom", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("ol.wb-ballot h3")).to_have_text(["Boom", "Bankje"])
    assert name_of_focus(page) == "Omhoog: Boom"
    if script:
        expect(page.locator("p[role=status]")).to_have_text("Boom staat op plaats 1. Nog 0 van 2 plannen")
    check_and_send(page)


def test_a_blank_vote_empties_the_order(site: Site, visitors: Visitors, build: Builder) -> None:
    code = code_for(site, build, BallotForm(Form.RANKING, 2))
    page = visitors.arrive()
    enter(page, code)
    page.get_by_role("button", name=re.compile("Zet op plaats 1.*Boom")).click()
    page.get_by_label("Ik kies geen van deze plannen").check()
    expect(page.locator("ol.wb-ballot li")).to_have_count(0)
    page.get_by_role("button", name=re.compile("Zet op plaats 1.*Boom")).click()
    expect(page.get_by_label("Ik kies geen van deze plannen")).not_to_be_checked()


def test_who_takes_plans_off_the_list_with_the_keyboard_stays_in_it(
    site: Site, visitors: Visitors, build: Builder
) -> None:
    page = visitors.arrive(wide=True)
    enter(page, code_for(site, build, BallotForm(Form.APPROVAL, 3)))
    for title in TITLES:
        page.get_by_label(title).check()
    listed = page.locator("aside li")
    first, second, third = listed.locator("[data-row-title]").all_text_contents()
    for gone, place in [(first, second), (third, second)]:
        listed.get_by_role("button", name=f"Haal weg: {gone}").press("Enter")
        assert name_of_focus(page) == f"Haal weg: {place}"
    page.keyboard.press("Enter")
    expect(listed).to_have_count(0)
    assert name_of_focus(page) == "Controleer uw keuze"
    expect(page.locator(":focus")).to_be_in_viewport()


def test_points_below_zero_take_nothing_from_the_sum(site: Site, visitors: Visitors, build: Builder) -> None:
    page = visitors.arrive(wide=True)
    enter(page, code_for(site, build, BallotForm(Form.POINTS, total_points=5, most_points=3)))
    page.get_by_label("Punten voor Bankje", exact=True).fill("-1")
    expect(page.locator("aside .wb-left")).to_have_text("Nog 5 van 5 punten")
    expect(page.get_by_label("Punten voor Bankje", exact=True)).to_have_attribute("aria-invalid", "true")


def test_the_choice_for_a_blank_vote_shows_beside_the_plans(site: Site, visitors: Visitors, build: Builder) -> None:
    page = visitors.arrive(wide=True)
    enter(page, code_for(site, build, BallotForm(Form.ONE)))
    expect(page.locator("aside")).to_contain_text("U hebt nog geen plannen gekozen.")
    page.get_by_label("Ik kies geen van deze plannen").check()
    expect(page.locator("aside")).to_contain_text("U stemt blanco.")
