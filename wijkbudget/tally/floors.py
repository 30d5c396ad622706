"""Which plan may be the cheapest for what it gives: a queue of floors, looked at again only as far as needed."""

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush
from math import inf

from .purses import ABOVE, BELOW, Backing

Look = Callable[[Backing, float, float], float]
"""Raises a floor under the price of a point, at most until it is over the second; infinite if not affordable."""


class Floors:
    """A floor under the ratio (price / worth) of each plan that may still be bought.

    Purses only empty, so the ratio at which a plan can be bought never falls: an old floor is still a floor, and only
    those plans need be looked at again whose old floor is not over what is asked for.
    """

    def __init__(self, backings: Iterable[Backing]) -> None:
        self._queue = [
            (backing.cost / backing.total / backing.worth * BELOW, backing.column, -1) for backing in backings
        ]
        heapify(self._queue)
        self._backings = {backing.column: backing for backing in backings}
        self._moment = 0

    def passes(self) -> None:
        """Something was bought: all floors are old."""
        self._moment += 1

    def add(self, backing: Backing, ratio: float) -> None:
        """Puts a plan back, with a floor under its ratio."""
        heappush(self._queue, (ratio, backing.column, -1))

    def take(self, look: Look, bar: float = inf) -> tuple[Backing, float] | None:
        """Takes out the plan with the least floor, looked at anew, with a floor under its price; None if over bar."""
        while self._queue and self._queue[0][0] <= bar:
            ratio, column, moment = heappop(self._queue)
            backing = self._backings[column]
            if moment == self._moment:
                return backing, ratio * backing.worth * BELOW
            until = self._queue[0][0] * backing.worth * ABOVE**4 if self._queue else inf
            price = look(backing, ratio * backing.worth * BELOW, until)
            if price < inf:
                heappush(self._queue, (price / backing.worth * BELOW, column, self._moment if price <= until else -1))
        return None
