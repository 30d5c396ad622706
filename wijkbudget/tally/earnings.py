"""What supporters hold who all earn at equal speed and now and then pay all they have; exact."""

from fractions import Fraction
from math import gcd

import numpy as np

from .instance import Plan
from .profile import Profile, whole


class Earnings:
    """What every ballot has earned and not yet paid: nothing at the start, and after each purchase of a plan on it.

    A moment is told as what every ballot has earned by then. What a ballot holds is that moment less the one at which
    it last paid, and these are few: so sums over many ballots are exact by counting ballots by the purchase at which
    they last paid.
    """

    def __init__(self, profile: Profile) -> None:
        self._supporters = {plan_id: supporters.rows for plan_id, supporters in profile.supporters.items()}
        # bincount adds floats: those are exact for whole numbers up to 2**53, more ballots than there are people
        self._times = profile.times.astype(np.float64)
        self._last = np.zeros(len(profile.times), dtype=np.int64)
        # the moment of purchase k (0 is the start) is numerators[k] / denominator
        self._numerators = [0]
        self._denominator = 1

    @property
    def purchases(self) -> int:
        """How many plans were bought."""
        return len(self._numerators) - 1

    def moment(self, plan: Plan) -> Fraction:
        """The first moment at which the supporters of this plan, of whom there are some, hold its cost together."""
        supporters, paid = self._supporters_and_paid(plan)
        return Fraction(plan.cost * self._denominator + paid, self._denominator * supporters)

    def held(self, plan: Plan, moment: Fraction) -> Fraction:
        """What the supporters of this plan hold together at this moment, not before the last purchase."""
        supporters, paid = self._supporters_and_paid(plan)
        return supporters * moment - Fraction(paid, self._denominator)

    def pay(self, plan: Plan, moment: Fraction) -> None:
        """At this moment, not before the last purchase, the supporters of this plan pay all they hold."""
        factor = moment.denominator // gcd(moment.denominator, self._denominator)
        self._numerators = [numerator * factor for numerator in self._numerators]
        self._denominator *= factor
        self._numerators.append(moment.numerator * (self._denominator // moment.denominator))
        self._last[self._supporters[plan.id]] = self.purchases

    def _supporters_and_paid(self, plan: Plan) -> tuple[int, int]:
        """How many supporters a plan has, and the sum of their last moments of paying, times the denominator."""
        rows = self._supporters.get(plan.id, whole([]))
        counts = np.bincount(self._last[rows], weights=self._times[rows]).astype(np.int64).tolist()
        return sum(counts), sum(
            count * moment for count, moment in zip(counts, self._numerators, strict=False) if count
        )
