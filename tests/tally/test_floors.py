from math import inf

import pytest

from tests.tally.elections import small
from wijkbudget.tally.course import Market
from wijkbudget.tally.floors import Floors
from wijkbudget.tally.purses import Backing
from wijkbudget.tally.rule import Utility

BACKINGS = Market.of(*small(9, {"a": 1, "b": 2, "c": 3}, {"a b c": 1}), Utility.ONE).backings


class Looks(list[str]):
    """Notes who is looked at; prices are as given."""

    def __init__(self, **prices: float) -> None:
        self.prices = prices

    def __call__(self, backing: Backing, floor: float, until: float) -> float:
        self.append(backing.id)
        assert floor <= self.prices[backing.id]
        return self.prices[backing.id]


def test_the_least_floor_is_taken_and_the_others_are_not_looked_at_without_need() -> None:
    looks = Looks(a=1.5, b=2, c=3)
    taken = Floors(BACKINGS.values()).take(looks)
    assert taken is not None
    assert taken[0].id == "a"
    assert taken[1] == pytest.approx(1.5)
    assert looks == ["a"]


def test_a_plan_whose_floor_rose_over_another_waits() -> None:
    looks = Looks(a=2.5, b=2, c=3)
    taken = Floors(BACKINGS.values()).take(looks)
    assert taken is not None
    assert (taken[0].id, looks) == ("b", ["a", "b"])


def test_a_plan_that_is_not_affordable_never_comes_back() -> None:
    floors = Floors(BACKINGS.values())
    looks = Looks(a=inf, b=inf, c=3)
    taken = floors.take(looks)
    assert taken is not None
    assert taken[0].id == "c"
    assert floors.take(looks) is None


def test_nothing_over_the_bar_is_taken() -> None:
    assert Floors(BACKINGS.values()).take(Looks(a=1, b=2, c=3), 0.5) is None


def test_after_a_purchase_floors_are_looked_at_again() -> None:
    floors, looks = Floors(BACKINGS.values()), Looks(a=1, b=2, c=3)
    taken = floors.take(looks)
    assert taken is not None
    floors.add(taken[0], 1.0)
    floors.passes()
    floors.take(looks)
    assert looks == ["a", "a"]


def test_equal_floors_are_no_endless_search() -> None:
    backings = Market.of(*small(9, {"a": 1, "b": 1}, {"a b": 3}), Utility.ONE).backings
    floors = Floors(backings.values())
    looks = Looks(a=1 / 3, b=1 / 3)
    assert {taken[0].id for _ in "ab" if (taken := floors.take(looks))} == {"a", "b"}
    assert len(looks) <= 4
