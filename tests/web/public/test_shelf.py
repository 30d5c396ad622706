"""The order of the plans."""

import pytest
from flask import session as cookie
from sqlalchemy.orm import Session

from tests.builders import Builder
from wijkbudget.rounds.tables import Round
from wijkbudget.web.outcome import published_result
from wijkbudget.web.public.shelf import Shelf, shelf

pytestmark = pytest.mark.usefixtures("dutch")


def visited(session: Session, round_: Round, page: int = 1) -> Shelf:
    """What a visitor sees who is not signed in."""
    return shelf(session, round_, published_result(session, round_), None, page=page)


def test_each_visitor_has_an_own_order(session: Session, build: Builder) -> None:
    round_ = build.round()
    for number in range(12):
        build.placed_plan(round_, title=f"Plan {number}")
    orders = set()
    for seed in (1, 1_000_003, 2_000_000_011):
        cookie["seed"] = seed
        orders.add(tuple(card.id for card in visited(session, round_).cards))
    assert len(orders) > 1


def test_no_plan_is_lost_or_shown_twice_over_the_pages(session: Session, build: Builder) -> None:
    round_ = build.round()
    plans = {build.placed_plan(round_, title=f"Plan {number}").id for number in range(25)}
    pages = [visited(session, round_, page=page) for page in (1, 2)]
    assert [len(page.cards) for page in pages] == [24, 1]
    assert {card.id for page in pages for card in page.cards} == plans
    assert (pages[0].total, pages[0].pages) == (25, 2)


def test_an_empty_shelf_has_one_page(session: Session, build: Builder) -> None:
    assert visited(session, build.round()).pages == 1


def test_plans_on_the_frozen_menu_are_tagged(session: Session, build: Builder) -> None:
    round_ = build.round()
    menu, other = build.menu_plan(round_), build.placed_plan(round_, title="Bank")
    build.urn(round_, menu)
    assert {card.id: card.tag for card in visited(session, round_).cards} == {menu.id: "Op de stemlijst", other.id: ""}


def test_after_the_result_winners_go_first_and_then_most_votes(session: Session, build: Builder) -> None:
    round_ = build.round()
    too_dear = build.menu_plan(round_, title="Te duur", cost=4_000_000)
    first, last = (build.menu_plan(round_, title=title, cost=300_000) for title in ("Eerste", "Laatste"))
    off_menu = build.placed_plan(round_, title="Niet op de lijst")
    build.result(round_, {last: 1, too_dear: 5, first: 9})
    shown = visited(session, round_)
    assert [card.id for card in shown.cards] == [first.id, last.id, too_dear.id, off_menu.id]
    assert [card.won for card in shown.cards] == [True, True, False, False]
    assert not shown.is_shuffled


def test_an_unpublished_result_changes_nothing(session: Session, build: Builder) -> None:
    round_ = build.round()
    build.result(round_, {build.menu_plan(round_): 3}, published=False)
    shown = visited(session, round_)
    assert shown.is_shuffled
    assert [card.points for card in shown.cards] == [None]
