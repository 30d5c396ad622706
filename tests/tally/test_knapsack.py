"""The knapsack: equal to a table of all capacities, to every possible set, and safe at the edge of 64 bits."""

from collections.abc import Callable
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tally.twins_best_value import best_by_table
from wijkbudget.tally.knapsack import MOST, Best, Knapsack, TooMuchToCount, can_reach
from wijkbudget.tally.profile import whole

items = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=14)


@settings(max_examples=800, deadline=None)
@given(items=items, capacity=st.integers(0, 60))
def test_it_finds_the_first_of_the_best_sets(items: list[tuple[int, int]], capacity: int) -> None:
    weights, values = [weight for weight, _ in items], [value for _, value in items]
    assert Knapsack(weights, values).best(capacity) == Best(*best_by_table(weights, values, capacity))


@settings(max_examples=200, deadline=None)
@given(items=items.filter(len), capacity=st.integers(0, 40), data=st.data())
def test_it_can_leave_one_item_out(items: list[tuple[int, int]], capacity: int, data: st.DataObject) -> None:
    without = data.draw(st.integers(0, len(items) - 1))
    weights, values = [weight for weight, _ in items], [value for _, value in items]
    # an item heavier than the capacity is in no set
    too_heavy = [capacity + 1 if place == without else weight for place, weight in enumerate(weights)]
    assert Knapsack(weights, values).best(capacity, without) == Best(*best_by_table(too_heavy, values, capacity))


KINDS: dict[str, Callable[[Random, int], tuple[int, int]]] = {
    "equal items": lambda random, weight: (7, 5),
    "value is weight": lambda random, weight: (weight, weight),
    "value is weight and something": lambda random, weight: (weight, weight + 10),
    "little to choose": lambda random, weight: (weight, weight + random.randint(0, 1)),
    "anything": lambda random, weight: (weight, random.randint(1, 40)),
    "heavy and worthless": lambda random, weight: (weight, max(1, 40 - weight)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [61, 62, 63, 130])
def test_many_items_many_of_them_tied_are_chosen_in_the_tie_order(kind: str, size: int) -> None:
    random = Random(size)
    pairs = [KINDS[kind](random, random.randint(1, 40)) for _ in range(size)]
    weights, values = [weight for weight, _ in pairs], [value for _, value in pairs]
    for capacity in (0, 39, sum(weights) // 3, sum(weights) - 1, sum(weights), sum(weights) + 1):
        assert Knapsack(weights, values).best(capacity) == Best(*best_by_table(weights, values, capacity))


@pytest.mark.parametrize("seed", range(60))
def test_sums_that_floats_cannot_tell_apart_are_told_apart(seed: int) -> None:
    """Values and weights of 58 bits that differ by a few units: a float is off by up to 16."""
    random = Random(seed)
    weights = [2**58 + random.randint(-3, 3) for _ in range(9)]
    values = [2**58 + random.randint(-3, 3) for _ in range(9)]
    capacity = random.randint(1, 8) * 2**58 + random.randint(-4, 4)
    sets = [chosen for size in range(10) for chosen in combinations(range(9), size)]
    fitting = [chosen for chosen in sets if sum(weights[place] for place in chosen) <= capacity]

    def worth(chosen: tuple[int, ...]) -> tuple[int, list[bool]]:
        return sum(values[place] for place in chosen), [place in chosen for place in range(9)]

    best = max(fitting, key=worth)
    assert Knapsack(weights, values).best(capacity) == Best(worth(best)[0], frozenset(best))


def test_what_may_reach_the_goal_is_never_discarded() -> None:
    """3 for 7 units and 7 units of room are just 3, whatever floats make of 3/7; far off is far off."""
    value, room = whole([0, 0, 10, 10]), whole([7, 7, -7, -7])
    assert can_reach(3, value[:1], room[:1], 3 / 7, 3 / 7).all()
    assert not can_reach(4, value[:1], room[:1], 3 / 7, 3 / 7).any()
    assert can_reach(7, value[2:], room[2:], 3 / 7, 3 / 7).all()
    assert not can_reach(8, value[2:], room[2:], 3 / 7, 3 / 7).any()
    assert not can_reach(-(2**62), value[2:], room[2:], 3 / 7, np.inf).any()


def test_nothing_fits_in_nothing() -> None:
    assert Knapsack([], []).best(5) == Best(0, frozenset())
    assert Knapsack([1, 2], [3, 4]).best(0) == Best(0, frozenset())


def test_a_capacity_beyond_64_bits_holds_everything() -> None:
    assert Knapsack([1, 2], [3, 4]).best(2**80) == Best(7, frozenset({0, 1}))


@pytest.mark.parametrize(("weights", "values"), [([MOST - 2, 2], [1, 2]), ([1, 2], [MOST - 2, 2])])
def test_sums_of_62_bits_or_more_are_refused(weights: list[int], values: list[int]) -> None:
    with pytest.raises(TooMuchToCount):
        Knapsack(weights, values)
    Knapsack([weights[0], 1], [values[0], 1])
