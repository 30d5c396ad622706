"""Equal shares for a whole span of endowments at once: what they buy, where that is surely the same for all of them.

Take two sets of purses of which none in the first holds less than in the second. A plan's price is not higher from the
first; and paid at a price that is not higher, it leaves none of the first with less. So with purses as intervals, the
upper ends give a floor under every price and the lower ends a ceiling over it, and purses that pay the floor at the
upper and the ceiling at the lower end hold every course within the span, for as long as the next plan is sure.

Or the next few, in whatever order. Give each of them a ceiling that is over its price when all the others have been
paid at theirs. Then, by induction, each is bought at no more than its ceiling whichever go before, and while one of
them is left no plan is bought whose floor is over all their ceilings. Ties are no obstacle: any order of them is held.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np

from .course import Market
from .floors import Floors
from .purses import ABOVE, Backing, Floats, ceiling_over, floor_under

MOST_RIVALS = 8
"""So many plans at most are taken to go in whatever order: the work grows with the square."""
MOST_TRIALS = 12
NEARBY = 1.3
"""Among rivals a ceiling so far over the floor is given up: other plans would come between."""
ROOM = 1 + 2.0**-32


@dataclass
class Rival:
    """One of the next plans, between which floor and ceiling its price of a point lies."""

    backing: Backing
    floor: float
    ceiling: float = 0.0

    def raise_to(self, price: float) -> None:
        """Sets a ceiling over this price, after the first time further over it: the others will be raised too."""
        more = (price - self.ceiling) / 2 if self.ceiling else 0.0
        self.ceiling = price * ROOM + more

    @property
    def bar(self) -> float:
        """What its ratio is surely not over."""
        return self.ceiling / self.backing.worth * ABOVE


class Span:
    """The purses of all courses that start with at least `first` and at most `last`: intervals, off by `slack`."""

    def __init__(self, market: Market, first: Fraction, last: Fraction) -> None:
        self.market = market
        self.lower: Floats = np.full(len(market.profile.times), float(first))
        self.upper: Floats = np.full(len(market.profile.times), float(last))
        self.most = float(last)
        self.floors = Floors(market.backings.values())
        self.payments = 0

    @property
    def slack(self) -> float:
        """As for single purses, where each payment adds two roundings; those of rivals still to be paid included."""
        return (self.payments + MOST_RIVALS + 1) * 2.0**-51 * self.most * self.market.caution

    def funded(self) -> frozenset[str] | None:
        """What every one of these courses buys; None if that is not sure to be the same."""
        funded: set[str] = set()
        while rivals := self._next():
            if rivals[-1].ceiling == inf:
                return None
            for rival in rivals:
                pay(self.upper, rival.backing, rival.floor)
                pay(self.lower, rival.backing, rival.ceiling)
            self.payments += len(rivals)
            self.floors.passes()
            funded.update(rival.backing.id for rival in rivals)
        return frozenset(funded)

    def _next(self) -> list[Rival]:
        """The plans surely bought next, in whatever order; none at the end. If unsure, the last has no ceiling."""
        rivals: list[Rival] = []
        while taken := self.floors.take(self._look, max((rival.bar for rival in rivals), default=inf)):
            rivals.append(Rival(*taken))
            if len(rivals) > MOST_RIVALS or not self._is_capped(rivals):
                rivals[-1].ceiling = inf
                break
        return rivals

    def _look(self, backing: Backing, price: float, until: float) -> float:
        return floor_under(backing, self.upper[backing.rows], self.slack, price, until)

    def _is_capped(self, rivals: list[Rival]) -> bool:
        """Gives each rival a ceiling over its price after all others; False if none is found that holds for all."""
        for _ in range(MOST_TRIALS):
            too_low = [(rival, price) for rival in rivals if (price := self._ceiling(rival, rivals)) > rival.ceiling]
            if not too_low:
                return True
            for rival, price in too_low:
                if price == inf or (len(rivals) > 1 and price > rival.floor * NEARBY):
                    return False
                rival.raise_to(price)
        return False

    def _ceiling(self, rival: Rival, rivals: list[Rival]) -> float:
        purses = self.lower if len(rivals) == 1 else self.lower.copy()
        for other in rivals:
            if other is not rival:
                pay(purses, other.backing, other.ceiling)
        purses = purses[rival.backing.rows]
        sought = floor_under(rival.backing, purses, self.slack, rival.floor, inf)
        return ceiling_over(rival.backing, purses, self.slack, sought) if sought < inf else inf


def pay(purses: Floats, backing: Backing, price: float) -> None:
    """Takes this price for each point out of the purses, as far as they reach."""
    purses[backing.rows] = np.maximum(purses[backing.rows] - price * backing.each, 0)
