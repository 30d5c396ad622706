"""The rules *most votes* and *most votes per euro*: plans take turns by points, or by points for each unit of cost."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import ClassVar

from .instance import Instance, Plan
from .lots import Trial, deciding_lots
from .outcome import Finding, Outcome, Tie, Verdict
from .profile import Profile
from .rule import Rule, Totals
from .ties import Rank, TieOrder
from .turns import BadSettings, Fit, Misfit, State, Turn, latest_place, take_turns


@dataclass(frozen=True)
class InTurn(Rule):
    """Plans with at least `minimum` points, and at least one, take turns in the order of their scores."""

    misfit: Misfit = Misfit.SKIP
    percent: int = 0
    minimum: int = 0

    def __post_init__(self) -> None:
        if self.minimum < 0:
            raise BadSettings(f"a minimum of {self.minimum} points")
        Fit(self.misfit, self.percent)

    @abstractmethod
    def divisor(self, plan: Plan) -> int:
        """What a plan's points are divided by to give its score."""

    def count(self, instance: Instance, profile: Profile, ties: TieOrder) -> Outcome:
        """The outcome. Raises UnknownPlan; LotNeeded if who is funded hangs on a lot that is not drawn."""
        race = Race(self, instance, Totals.of(instance, profile), ties)
        lots = deciding_lots(instance, race.totals, ties, race.trial, interchangeable=race.is_interchangeable)
        turns = race.turns(ties.rank(instance.plans, race.totals.points))
        funded = tuple(turn.plan.id for turn in turns if turn.verdict is Verdict.FUNDED)
        return self.outcome(
            instance,
            profile,
            ties,
            funded=funded,
            findings=race.findings(turns),
            ties=race.ties_among(turns),
            lots=lots,
        )


@dataclass(frozen=True)
class MostVotes(InTurn):
    """The plan with most points goes first."""

    name: ClassVar[str] = "most-votes"

    def divisor(self, plan: Plan) -> int:
        """Points count as they are."""
        return 1


@dataclass(frozen=True)
class VotesPerEuro(InTurn):
    """The plan with most points for each unit of its cost goes first."""

    name: ClassVar[str] = "votes-per-euro"

    def divisor(self, plan: Plan) -> int:
        """Points count for each minor unit of the cost."""
        return plan.cost


@dataclass(frozen=True)
class Race:
    """One election counted by turns."""

    rule: InTurn
    instance: Instance
    totals: Totals
    ties: TieOrder

    @property
    def fit(self) -> Fit:
        """What fits."""
        return Fit(self.rule.misfit, self.rule.percent)

    @property
    def start(self) -> State:
        """All money is there."""
        return State(self.instance.budget)

    @property
    def is_interchangeable(self) -> bool:
        """Whether plans that a lot is among differ in name alone: none of them excludes another."""
        groups = self.ties.left_to_lot(self.instance.plans, self.totals.points)
        return frozenset[str]().union(*groups).isdisjoint(frozenset[str]().union(*self.instance.exclusive))

    @property
    def threshold(self) -> int:
        """The points a plan needs to take a turn."""
        return max(1, self.rule.minimum)

    def score(self, plan: Plan) -> Fraction:
        """What plans are ordered by, the highest first."""
        return Fraction(self.totals.points[plan.id], self.rule.divisor(plan))

    def queue(self, rank: Rank) -> list[Plan]:
        """The plans that take a turn, in order."""
        points, withdrawn = self.totals.points, self.instance.withdrawn
        queue = [plan for plan in self.instance.plans if points[plan.id] >= self.threshold and plan.id not in withdrawn]
        return sorted(queue, key=lambda plan: (-self.score(plan), rank[plan.id]))

    def turns(self, rank: Rank) -> list[Turn]:
        """The count itself."""
        return take_turns(self.instance, self.queue(rank), self.fit, self.start)

    def trial(self, rank: Rank) -> Trial:
        """The count by another total order."""
        turns = self.turns(rank)
        funded = frozenset(turn.plan.id for turn in turns if turn.verdict is Verdict.FUNDED)
        return Trial(funded, self.ties_among(turns))

    def ties_among(self, turns: Sequence[Turn]) -> tuple[Tie, ...]:
        """The stretches of two or more plans with equal scores."""
        stretches = (tuple(turn.plan.id for turn in run) for _, run in groupby(turns, lambda t: self.score(t.plan)))
        return tuple(Tie(stretch) for stretch in stretches if len(stretch) > 1)

    def findings(self, turns: Sequence[Turn]) -> Iterable[Finding]:
        """A finding for every plan: those whose turn came in that order, then the others in string order."""
        seen = {turn.plan.id for turn in turns}
        for rank, turn in enumerate(turns, start=1):
            yield self._finding(turn.plan, turn.verdict, self._without(turn, rank, turns), rank, turn)
        for plan in sorted((plan for plan in self.instance.plans if plan.id not in seen), key=lambda plan: plan.id):
            yield self._finding(plan, self._reason(plan), turns)

    def _finding(
        self, plan: Plan, verdict: Verdict, others: Sequence[Turn], rank: int | None = None, turn: Turn | None = None
    ) -> Finding:
        return Finding(
            plan.id,
            verdict,
            self.totals.points[plan.id],
            self.totals.ballots[plan.id],
            plan.cost,
            rank=rank,
            left_before=turn.before.left if turn else None,
            left_after=turn.after.left if turn else None,
            needed=None if verdict is Verdict.WITHDRAWN else self.needed(plan, others),
            beside=self._rival(plan, others) if verdict is Verdict.EXCLUDED else None,
        )

    def _rival(self, plan: Plan, others: Sequence[Turn]) -> str | None:
        """The first funded plan that this one cannot be funded beside."""
        rivals = self.instance.rivals(plan.id)
        return next((o.plan.id for o in others if o.plan.id in rivals and o.verdict is Verdict.FUNDED), None)

    def _reason(self, plan: Plan) -> Verdict:
        if plan.id in self.instance.withdrawn:
            return Verdict.WITHDRAWN
        return Verdict.BELOW_MINIMUM if self.totals.points[plan.id] else Verdict.NO_VOTES

    def _without(self, turn: Turn, rank: int, turns: Sequence[Turn]) -> list[Turn]:
        """The turns had this one, at place `rank` from 1, not been: taken again only if it changed something."""
        earlier, later = turns[: rank - 1], turns[rank:]
        if turn.before != turn.after:
            later = take_turns(self.instance, (other.plan for other in later), self.fit, turn.before)
        return [*earlier, *later]

    def needed(self, plan: Plan, others: Sequence[Turn]) -> int | None:
        """The least points with which this plan is funded, if the others alone take the turns `others`; None if none.

        It is funded exactly if it comes before the plan at its latest place: with a higher score than that one, or with
        the same and ahead of it in the tie order.
        """
        place = latest_place(plan, others, self.fit, self.start)
        if place is None:
            return None
        if place == len(others):
            return self.threshold
        rival = others[place].plan
        least, rest = divmod(self.totals.points[rival.id] * self.rule.divisor(plan), self.rule.divisor(rival))
        is_tied = not rest and self._goes_first(plan, least, rival)
        return max(least + (not is_tied), self.threshold)

    def _goes_first(self, plan: Plan, points: int, rival: Plan) -> bool:
        return self.ties.key(plan, points) < self.ties.key(rival, self.totals.points[rival.id])
