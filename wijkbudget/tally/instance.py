"""What is counted: plans with their costs, and ballots as points; right from birth, or refused by name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

Ballot = tuple[tuple[str, int], ...]
"""A ballot as (plan id, points) pairs in ascending order of the id; a blank ballot is `()`."""


class TallyError(ValueError):
    """These values cannot be counted; the message says which and why."""


class CostNotPositive(TallyError):
    """A plan costs nothing or less."""


class BudgetNegative(TallyError):
    """There is less than no money to divide."""


class PlanTwice(TallyError):
    """Two plans of one election, or two places on one ballot, have the same plan id."""


class UnknownPlan(TallyError):
    """A plan is named that takes no part in this election."""


class MalformedBallot(TallyError):
    """A ballot is no ascending row of plan ids with one point or more each, or was handed in fewer than once."""


@dataclass(frozen=True)
class Plan:
    """A plan and its cost in whole minor units (cents)."""

    id: str
    cost: int

    def __post_init__(self) -> None:
        if self.cost <= 0:
            raise CostNotPositive(f"plan {self.id!r} costs {self.cost}, not more than zero")


@dataclass(frozen=True)
class Instance:
    """The money there is, in the minor unit of the costs, and the plans that ask for it, each id once."""

    budget: int
    plans: tuple[Plan, ...]

    def __post_init__(self) -> None:
        if self.budget < 0:
            raise BudgetNegative(f"the budget is {self.budget}, less than zero")
        for plan_id, times in Counter(plan.id for plan in self.plans).items():
            if times > 1:
                raise PlanTwice(f"plan {plan_id!r} takes part {times} times")

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all plans."""
        return frozenset(plan.id for plan in self.plans)

    def require_known(self, plan_ids: Iterable[str]) -> None:
        """Raises UnknownPlan, naming the first in string order, if one of them takes no part."""
        if strangers := set(plan_ids) - self.ids:
            raise UnknownPlan(f"plan {min(strangers)!r} takes no part in this election")


@dataclass(frozen=True)
class Profile:
    """All ballots cast, identical ones grouped with how often they were; blank ballots count as ballots."""

    groups: Mapping[Ballot, int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", MappingProxyType(dict(self.groups)))
        for ballot, times in self.groups.items():
            if times < 1 or not is_ballot(ballot):
                raise MalformedBallot(f"{ballot!r}, {times} times, is no ballot")

    @classmethod
    def from_ballots(cls, ballots: Iterable[Ballot]) -> "Profile":
        """Groups ballots; their order leaves no trace."""
        return cls(Counter(ballots))

    @property
    def ballots(self) -> int:
        """How many ballots were cast, blank ones included."""
        return sum(self.groups.values())

    def points(self) -> dict[str, int]:
        """The points of every plan that was named at all."""
        totals: Counter[str] = Counter()
        for ballot, times in self.groups.items():
            for plan_id, points in ballot:
                totals[plan_id] += points * times
        return dict(totals)

    def naming_any(self, plan_ids: frozenset[str]) -> int:
        """How many ballots name at least one of these plans."""
        return sum(times for ballot, times in self.groups.items() if any(plan_id in plan_ids for plan_id, _ in ballot))


def is_ballot(ballot: Ballot) -> bool:
    """Whether the ids ascend, so that none stands there twice and equal ballots are equal values, with points > 0."""
    ascends = all(earlier[0] < later[0] for earlier, later in pairwise(ballot))
    return ascends and all(points > 0 for _, points in ballot)


def approval(plan_ids: Iterable[str]) -> Ballot:
    """The ballot that gives each of these plans one point; raises PlanTwice."""
    chosen = sorted(plan_ids)
    for earlier, later in pairwise(chosen):
        if earlier == later:
            raise PlanTwice(f"plan {later!r} stands on the ballot twice")
    return tuple((plan_id, 1) for plan_id in chosen)
