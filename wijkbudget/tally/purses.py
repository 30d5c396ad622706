"""What the ballots still hold while plans are bought by equal shares: floats with a proven bound, and exactly.

u = 2**-53 is the relative rounding error of one operation on float64. Three facts bear every decision made by floats:

- A purse. It starts as b rounded: off by u*b at most. A purchase subtracts price*points, which is at most b: rounding
  the price, the product and the difference adds less than 3.1*u*b, and an emptied purse is exactly 0. So after m
  purchases each purse is off by less than (3.1*m + 1)*u*b < (m + 1) * 2**-51 * b: that is `slack`.
- A sum of n amounts that are not negative, in any order, is off by less than 2*n*u of itself.
- Times, points and their products are whole numbers whose sums stay under 2**53: those sums have no error.

Sums of products are not left to `@`: for long rows that starts threads, which cost more than they save.

Exact amounts are whole numbers over one common denominator. What a group of purses holds needs no fraction for each
purse: it is b for each, minus each price so far times the points of the group for the plan bought at that price.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import inf, lcm

import numpy as np
from numpy.typing import NDArray

from .profile import Profile, Whole

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

BELOW = 1 - 2.0**-49
ABOVE = 1 + 2.0**-49
"""A float times these lies surely under, or over, what it would be after eight operations without rounding."""


@dataclass(frozen=True, eq=False)
class Backing:
    """A plan, and the rows of the profile that support it with their times, points, and times*points.

    `worth` is what a point for it gives: the divisor of its price by which plans are compared.
    """

    id: str
    column: int
    cost: int
    worth: int
    rows: Whole
    times: Floats
    points: Floats
    weights: Floats

    @cached_property
    def each(self) -> Floats | float:
        """The points, as one number if they are all alike: that saves an operation on each row."""
        return float(self.points[0]) if (self.points == self.points[0]).all() else self.points

    @cached_property
    def ballots(self) -> float:
        """How many ballots support it."""
        return float(self.times.sum())

    @cached_property
    def total(self) -> float:
        """The points of all of them."""
        return float(self.weights.sum())

    def most(self, held: float, slack: float) -> float:
        """What such purses, each off by `slack`, hold at most, when they were found to hold this in sum."""
        return held * (1 + (len(self.rows) + 8) * 2.0**-51) + self.ballots * slack * ABOVE + self.cost * 2.0**-51

    def least(self, held: float, slack: float) -> float:
        """What they hold at least."""
        return held * (1 - (len(self.rows) + 8) * 2.0**-51) - self.ballots * slack * ABOVE - self.cost * 2.0**-51


@dataclass(frozen=True)
class Price:
    """The exact price of a point at which a plan can be bought, and which of its backing rows that empties."""

    amount: Fraction
    emptied: Marks


def floor_under(plan: Backing, purses: Floats, slack: float, price: float, until: float) -> float:
    """A floor under the price of a point, from a floor known before; infinite if the plan is surely not affordable.

    Any purses taken to be emptied give the price for which the others pay what is left of the cost: too low a price, or
    the right one. So the floor only rises as those are added that it surely empties; the search ends when there are
    none, or when the floor is over `until`.
    """
    count = -1
    while price <= until:
        (poor,) = (purses < price * BELOW * plan.each - slack).nonzero()
        if len(poor) == count:
            break
        count = len(poor)
        paying = plan.total - float(np.add.reduce(plan.weights[poor]))
        if not paying:
            return inf
        held = float(np.add.reduce(plan.times[poor] * purses[poor]))
        price = max(price, (plan.cost - plan.most(held, slack)) / paying * BELOW)
    return price


def ceiling_over(plan: Backing, purses: Floats, slack: float, price: float) -> float:
    """A ceiling over the price of a point, sought a little above a floor; infinite if none was found to be sure."""
    for above in (2.0**-32, 2.0**-24, 2.0**-16):
        amounts = np.minimum(purses, price * (1 + above) * plan.each)
        if plan.least(float((plan.times * amounts).sum()), slack) > plan.cost:
            return price * (1 + above) * ABOVE
    return inf


class Purses:
    """All purses in the course of one count; `caution` widens the bound on the errors of floats."""

    def __init__(self, profile: Profile, endowment: Fraction, caution: float = 1.0) -> None:
        self.profile = profile
        self.floats: Floats = np.full(len(profile.times), float(endowment))
        self.is_empty: Marks = np.zeros(len(profile.times), dtype=bool)
        self.endowment = endowment
        self.denominator = endowment.denominator
        self.prices: dict[int, int] = {}
        self.caution = caution

    @property
    def slack(self) -> float:
        """How far a purse in floats can be off."""
        return (len(self.prices) + 1) * 2.0**-51 * float(self.endowment) * self.caution

    def at_least(self, plan: Backing, price: float, until: float = inf) -> float:
        """A floor under the price of a point, from one known before; infinite if the plan is surely not affordable."""
        return floor_under(plan, self.floats[plan.rows], self.slack, price, until)

    def price(self, plan: Backing, floor: float) -> Price | None:
        """The exact price of a point, given a floor under it; None if the plan is not affordable."""
        purses, slack = self.floats[plan.rows], self.slack
        poor = purses < floor * BELOW * plan.points - slack
        while paying := int(plan.total - plan.weights[poor].sum()):
            missing = plan.cost * self.denominator - self._held(plan.rows[poor])
            amount = Fraction(missing, self.denominator * paying)
            unclear = ~poor & (purses < float(amount) * ABOVE * plan.points + slack)
            added = self._poor_among(plan, np.flatnonzero(unclear), amount)
            if not len(added):
                return Price(amount, poor)
            poor[added] = True
        return None

    def pay(self, plan: Backing, price: Price) -> None:
        """Buys the plan at its price."""
        amounts = self.floats[plan.rows] - float(price.amount) * plan.points
        amounts[price.emptied] = 0
        self.floats[plan.rows] = np.maximum(amounts, 0)
        self.is_empty[plan.rows[price.emptied]] = True
        common = lcm(self.denominator, price.amount.denominator)
        self.prices = {column: amount * (common // self.denominator) for column, amount in self.prices.items()}
        self.prices[plan.column] = price.amount.numerator * (common // price.amount.denominator)
        self.denominator = common

    def held(self, plan: Backing) -> Fraction:
        """What the supporters of a plan hold together."""
        return Fraction(self._held(plan.rows), self.denominator)

    def _held(self, rows: Whole) -> int:
        """What these rows hold together, times the denominator."""
        rows = rows[~self.is_empty[rows]]
        if not len(rows):
            return 0
        times = self.profile.times[rows]
        of_row, columns, points = self._entries(rows)
        paid = np.zeros(len(self.profile.ids), dtype=np.int64)
        np.add.at(paid, columns, times[of_row] * points)
        return int(times.sum()) * self._start - sum(int(paid[column]) * price for column, price in self.prices.items())

    def _poor_among(self, plan: Backing, places: Whole, amount: Fraction) -> Whole:
        """Those of these places in the backing whose purse is less than this amount for each of their points."""
        if not len(places):
            return places
        rows, wanted = plan.rows[places], plan.points[places].astype(np.int64)
        kinds = self._kinds(rows, wanted)
        _, firsts, of_kind = np.unique(kinds, return_index=True, return_inverse=True)
        is_poor = [
            self._held(rows[first : first + 1]) * amount.denominator
            < amount.numerator * int(wanted[first]) * self.denominator * int(self.profile.times[rows[first]])
            for first in firsts.tolist()
        ]
        poor: Whole = places[np.array(is_poor)[of_kind]]
        return poor

    def _kinds(self, rows: Whole, wanted: Whole) -> Whole:
        """A number for each row, alike only where the points wanted, being empty, and all that was paid are alike."""
        kinds = wanted * 2 + self.is_empty[rows]
        of_row, columns, points = self._entries(rows)
        for column in np.unique(columns).tolist():
            if column in self.prices:
                given = np.zeros(len(rows), dtype=np.int64)
                given[of_row[columns == column]] = points[columns == column]
                kinds = np.unique(kinds, return_inverse=True)[1] * (int(given.max()) + 1) + given
        return kinds

    @property
    def _start(self) -> int:
        return self.endowment.numerator * (self.denominator // self.endowment.denominator)

    def _entries(self, rows: Whole) -> tuple[Whole, Whole, Whole]:
        """All entries of these rows: the place of the row among them, the column, the points."""
        starts = self.profile.starts[rows]
        lengths = self.profile.starts[rows + 1] - starts
        of_row = np.repeat(np.arange(len(rows)), lengths)
        entries = np.arange(len(of_row)) + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        return of_row, self.profile.columns[entries], self.profile.points[entries]
