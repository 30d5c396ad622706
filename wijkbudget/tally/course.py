"""The course of equal shares with a given endowment: plans bought one by one, at the least price for what they give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .floors import Floors
from .instance import Instance
from .outcome import Tie
from .profile import Profile
from .purses import ABOVE, BELOW, Backing, Price, Purses
from .rule import NotForTheseBallots, Utility
from .ties import Rank

MOST_POINTS = 2**52
"""Well under the bound below which whole numbers in floats are exact."""


@dataclass(frozen=True)
class Market:
    """What is the same in all courses of one election: the money, the ballots, and the plans that can be bought.

    `caution` widens the bound on the errors of floats: a test shows that this changes nothing.
    """

    budget: int
    profile: Profile
    backings: Mapping[str, Backing]
    caution: float = 1.0

    @classmethod
    def of(cls, instance: Instance, profile: Profile, utility: Utility, caution: float = 1.0) -> "Market":
        """The market of an election. Raises NotForTheseBallots if there are too many points to add up in floats."""
        times, points = profile.times.astype(float), profile.points.astype(float)
        if float((times[profile.rows] * points).sum() + times.sum()) > MOST_POINTS:
            raise NotForTheseBallots("the ballots hold more points than equal shares can add up exactly")
        backings = {}
        for column, (plan_id, backers) in enumerate(profile.supporters.items()):
            if plan_id not in instance.withdrawn:
                cost, n, s = instance.costs[plan_id], times[backers.rows], backers.points.astype(float)
                worth = cost if utility is Utility.COST else 1
                backings[plan_id] = Backing(plan_id, column, cost, worth, backers.rows, n, s, n * s)
        return cls(instance.budget, profile, backings, caution)

    def course(self, endowment: Fraction, rank: Rank) -> "Course":
        """Every ballot starts with the endowment; equal plans go by rank."""
        course = Course(Purses(self.profile, endowment, self.caution))
        course.run(Floors(self.backings.values()), rank)
        return course


@dataclass(frozen=True)
class Bid:
    """A plan that can be bought now, at this price of a point, which is `ratio` for what the point gives."""

    backing: Backing
    price: Price
    ratio: Fraction


@dataclass
class Course:
    """The plans bought so far with the exact prices of a point, the ties met, and the purses."""

    purses: Purses
    prices: dict[str, Fraction] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)

    def run(self, floors: Floors, rank: Rank) -> None:
        """Buys plans until none is affordable."""
        while bids := self._best(floors):
            bids.sort(key=lambda bid: rank[bid.backing.id])
            if len(bids) > 1:
                self.ties.append(Tie(tuple(bid.backing.id for bid in bids)))
            self.purses.pay(bids[0].backing, bids[0].price)
            self.prices[bids[0].backing.id] = bids[0].price.amount
            floors.passes()
            self._put_back(floors, bids[1:])

    def _best(self, floors: Floors) -> list[Bid]:
        """Takes out the plans with the least ratio of all; none if no plan is affordable."""
        best: list[Bid] = []
        beaten: list[Bid] = []
        while taken := floors.take(self.purses.at_least, *(float(bid.ratio) * ABOVE for bid in best[:1])):
            bid = self._bid(*taken)
            if bid is None:
                continue
            if not best or bid.ratio < best[0].ratio:
                best, beaten = [bid], beaten + best
            else:
                (best if bid.ratio == best[0].ratio else beaten).append(bid)
        self._put_back(floors, beaten)
        return best

    def _bid(self, backing: Backing, floor: float) -> Bid | None:
        price = self.purses.price(backing, floor)
        return Bid(backing, price, price.amount / backing.worth) if price else None

    def _put_back(self, floors: Floors, bids: list[Bid]) -> None:
        for bid in bids:
            floors.add(bid.backing, float(bid.ratio) * BELOW)
