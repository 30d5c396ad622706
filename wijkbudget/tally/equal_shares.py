"""The rule *equal shares*: every ballot holds an equal share of the money, and its voter buys plans with it.

Every ballot, blank ones too, starts with budget / ballots. A plan is affordable if its supporters together hold its
cost. They pay alike for what they get (a plan's points, times its cost or not), but no one more than is left in the
purse; the affordable plan for which they pay least for that is bought, again and again until none is affordable.
Source: Peters, Pierczyński and Skowron, Proportional participatory budgeting with additive utilities (2021).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import ClassVar

from .completion import Completion, Increments, StopAt
from .course import Course, Market
from .instance import Instance, Plan
from .lots import Trial, deciding_lots
from .outcome import Finding, Outcome, Tie, Verdict
from .profile import Profile
from .rule import NotForTheseBallots, Rule, Totals, Utility
from .spans import Span
from .ties import Rank, TieOrder
from .turns import Fit, State, Turn, take_turns


@dataclass(frozen=True)
class EqualShares(Rule):
    """Plans are bought by their supporters; `completion` is for what they leave, and `stop` belongs to adding one."""

    name: ClassVar[str] = "equal-shares"
    utility: Utility = Utility.COST
    completion: Completion = Completion.NONE
    stop: StopAt = StopAt.EXHAUSTIVE

    def count(self, instance: Instance, profile: Profile, ties: TieOrder) -> Outcome:
        """The outcome. Raises UnknownPlan; NotForTheseBallots if plans exclude each other; TooManyIncrements; LotNeeded
        if who is funded hangs on a lot that is not drawn."""
        shop = Shop.of(self, instance, profile)
        lots = deciding_lots(instance, shop.totals, ties, shop.trial, interchangeable=False)
        result = shop.result(ties.rank(instance.plans, shop.totals.points))
        return self.outcome(
            instance,
            profile,
            ties,
            funded=result.funded,
            findings=shop.findings(result),
            ties=result.ties,
            lots=lots,
            endowment=result.course.purses.endowment if profile.ballots else None,
        )

    def funded(self, instance: Instance, profile: Profile, ties: TieOrder) -> frozenset[str]:
        """Only who is funded: told by floats where they are sure of it, whatever the order of ties."""
        shop = Shop.of(self, instance, profile)
        if self.completion is Completion.NONE and (sure := shop.surely_funded()) is not None:
            return sure
        deciding_lots(instance, shop.totals, ties, shop.trial, interchangeable=False)
        return frozenset(shop.result(ties.rank(instance.plans, shop.totals.points)).funded)


@dataclass(frozen=True)
class Result:
    """The course that counts, the turns taken after it, and the ties met in every course on the way."""

    course: Course
    turns: tuple[Turn, ...]
    ties: tuple[Tie, ...]
    ties_on_the_way: tuple[Tie, ...]

    @property
    def filled_in(self) -> tuple[str, ...]:
        """The plans funded by taking turns."""
        return tuple(turn.plan.id for turn in self.turns if turn.verdict is Verdict.FUNDED)

    @property
    def funded(self) -> tuple[str, ...]:
        """All plans that are funded, in order."""
        return *self.course.prices, *self.filled_in


@dataclass(frozen=True)
class Shop:
    """One election counted by equal shares."""

    rule: EqualShares
    instance: Instance
    totals: Totals
    market: Market

    @classmethod
    def of(cls, rule: EqualShares, instance: Instance, profile: Profile) -> "Shop":
        """Raises UnknownPlan, NotForTheseBallots."""
        if instance.exclusive:
            raise NotForTheseBallots("equal shares cannot count plans that exclude each other")
        totals = Totals.of(instance, profile)
        return cls(rule, instance, totals, Market.of(instance, profile, rule.utility))

    @cached_property
    def _results(self) -> dict[tuple[str, ...], Result]:
        return {}

    def result(self, rank: Rank) -> Result:
        """The count by one total order, done once for each."""
        order = tuple(sorted(rank, key=rank.__getitem__))
        if order not in self._results:
            self._results[order] = self._result(rank)
        return self._results[order]

    @property
    def start(self) -> Fraction:
        """What every ballot holds at first."""
        ballots = self.market.profile.ballots
        return Fraction(self.instance.budget, ballots) if ballots else Fraction()

    def surely_funded(self) -> frozenset[str] | None:
        """What is bought with equal shares of the budget and no more; None if floats cannot tell."""
        return Span(self.market, self.start, self.start).funded()

    def trial(self, rank: Rank) -> Trial:
        """What another total order comes to."""
        result = self.result(rank)
        return Trial(frozenset(result.funded), result.ties_on_the_way)

    def _result(self, rank: Rank) -> Result:
        increments = Increments(self.market, rank, self.start, self.instance.unit, self.rule.stop)
        course = increments.final() if self.rule.completion.adds_one else increments.course(0)
        left = self.instance.budget - sum(self.instance.costs[plan_id] for plan_id in course.prices)
        turns = tuple(self._turns(course, left, rank)) if self.rule.completion.takes_turns else ()
        equal = tuple(self._ties_among(turns))
        return Result(course, turns, (*course.ties, *equal), (*increments.ties, *equal))

    def _turns(self, course: Course, left: int, rank: Rank) -> list[Turn]:
        points = self.totals.points
        queue = [plan for plan in self._buyable if plan.id not in course.prices]
        queue.sort(key=lambda plan: (-points[plan.id], rank[plan.id]))
        return take_turns(self.instance, queue, Fit(), State(left))

    def _ties_among(self, turns: Iterable[Turn]) -> Iterable[Tie]:
        for _, run in groupby(turns, lambda turn: self.totals.points[turn.plan.id]):
            if len(plans := tuple(turn.plan.id for turn in run)) > 1:
                yield Tie(plans)

    @property
    def _buyable(self) -> list[Plan]:
        return [plan for plan in self.instance.plans if plan.id in self.market.backings]

    def findings(self, result: Result) -> Iterable[Finding]:
        """A finding for every plan: as bought, then as their turns came, then the others in string order."""
        left = self.instance.budget
        for rank, (plan_id, price) in enumerate(result.course.prices.items(), start=1):
            after = left - self.instance.costs[plan_id]
            yield self._finding(plan_id, Verdict.FUNDED, rank, left, after, price=price)
            left = after
        for rank, turn in enumerate(result.turns, start=len(result.course.prices) + 1):
            yield self._finding_of(turn, rank, result)
        seen = {*result.course.prices, *(turn.plan.id for turn in result.turns)}
        for plan_id in sorted(self.instance.costs.keys() - seen):
            yield self._finding_of_other(plan_id, result)

    def _finding_of(self, turn: Turn, rank: int, result: Result) -> Finding:
        is_funded = turn.verdict is Verdict.FUNDED
        verdict = Verdict.FUNDED if is_funded else Verdict.NOT_AFFORDABLE
        held = result.course.purses.held(self.market.backings[turn.plan.id])
        left = turn.before.left, turn.after.left
        return self._finding(turn.plan.id, verdict, rank, *left, held=held, is_filled_in=is_funded)

    def _finding_of_other(self, plan_id: str, result: Result) -> Finding:
        if plan_id in self.instance.withdrawn:
            return self._finding(plan_id, Verdict.WITHDRAWN)
        if plan_id not in self.market.backings:
            return self._finding(plan_id, Verdict.NO_VOTES)
        held = result.course.purses.held(self.market.backings[plan_id])
        return self._finding(plan_id, Verdict.NOT_AFFORDABLE, held=held)

    def _finding(
        self,
        plan_id: str,
        verdict: Verdict,
        rank: int | None = None,
        left_before: int | None = None,
        left_after: int | None = None,
        *,
        price: Fraction | None = None,
        held: Fraction | None = None,
        is_filled_in: bool = False,
    ) -> Finding:
        return Finding(
            plan_id,
            verdict,
            self.totals.points[plan_id],
            self.totals.ballots[plan_id],
            self.instance.costs[plan_id],
            rank=rank,
            left_before=left_before,
            left_after=left_after,
            price=price,
            held=held,
            is_filled_in=is_filled_in,
        )
