"""The rules of a plan."""

import pytest

from wijkbudget.plans.rules import (
    CostOverBudget,
    NamesNoCriterion,
    NeedsCost,
    checked_cost,
    named_criterion,
    on_menu,
    rendition_widths,
    require_affordable,
    written_euros,
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
    ("is_feasible", "likes", "is_withdrawn", "expected"),
    [(True, 25, False, True), (True, 24, False, False), (False, 99, False, False), (True, 99, True, False)],
)
def test_the_menu_takes_feasible_plans_with_enough_likes(
    is_feasible: bool, likes: int, is_withdrawn: bool, expected: bool
) -> None:
    assert on_menu(is_feasible=is_feasible, likes=likes, threshold=25, is_withdrawn=is_withdrawn) is expected


@pytest.mark.parametrize(
    ("width", "kept"), [(1200, (400, 800, 1200)), (1199, (400, 800)), (400, (400,)), (399, (399,)), (1, (1,))]
)
def test_a_photo_is_kept_in_the_widths_that_fit_into_it(width: int, kept: tuple[int, ...]) -> None:
    assert rendition_widths(width) == kept


@pytest.mark.parametrize(
    ("cents", "written"),
    [(1_250_000, "€ 12.500"), (1_250_050, "€ 12.500,50"), (5, "€ 0,05"), (123_456_700, "€ 1.234.567")],
)
def test_letters_write_amounts_the_dutch_way(cents: int, written: str) -> None:
    assert written_euros(cents) == written.replace(" ", "\N{NO-BREAK SPACE}")
