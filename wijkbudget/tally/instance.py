"""What money there is, and the plans that ask for it; right from birth, or refused by name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


class TallyError(ValueError):
    """These values cannot be counted; the message says which and why."""


class CostNotPositive(TallyError):
    """A plan costs nothing or less."""


class BudgetNegative(TallyError):
    """There is less than no money to divide."""


class UnitNotPositive(TallyError):
    """A currency unit is one minor unit or more."""


class PlanTwice(TallyError):
    """Two plans of one election, or two places on one ballot, have the same plan id."""


class UnknownPlan(TallyError):
    """A plan is named that takes no part in this election."""


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
    """The money there is, in the minor unit of the costs, and the plans that ask for it, each id once.

    `unit` is how many minor units make one unit of the currency (100 cents a euro). A withdrawn plan is passed over,
    ballots that name it stay valid. Of each group in `exclusive` at most one plan can be funded.
    """

    budget: int
    plans: tuple[Plan, ...]
    unit: int = 1
    withdrawn: frozenset[str] = frozenset()
    exclusive: tuple[frozenset[str], ...] = ()

    def __post_init__(self) -> None:
        if self.budget < 0:
            raise BudgetNegative(f"the budget is {self.budget}, less than zero")
        if self.unit < 1:
            raise UnitNotPositive(f"a currency unit of {self.unit} minor units")
        for plan_id, times in Counter(plan.id for plan in self.plans).items():
            if times > 1:
                raise PlanTwice(f"plan {plan_id!r} takes part {times} times")
        self.require_known(self.withdrawn.union(*self.exclusive))

    @cached_property
    def costs(self) -> dict[str, int]:
        """The cost of every plan by its id."""
        return {plan.id: plan.cost for plan in self.plans}

    def rivals(self, plan_id: str) -> frozenset[str]:
        """The plans that cannot be funded beside this one."""
        groups = (group for group in self.exclusive if plan_id in group)
        return frozenset[str]().union(*groups) - {plan_id}

    def require_known(self, plan_ids: Iterable[str]) -> None:
        """Raises UnknownPlan, naming the first in string order, if one of them takes no part."""
        if strangers := set(plan_ids) - self.costs.keys():
            raise UnknownPlan(f"plan {min(strangers)!r} takes no part in this election")
