"""The rules of a plan."""

from typing import Any

import pytest

from wijkbudget.people.rules import TextMissing, TextTooLong
from wijkbudget.plans.rules import (
    LONGEST,
    LONGEST_REASON,
    CostOverBudget,
    Draft,
    NamesNoCriterion,
    NeedsCost,
    checked_cost,
    named_criterion,
    on_menu,
    rendition_widths,
    require_affordable,
    require_reason,
    waits_too_long,
)


def test_a_plan_may_cost_the_whole_budget_and_not_a_cent_more() -> None:
    require_affordable(4_000_000, budget=4_000_000)
    require_affordable(None, budget=4_000_000)
    with pytest.raises(CostOverBudget) as refused:
        require_affordable(4_000_001, budget=4_000_000)
    assert refused.value.details == {"budget": 4_000_000}


def test_not_placing_a_plan_names_a_published_criterion() -> None:
    assert named_criterion("Goed voor de wijk", placed=False, criteria=["Goed voor de wijk"]) == "Goed voor de wijk"
    for other in (None, "", "Ik vind het niets"):
        with pytest.raises(NamesNoCriterion):
            named_criterion(other, placed=False, criteria=["Goed voor de wijk"])


def test_a_placed_plan_fails_no_criterion() -> None:
    assert named_criterion("Goed voor de wijk", placed=True, criteria=["Goed voor de wijk"]) is None


def test_a_feasible_plan_has_a_cost_that_fits_the_budget() -> None:
    assert checked_cost(100, feasible=True, budget=100) == 100
    for missing in (None, 0, -1):
        with pytest.raises(NeedsCost):
            checked_cost(missing, feasible=True, budget=100)
    with pytest.raises(CostOverBudget):
        checked_cost(101, feasible=True, budget=100)


def test_a_plan_that_is_not_feasible_has_no_cost() -> None:
    assert checked_cost(500, feasible=False, budget=100) is None


@pytest.mark.parametrize(
    ("is_feasible", "likes", "expected"),
    [(True, 25, True), (True, 24, False), (False, 99, False)],
)
def test_the_menu_takes_feasible_plans_with_enough_likes(is_feasible: bool, likes: int, expected: bool) -> None:
    assert on_menu(is_feasible=is_feasible, likes=likes, threshold=25) is expected


@pytest.mark.parametrize(
    ("width", "kept"), [(1200, (400, 800, 1200)), (1199, (400, 800)), (400, (400,)), (399, (399,)), (1, (1,))]
)
def test_a_photo_is_kept_in_the_widths_that_fit_into_it(width: int, kept: tuple[int, ...]) -> None:
    assert rendition_widths(width) == kept


TEXTS: dict[str, Any] = dict.fromkeys(LONGEST, "x")


@pytest.mark.parametrize("field", LONGEST)
def test_every_text_of_a_plan_says_something_and_not_too_much(field: str) -> None:
    longest = LONGEST[field]
    assert getattr(Draft(**TEXTS | {field: "x" * longest}, estimated_cost=None), field) == "x" * longest
    with pytest.raises(TextTooLong) as refused:
        Draft(**TEXTS | {field: "x" * (longest + 1)}, estimated_cost=None)
    assert refused.value.details == {"field": field, "longest": longest}
    for empty in ("", " \n"):
        with pytest.raises(TextMissing) as missing:
            Draft(**TEXTS | {field: empty}, estimated_cost=None)
        assert missing.value.details == {"field": field}


def test_a_decision_has_a_reason_that_fits_a_letter() -> None:
    require_reason("x" * LONGEST_REASON)
    with pytest.raises(TextTooLong):
        require_reason("x" * (LONGEST_REASON + 1))
    with pytest.raises(TextMissing):
        require_reason(" ")


@pytest.mark.parametrize(("days", "too_long"), [(0, False), (7, False), (8, True)])
def test_a_plan_should_be_placed_or_not_within_a_week(days: int, too_long: bool) -> None:
    assert waits_too_long(days) is too_long
