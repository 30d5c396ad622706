from fractions import Fraction
from math import inf

import numpy as np
import pytest

from tests.tally.elections import small
from wijkbudget.tally.course import Market
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.profile import Profile
from wijkbudget.tally.purses import ABOVE, BELOW, Backing, Purses, ceiling_over
from wijkbudget.tally.rule import Utility

THIRD = Fraction(10, 3)


def purses_of(cost: int, endowment: Fraction = THIRD) -> tuple[Purses, Backing, Backing]:
    """Three ballots name a, two of them also b."""
    market = Market.of(*small(10, {"a": cost, "b": 2}, {"a": 1, "a b": 2}), Utility.ONE)
    return Purses(market.profile, endowment), market.backings["a"], market.backings["b"]


def test_a_purse_in_floats_is_off_by_less_than_the_slack() -> None:
    purses, a, b = purses_of(7)
    for plan in (b, a):
        price = purses.price(plan, 0.0)
        assert price is not None
        purses.pay(plan, price)
    assert purses.held(a) == 1
    assert abs(float((a.times * purses.floats[a.rows]).sum()) - 1) <= a.ballots * purses.slack


def test_a_price_is_exact_and_empties_those_who_hold_less() -> None:
    # Each holds 10/3. Two pay 1 for b and keep 7/3 each; of the 8 for a that leaves just the 10/3 of the third.
    purses, a, b = purses_of(8)
    price = purses.price(b, 0.0)
    assert price is not None
    assert price.amount == 1
    purses.pay(b, price)
    after = purses.price(a, 0.0)
    assert after is not None
    assert after.amount == Fraction(10, 3)
    assert purses.is_empty[a.rows].tolist() == [False, False]
    purses.pay(a, after)
    assert purses.is_empty[a.rows][after.emptied].all()
    assert purses.held(a) == 0


def test_a_plan_one_cent_too_dear_is_not_affordable() -> None:
    assert purses_of(10)[0].price(purses_of(10)[1], 0.0) is not None
    assert purses_of(11)[0].price(purses_of(11)[1], 0.0) is None


@pytest.mark.parametrize("cost", range(1, 11))
def test_floor_and_ceiling_hold_the_exact_price_between_them(cost: int) -> None:
    purses, a, b = purses_of(cost)
    paid = purses.price(b, 0.0)
    assert paid is not None
    purses.pay(b, paid)
    exact = purses.price(a, 0.0)
    floor = purses.at_least(a, 0.0)
    if exact is None:
        assert ceiling_over(a, purses.floats[a.rows], purses.slack, 100.0) == inf
        return
    assert Fraction(floor) <= exact.amount
    if exact.amount < THIRD:
        ceiling = ceiling_over(a, purses.floats[a.rows], purses.slack, floor)
        assert exact.amount <= Fraction(ceiling) <= exact.amount * Fraction(1.000001)


def test_a_floor_is_infinite_only_if_the_plan_is_surely_not_affordable() -> None:
    purses, a, _ = purses_of(11)
    assert purses.at_least(a, 0.0) == inf
    purses, a, _ = purses_of(10)
    assert purses.at_least(a, 0.0) < inf


def test_a_search_ends_once_the_floor_is_over_what_was_asked() -> None:
    purses, a, _ = purses_of(9)
    assert purses.at_least(a, 0.5, until=0.1) == 0.5


def test_eight_roundings_up_stay_under_above_and_eight_down_over_below() -> None:
    up = down = 1.0
    for _ in range(8):
        up, down = float(np.nextafter(up, 2)), float(np.nextafter(down, 0))
    assert down > BELOW
    assert up <= 1 + 8 * 2.0**-52 <= ABOVE


@pytest.mark.parametrize("points", [1, 2])
def test_a_ceiling_is_just_over_the_price_and_none_is_found_from_a_floor_that_is_far_too_low(points: int) -> None:
    """Two purses of 10 pay a plan of 8: 4 each, that is 4 or 2 for each point."""
    ballots = Profile.from_groups({(("a", points),): 2})
    plan = Market.of(Instance(20, (Plan("a", 8),)), ballots, Utility.ONE).backings["a"]
    purses, price = np.full(1, 10.0), 4 / points
    assert price < ceiling_over(plan, purses, 0.0, price) < price * (1 + 2.0**-31)
    assert price < ceiling_over(plan, purses, 2.0**-30, price) < price * (1 + 2.0**-23)
    assert price < ceiling_over(plan, purses, 2.0**-20, price) < price * (1 + 2.0**-15)
    assert ceiling_over(plan, purses, 2.0**-10, price) == inf
    assert ceiling_over(plan, purses, 0.0, price * 0.99) == inf
