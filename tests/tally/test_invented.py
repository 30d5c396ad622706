"""Invented voters and plans are the same for the same seed, uneven, clustered, and valid for every ballot form."""

from fractions import Fraction

import pytest

from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.invented import (
    INVENTED_PLANS,
    Wishes,
    affordable,
    divided,
    in_order,
    invented_plans,
    invented_profile,
    most_liked,
)
from wijkbudget.tally.profile import Ballot

INSTANCE = Instance(
    100, tuple(Plan(letter, cost) for letter, cost in zip("abcdef", (60, 50, 40, 30, 20, 10), strict=True))
)


def all_wishes(wishes: Wishes) -> Ballot:
    return most_liked(wishes, most=len(INSTANCE.plans))


def support(seed: int) -> dict[str, int]:
    return invented_profile(INSTANCE, voters=1000, seed=seed, fill_in=all_wishes).points_by_plan()


def test_the_same_seed_gives_the_same_voters_for_ever() -> None:
    assert support(1) == support(1) == {"a": 40, "b": 75, "c": 206, "d": 56, "e": 498, "f": 439}


def test_another_seed_gives_other_voters() -> None:
    assert support(1) != support(2)


def test_there_are_as_many_ballots_as_voters_also_those_who_like_nothing() -> None:
    profile = invented_profile(INSTANCE, voters=1000, seed=1, fill_in=all_wishes)

    assert profile.ballots == 1000
    assert 0 < profile.blank < 1000


def test_support_is_uneven() -> None:
    for seed in range(10):
        totals = support(seed).values()
        assert max(totals) > 1.3 * min(totals)


def test_support_is_clustered_so_that_two_plans_often_share_more_voters_than_chance_would_give() -> None:
    lifts = []
    for seed in range(10):
        profile = invented_profile(INSTANCE, voters=1000, seed=seed, fill_in=all_wishes)
        rows = {plan_id: set(found.rows.tolist()) for plan_id, found in profile.supporters.items()}
        times = profile.times.tolist()
        size = {plan_id: sum(times[row] for row in found) for plan_id, found in rows.items()}
        lifts.append(
            max(
                Fraction(sum(times[row] for row in rows[one] & rows[other]) * 1000, size[one] * size[other])
                for one in rows
                for other in rows
                if one < other
            )
        )
    assert all(lift > Fraction(11, 10) for lift in lifts)


def test_plans_are_of_all_sizes_and_the_same_for_the_same_seed() -> None:
    plans = invented_plans(2_500_000, unit=100, seed=3)

    assert plans == invented_plans(2_500_000, unit=100, seed=3) != invented_plans(2_500_000, unit=100, seed=4)
    assert [plan.id for plan in plans] == [str(number) for number in range(1, INVENTED_PLANS + 1)]
    assert all(plan.cost % 10_000 == 0 for plan in plans)
    assert all(125_000 <= plan.cost <= 1_125_000 for plan in plans)


@pytest.mark.parametrize("budget", [1, 99, 1_000, 20_000])
def test_also_a_small_budget_gets_plans(budget: int) -> None:
    assert all(1 <= plan.cost <= max(1, budget) for plan in invented_plans(budget, unit=100, seed=1))


@pytest.mark.parametrize(
    ("budget", "costs"),
    [
        (149_168, (10_000, 50_000, 40_000, 10_000, 20_000, 20_000, 30_000, 40_000)),
        (1_000, (67, 340, 287, 85, 155, 138, 225, 302)),
        (99, (6, 33, 28, 8, 15, 13, 22, 29)),
    ],
)
def test_the_same_seed_gives_the_same_plans_for_ever(budget: int, costs: tuple[int, ...]) -> None:
    plans = invented_plans(budget, unit=100, seed=1)
    assert tuple(plan.cost for plan in plans) == costs
    assert all(type(plan.cost) is int for plan in plans)


def test_a_basket_takes_what_still_fits() -> None:
    assert affordable(("a", "b", "d", "f", "e"), INSTANCE) == (("a", 1), ("d", 1), ("f", 1))
    assert affordable(("a", "b", "d", "f"), INSTANCE, most=2) == (("a", 1), ("d", 1))
    assert affordable((), INSTANCE) == ()


def test_a_basket_with_too_few_plans_stays_blank() -> None:
    assert affordable(("a", "b"), INSTANCE, least=2) == ()
    assert affordable(("a", "d"), INSTANCE, least=2) == (("a", 1), ("d", 1))


def test_so_many_of_the_most_liked_are_chosen() -> None:
    assert most_liked(("c", "a", "b"), most=2) == (("c", 1), ("a", 1))
    assert most_liked(("c",), most=2, least=2) == ()


@pytest.mark.parametrize(
    ("wishes", "total", "most", "ballot"),
    [
        (("c", "a", "b"), 5, 5, (("c", 3), ("a", 1), ("b", 1))),
        (("c", "a"), 5, 2, (("c", 2), ("a", 2))),
        (("c", "a"), 1, 1, (("c", 1),)),
        ((), 5, 5, ()),
    ],
)
def test_points_are_divided_within_both_limits(wishes: Wishes, total: int, most: int, ballot: Ballot) -> None:
    assert divided(wishes, total=total, most=most) == ballot


def test_the_first_of_a_ranking_gets_most_points() -> None:
    assert in_order(("c", "a", "b", "d"), most=3) == (("c", 3), ("a", 2), ("b", 1))
    assert in_order(("c",), most=3) == (("c", 3),)
