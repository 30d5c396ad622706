"""The rule *best value*: of all sets of plans within the budget, the one with the greatest total of points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import gcd
from typing import ClassVar

from .instance import Instance, Plan
from .knapsack import Knapsack
from .lots import Trial, deciding_lots
from .outcome import Finding, Outcome, Tie, Verdict
from .profile import Profile
from .rule import NotForTheseBallots, Rule, Totals, Utility
from .ties import Rank, TieOrder


@dataclass(frozen=True)
class BestValue(Rule):
    """The set within the budget with most points (ONE), or most points times cost (COST): an exact knapsack.

    Among sets that are equal, go through the plans in the tie order and keep a plan if some best set holds it and all
    that were kept before. The plans that some best set holds and another does not stand in one tie. The funded plans
    are told in the order of points, equals in the tie order, which is an order to add them up in, not to choose them.
    """

    utility: Utility = Utility.ONE
    name: ClassVar[str] = "best-value"

    def count(self, instance: Instance, profile: Profile, ties: TieOrder) -> Outcome:
        """The outcome. Raises UnknownPlan, NotForTheseBallots, TooMuchToCount; LotNeeded if a lot must decide first."""
        if instance.exclusive:
            raise NotForTheseBallots("best value cannot count plans that exclude each other")
        choice = Choice(self.utility, instance, Totals.of(instance, profile), ties)
        lots = deciding_lots(instance, choice.totals, ties, choice.trial, interchangeable=True)
        return self.outcome(
            instance,
            profile,
            ties,
            funded=choice.funded,
            findings=choice.findings(),
            ties=choice.ties_met(choice.rank),
            lots=lots,
        )


@dataclass(frozen=True)
class Sets:
    """All sets of plans that may be best; `order` holds the plans in them, in the total order that chooses."""

    order: tuple[str, ...]
    knapsack: Knapsack

    def best(self, capacity: int, without: str | None = None) -> tuple[int, frozenset[str]]:
        """The value and the plans of the best set that goes without this plan."""
        best = self.knapsack.best(capacity, self.order.index(without) if without in self.order else None)
        return best.value, frozenset(self.order[place] for place in best.chosen)


@dataclass(frozen=True)
class Versus:
    """The best that can be had beside a plan, its own value not counted, against the best without it."""

    beside: frozenset[str]
    value_beside: int
    without: frozenset[str]
    value_without: int


@dataclass(frozen=True)
class Choice:
    """One election counted by choosing a set."""

    utility: Utility
    instance: Instance
    totals: Totals
    ties: TieOrder

    @cached_property
    def rank(self) -> Rank:
        """The total order."""
        return self.ties.rank(self.instance.plans, self.totals.points)

    @cached_property
    def unit(self) -> int:
        """What all costs are multiples of: amounts are counted in it."""
        return gcd(*self.instance.costs.values()) or 1

    def worth(self, plan: Plan) -> int:
        """What one point for a plan adds to the value of a set."""
        return plan.cost // self.unit if self.utility is Utility.COST else 1

    def value(self, plan: Plan) -> int:
        """What a plan adds to the value of a set."""
        return self.totals.points[plan.id] * self.worth(plan)

    def sets(self, rank: Rank) -> Sets:
        """The sets of plans with points that are not barred."""
        plans = sorted((p for p in self.instance.plans if self._bar(p) is None), key=lambda plan: rank[plan.id])
        weights, values = [plan.cost // self.unit for plan in plans], [self.value(plan) for plan in plans]
        return Sets(tuple(plan.id for plan in plans), Knapsack(weights, values))

    def _bar(self, plan: Plan) -> Verdict | None:
        """Why a plan is in none of the sets."""
        if plan.id in self.instance.withdrawn:
            return Verdict.WITHDRAWN
        if not self.totals.points[plan.id]:
            return Verdict.NO_VOTES
        return Verdict.DOES_NOT_FIT if plan.cost > self.instance.budget else None

    @cached_property
    def by_rank(self) -> Sets:
        """The sets by the tie order."""
        return self.sets(self.rank)

    @cached_property
    def best(self) -> tuple[int, frozenset[str]]:
        """The value of the best set, and the set."""
        return self.by_rank.best(self.capacity)

    @property
    def capacity(self) -> int:
        """The budget in units."""
        return self.instance.budget // self.unit

    @cached_property
    def funded(self) -> tuple[str, ...]:
        """Who is funded, in the order of points, equals in the tie order."""
        return tuple(sorted(self.best[1], key=lambda plan_id: (-self.totals.points[plan_id], self.rank[plan_id])))

    @cached_property
    def versus(self) -> Mapping[str, Versus]:
        """The plans that fit the budget and are not withdrawn, each against the sets without it."""
        instance = self.instance
        can_fit = [p for p in instance.plans if p.cost <= instance.budget and p.id not in instance.withdrawn]
        return {plan.id: self._versus(plan) for plan in can_fit}

    def _versus(self, plan: Plan) -> Versus:
        total, funded = self.best
        if plan.id in funded:
            value, without = self.by_rank.best(self.capacity, plan.id)
            return Versus(funded - {plan.id}, total - self.value(plan), without, value)
        value, beside = self.by_rank.best((self.instance.budget - plan.cost) // self.unit, plan.id)
        return Versus(beside, value, funded, total)

    def ties_met(self, rank: Rank) -> tuple[Tie, ...]:
        """The plans that some best set holds and another does not."""
        met = [
            plan.id
            for plan in self.instance.plans
            if self._bar(plan) is None
            and self.versus[plan.id].value_without == self.versus[plan.id].value_beside + self.value(plan)
        ]
        return (Tie(tuple(sorted(met, key=rank.__getitem__))),) if met else ()

    def trial(self, rank: Rank) -> Trial:
        """The count by another total order."""
        return Trial(self.sets(rank).best(self.capacity)[1], self.ties_met(rank))

    def findings(self) -> Iterable[Finding]:
        """A finding for every plan: the funded in order, then the others in string order."""
        costs = [self.instance.costs[plan_id] for plan_id in self.funded]
        left = accumulate(costs, int.__sub__, initial=self.instance.budget)
        left_before = dict(zip(self.funded, left, strict=False))
        others = sorted(self.instance.costs.keys() - left_before.keys())
        plans = {plan.id: plan for plan in self.instance.plans}
        for rank, plan_id in enumerate(self.funded, start=1):
            yield self._finding(plans[plan_id], Verdict.FUNDED, rank, left_before[plan_id])
        for plan_id in others:
            yield self._finding(plans[plan_id], self._bar(plans[plan_id]) or Verdict.LESS_TOGETHER)

    def _finding(
        self, plan: Plan, verdict: Verdict, rank: int | None = None, left_before: int | None = None
    ) -> Finding:
        return Finding(
            plan.id,
            verdict,
            self.totals.points[plan.id],
            self.totals.ballots[plan.id],
            plan.cost,
            rank=rank,
            left_before=left_before,
            left_after=None if left_before is None else left_before - plan.cost,
            needed=self.needed(plan, self.versus[plan.id]) if plan.id in self.versus else None,
        )

    def needed(self, plan: Plan, versus: Versus) -> int:
        """The least points with which this plan is funded, all else unchanged.

        The best set with it must be worth more than the best set without it; or as much, and come before it.
        """
        least, rest = divmod(versus.value_without - versus.value_beside, self.worth(plan))
        if least > 0 and not rest and self._comes_first(plan, least, versus):
            return least
        return least + 1

    def _comes_first(self, plan: Plan, points: int, versus: Versus) -> bool:
        """Whether, with so many points, the best set with this plan comes before an equal set without it.

        That hangs on the first plan in the tie order that only one of them holds: this one, or one that comes before.
        """
        key, got = self.ties.key(plan, points), self.totals.points
        differing = [p for p in self.instance.plans if p.id in versus.beside ^ versus.without]
        ahead = [p.id for p in differing if self.ties.key(p, got[p.id]) <= key]
        return not ahead or min(ahead, key=self.rank.__getitem__) in versus.beside
