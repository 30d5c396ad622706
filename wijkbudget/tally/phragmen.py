"""The rule *phragmén*: supporters earn money at equal speed, and buy a plan as soon as they hold its cost together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import ClassVar

from .earnings import Earnings
from .instance import Instance, Plan
from .lots import Trial, deciding_lots
from .outcome import Finding, Outcome, Tie, Verdict
from .profile import Profile
from .rule import NotForTheseBallots, Rule, Totals
from .ties import Rank, TieOrder
from .turns import BadSettings, Misfit

NEVER = Fraction(0)


@dataclass(frozen=True)
class Phragmen(Rule):
    """A plan is bought at the first moment at which its supporters hold its cost together; it takes all they hold.

    A moment is told as what every ballot has earned by then, in minor units: that is the `price` of a funded plan. The
    first plan to come up for which no money is left ends the count (STOP), before others that come up at that very
    moment; or it is passed over (SKIP). A plan dearer than the whole budget never comes up. Of a plan that is not
    funded, `held` is what its supporters hold at the last moment at which a plan came up: less than its cost if it is
    not affordable, just its cost if it came up when the count ended. This is the sequential rule of Phragmén as Los,
    Christoff and Grossi (2022) carry it over to costs, and as pabutools counts it.
    """

    misfit: Misfit = Misfit.STOP
    name: ClassVar[str] = "phragmen"

    def __post_init__(self) -> None:
        if self.misfit is Misfit.STRETCH:
            raise BadSettings("phragmen cannot stretch the budget")

    def takes(self, *, is_approval: bool) -> bool:
        """Only ballots that give every plan a point or none: supporters are alike."""
        return is_approval

    def count(self, instance: Instance, profile: Profile, ties: TieOrder) -> Outcome:
        """The outcome. Raises UnknownPlan, NotForTheseBallots; LotNeeded if it hangs on a lot that is not drawn."""
        self._require_fitting(instance, profile)
        sale = Sale(self.misfit, instance, profile, Totals.of(instance, profile))
        lots = deciding_lots(instance, sale.totals, ties, sale.trial, interchangeable=False)
        course = sale.course(ties.rank(instance.plans, sale.totals.points))
        return self.outcome(
            instance,
            profile,
            ties,
            funded=course.funded,
            findings=sale.findings(course),
            ties=course.ties,
            lots=lots,
        )

    def funded(self, instance: Instance, profile: Profile, ties: TieOrder) -> frozenset[str]:
        """Only who is funded, without what the others held."""
        self._require_fitting(instance, profile)
        sale = Sale(self.misfit, instance, profile, Totals.of(instance, profile))
        deciding_lots(instance, sale.totals, ties, sale.trial, interchangeable=False)
        return frozenset(sale.course(ties.rank(instance.plans, sale.totals.points)).funded)

    def _require_fitting(self, instance: Instance, profile: Profile) -> None:
        if not self.takes(is_approval=profile.is_approval):
            raise NotForTheseBallots("phragmen counts ballots that give every plan a point or none")
        if instance.exclusive:
            raise NotForTheseBallots("phragmen cannot count plans that exclude each other")


@dataclass(frozen=True)
class Turn:
    """The moment at which a plan came up, which plans came up then (itself included), and what it did to the money."""

    plan: Plan
    moment: Fraction
    equals: tuple[str, ...]
    left_before: int
    is_funded: bool

    @property
    def left_after(self) -> int:
        """The money after it."""
        return self.left_before - self.plan.cost * self.is_funded


@dataclass(frozen=True)
class Course:
    """A whole count: its turns, and what all ballots hold after the last of them."""

    turns: Sequence[Turn]
    earnings: Earnings

    @property
    def funded(self) -> tuple[str, ...]:
        """Who is funded, in order."""
        return tuple(turn.plan.id for turn in self.turns if turn.is_funded)

    @property
    def ties(self) -> tuple[Tie, ...]:
        """The plans that came up at the same moment when one had to go first."""
        return tuple(Tie(turn.equals) for turn in self.turns if len(turn.equals) > 1)

    @property
    def end(self) -> Fraction:
        """The last moment at which a plan came up."""
        return self.turns[-1].moment if self.turns else NEVER


class Queue:
    """The plans that may still be bought, each with a moment before which it cannot be.

    That moment was right when it was computed. Purchases only empty purses, so moments never fall: a plan needs to be
    looked at again only if its old moment is not later than the one that comes first.
    """

    def __init__(self, plans: Iterable[Plan], earnings: Earnings, rank: Rank) -> None:
        self.earnings = earnings
        self.rank = rank
        self.waiting = [self._entry(plan) for plan in plans]
        heapify(self.waiting)

    def _entry(self, plan: Plan) -> tuple[Fraction, int, int, Plan]:
        return self.earnings.moment(plan), self.rank[plan.id], self.earnings.purchases, plan

    def first(self) -> tuple[Fraction, list[Plan]]:
        """The next moment at which plans come up, and those plans in tie order; they leave the queue."""
        moment, equals = None, list[Plan]()
        while self.waiting and (moment is None or self.waiting[0][0] <= moment):
            earliest, _, purchases, plan = heappop(self.waiting)
            if purchases < self.earnings.purchases:
                heappush(self.waiting, self._entry(plan))
            else:
                moment = earliest
                equals.append(plan)
        return moment or NEVER, sorted(equals, key=lambda plan: self.rank[plan.id])

    def put_back(self, plans: Iterable[Plan], moment: Fraction, purchases: int) -> None:
        """Plans that came up at this moment, after so many purchases, and were not bought."""
        for plan in plans:
            heappush(self.waiting, (moment, self.rank[plan.id], purchases, plan))


@dataclass(frozen=True)
class Sale:
    """One election counted by purchases."""

    misfit: Misfit
    instance: Instance
    profile: Profile
    totals: Totals

    @cached_property
    def buyable(self) -> list[Plan]:
        """The plans that can come up."""
        return [plan for plan in self.instance.plans if self._bar(plan) is None]

    def _bar(self, plan: Plan) -> Verdict | None:
        """Why a plan can never come up."""
        if plan.id in self.instance.withdrawn:
            return Verdict.WITHDRAWN
        if not self.totals.points[plan.id]:
            return Verdict.NO_VOTES
        return Verdict.DOES_NOT_FIT if plan.cost > self.instance.budget else None

    def course(self, rank: Rank) -> Course:
        """The count itself."""
        earnings = Earnings(self.profile)
        return Course(list(self._turns(Queue(self.buyable, earnings, rank), earnings)), earnings)

    def _turns(self, queue: Queue, earnings: Earnings) -> Iterator[Turn]:
        left, has_ended = self.instance.budget, False
        while queue.waiting and not has_ended:
            moment, equals = queue.first()
            plan = next((plan for plan in equals if plan.cost > left), equals[0])
            turn = Turn(plan, moment, tuple(equal.id for equal in equals), left, plan.cost <= left)
            queue.put_back((equal for equal in equals if equal is not plan), moment, earnings.purchases)
            if turn.is_funded:
                earnings.pay(plan, moment)
            left, has_ended = turn.left_after, not turn.is_funded and self.misfit is Misfit.STOP
            yield turn

    def trial(self, rank: Rank) -> Trial:
        """The count by another total order."""
        course = self.course(rank)
        return Trial(frozenset(course.funded), course.ties)

    def findings(self, course: Course) -> Iterable[Finding]:
        """A finding for every plan: those that came up in that order, then the others in string order."""
        seen = {turn.plan.id for turn in course.turns}
        for rank, turn in enumerate(course.turns, start=1):
            verdict = Verdict.FUNDED if turn.is_funded else Verdict.DOES_NOT_FIT
            yield self._finding(turn.plan, verdict, course, rank, turn)
        for plan in sorted((plan for plan in self.instance.plans if plan.id not in seen), key=lambda plan: plan.id):
            yield self._finding(plan, self._bar(plan) or self._reason(plan, course), course)

    def _finding(
        self, plan: Plan, verdict: Verdict, course: Course, rank: int | None = None, turn: Turn | None = None
    ) -> Finding:
        has_held = verdict not in (Verdict.FUNDED, Verdict.WITHDRAWN)
        return Finding(
            plan.id,
            verdict,
            self.totals.points[plan.id],
            self.totals.ballots[plan.id],
            plan.cost,
            rank=rank,
            left_before=turn.left_before if turn else None,
            left_after=turn.left_after if turn else None,
            price=turn.moment if turn and turn.is_funded else None,
            held=course.earnings.held(plan, course.end) if has_held else None,
        )

    def _reason(self, plan: Plan, course: Course) -> Verdict:
        """Why a plan did not come up by the end."""
        is_affordable = course.earnings.held(plan, course.end) >= plan.cost
        return Verdict.AFTER_THE_END if is_affordable else Verdict.NOT_AFFORDABLE
