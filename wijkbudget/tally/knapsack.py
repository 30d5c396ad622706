"""The most valuable set of items within a capacity, exactly, in whole numbers, and one set among equals."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np
from numpy.typing import NDArray

from .instance import TallyError
from .profile import Whole, whole

MOST = 2**62
"""Sums below this, and their differences, fit 64 bits."""

MOST_SETS = 2_000_000
"""So many sets are kept in mind at most: plans of real rounds need some thousands, contrived ones all memory."""

BITS = 62
"""How many yes-or-no's are kept in one number."""

MARGIN = 2.0**-49
"""By which share a float is made to err on the safe side.

A gain is a whole number times an efficiency, a quotient of whole numbers: with u = 2**-53, rounding each of the three,
the quotient and the product puts it off by less than 5u; the whole number it is compared with, by u; the margin itself,
by 2u. Together that is less than 16u = 2**-49. So floats only ever discard what certainly cannot be best.
"""


class TooMuchToCount(TallyError):
    """The amounts or points together do not fit 64 bits, or there are too many sets that may be best."""


@dataclass(frozen=True)
class Best:
    """The greatest value, and the places of the items that make it up."""

    value: int
    chosen: frozenset[int]


@dataclass(frozen=True)
class States:
    """Sets of items: `room` is what they leave of the capacity, and worth is `value`, among equals `ties`.

    Room can be less than nothing, as long as items may still be taken out. Row l of `ties` has a bit for each of 62
    items in tie order, the first the highest: 1 if it is in the set. The rows are read as one number.
    """

    room: Whole
    value: Whole
    ties: Whole

    def at(self, index: Whole | NDArray[np.bool_] | slice) -> "States":
        """Some of the sets."""
        return States(self.room[index], self.value[index], self.ties[:, index])

    def with_flips(self, flip: "States") -> "States":
        """These sets, and each of them with one item put in or taken out."""
        return States(
            np.concatenate([self.room, self.room + flip.room]),
            np.concatenate([self.value, self.value + flip.value]),
            np.concatenate([self.ties, self.ties + flip.ties], axis=1),
        )

    def undominated(self) -> "States":
        """From the greatest worth down, those with more room than all before them.

        Of two sets, one with no less room and worth stays so whatever is put into both: the other can be forgotten.
        """
        best_first = np.lexsort([*self.ties[::-1], self.value])[::-1]
        room = self.room[best_first]
        is_roomier = np.ones(len(room), dtype=bool)
        is_roomier[1:] = room[1:] > np.maximum.accumulate(room)[:-1]
        return self.at(best_first[is_roomier])


def can_reach(goal: int, value: Whole, room: Whole, up: float, down: float) -> NDArray[np.bool_]:
    """Whether this value can still come to the goal: room is worth at most `up` a unit, and lack of it costs `down`."""
    gain = room * np.where(room >= 0, up * (1 + MARGIN), down * (1 - MARGIN))
    return gain >= goal - value


class Knapsack:
    """Items in tie order, each with a weight and a value above zero. Raises TooMuchToCount.

    Efficiency is value for a unit of weight. The best set differs little from the *split*: the most efficient items as
    long as they fit. So it is sought among the sets that differ from the split in one more item at a time, those with
    an efficiency near the split first (a core that grows: Pisinger 1997). On the way a set is forgotten if another is
    no worse whatever is added to both (Nemhauser and Ullmann 1969), or if not even fractions of items could bring it to
    the best value known (Dantzig 1957).
    """

    def __init__(self, weights: Sequence[int], values: Sequence[int]) -> None:
        if max(sum(weights), sum(values)) >= MOST:
            raise TooMuchToCount("the amounts, or the points times the amounts, add up to 2**62 or more")
        by_efficiency = sorted(range(len(weights)), key=lambda place: (Fraction(-values[place], weights[place]), place))
        self.places = whole(by_efficiency)
        self.weights = whole(weights[place] for place in by_efficiency)
        self.values = whole(values[place] for place in by_efficiency)

    def best(self, capacity: int, without: int | None = None) -> Best:
        """The set with the greatest value within the capacity, at least 0, that does not hold the item `without`.

        Among equals it is the one that holds the first item in tie order in which they differ.
        """
        others = self.places != (-1 if without is None else without)
        return Split(self.places[others], self.weights[others], self.values[others], capacity).best()


class Split:
    """One knapsack, its items by efficiency, and the set of the first of them as long as they fit."""

    def __init__(self, places: Whole, weights: Whole, values: Whole, capacity: int) -> None:
        self.places, self.weights, self.values = places, weights, values
        self.is_in = np.cumsum(weights) <= capacity
        self.sign = np.where(self.is_in, -1, 1)
        self.efficiency = values / weights
        self.room = min(capacity, MOST) - int(weights[self.is_in].sum())
        self.value = int(values[self.is_in].sum())

    def best(self) -> Best:
        """The best set."""
        if self.is_in.all():
            return Best(self.value, frozenset(self.places.tolist()))
        goal = self.value + self._gain_of_a_swap()
        core = self._core(goal)
        flips = self._flips(core)
        states = self._start(core, flips.ties)
        for place, up, down in zip(range(len(core)), self._up(core), self._down(core), strict=True):
            states = states.with_flips(flips.at(slice(place, place + 1)))
            goal = int(states.value[states.room >= 0].max(initial=goal))
            states = states.at(can_reach(goal, states.value, states.room, up, down)).undominated()
            if len(states.value) > MOST_SETS:
                raise TooMuchToCount(f"more than {MOST_SETS} sets of plans may be best")
        return self._read(core, flips.ties, states)

    def _gain_of_a_swap(self) -> int:
        """How much better the split becomes by putting one item in, or taking one out, or both, or neither."""
        weights, values = self.weights, self.values
        room = self.room + np.append(weights[self.is_in], 0)[:, None] - np.append(weights[~self.is_in], 0)
        gain = np.append(values[~self.is_in], 0) - np.append(values[self.is_in], 0)[:, None]
        return int(gain[room >= 0].max())

    def _core(self, goal: int) -> Whole:
        """The items that may be flipped (put in or taken out) if the goal is to be reached, in the order of looking."""
        first_out = float(self.efficiency[np.argmin(self.is_in)])
        value, room = self.value + self.sign * self.values, self.room - self.sign * self.weights
        core = np.flatnonzero(can_reach(goal, value, room, first_out, first_out))
        return core[np.argsort(np.abs(self.efficiency[core] - first_out), kind="stable")]

    def _flips(self, core: Whole) -> States:
        """What flipping each item of the core does."""
        place = np.argsort(np.argsort(self.places[core]))
        bits = np.zeros((len(core) // BITS + 1, len(core)), dtype=np.int64)
        bits[place // BITS, np.arange(len(core))] = 1 << (BITS - 1 - place % BITS)
        sign = self.sign[core]
        return States(-sign * self.weights[core], sign * self.values[core], sign * bits)

    def _start(self, core: Whole, ties: Whole) -> States:
        """The split alone."""
        taken = -ties[:, self.is_in[core]].sum(axis=1, keepdims=True)
        return States(whole([self.room]), whole([self.value]), taken)

    def _up(self, core: Whole) -> list[float]:
        """The highest efficiency among those still to be put in, after each item of the core."""
        return _best_after(np.where(self.is_in, 0.0, self.efficiency)[core], np.maximum, 0.0)

    def _down(self, core: Whole) -> list[float]:
        """The lowest efficiency among those still to be taken out, after each item of the core."""
        return _best_after(np.where(self.is_in, self.efficiency, inf)[core], np.minimum, inf)

    def _read(self, core: Whole, ties: Whole, states: States) -> Best:
        """The first of these sets, written out."""
        is_in = self.is_in.copy()
        is_in[core] = (np.abs(ties) & states.ties[:, :1]).any(axis=0)
        return Best(int(states.value[0]), frozenset(self.places[is_in].tolist()))


def _best_after(efficiencies: NDArray[np.float64], best: np.ufunc, none: float) -> list[float]:
    """The best of those that come after each."""
    return best.accumulate([none, *efficiencies[:0:-1]])[::-1].tolist() if len(efficiencies) else []
