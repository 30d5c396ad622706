"""Phragmén told as it happens: every voter has a purse of fractions, and time goes on from purchase to purchase."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.outcome import Verdict
from wijkbudget.tally.profile import Ballot
from wijkbudget.tally.rule import Totals
from wijkbudget.tally.ties import Rank
from wijkbudget.tally.turns import Misfit


@dataclass
class Story:
    """What happened: plans in the order in which they came up, and what each was paid, or its supporters still held."""

    came_up: list[str] = field(default_factory=list)
    funded: list[str] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    prices: dict[str, Fraction] = field(default_factory=dict)
    held: dict[str, Fraction] = field(default_factory=dict)
    ties: list[tuple[str, ...]] = field(default_factory=list)


def story(misfit: Misfit, instance: Instance, ballots: Sequence[Ballot], totals: Totals, rank: Rank) -> Story:
    """Phragmén, with nothing clever."""
    happening = Happening(instance, ballots)
    tale = Story(verdicts=bars(instance, totals))
    waiting = [plan for plan in instance.plans if plan.id not in tale.verdicts]
    has_ended = False
    while waiting and not has_ended:
        equals = sorted(happening.pass_time(waiting), key=lambda plan: rank[plan.id])
        if len(equals) > 1:
            tale.ties.append(tuple(plan.id for plan in equals))
        misfits = [plan for plan in equals if plan.cost > happening.left]
        plan = (misfits or equals)[0]
        waiting.remove(plan)
        tale.came_up.append(plan.id)
        tale.verdicts[plan.id] = Verdict.DOES_NOT_FIT if misfits else Verdict.FUNDED
        has_ended = bool(misfits) and misfit is Misfit.STOP
        if not misfits:
            tale.funded.append(plan.id)
            tale.prices[plan.id] = happening.buy(plan)
    for plan in waiting:
        tale.verdicts[plan.id] = Verdict.NOT_AFFORDABLE if happening.wait(plan) > 0 else Verdict.AFTER_THE_END
    told = (Verdict.FUNDED, Verdict.WITHDRAWN)
    tale.held = {plan_id: happening.held(plan_id) for plan_id, verdict in tale.verdicts.items() if verdict not in told}
    return tale


def bars(instance: Instance, totals: Totals) -> dict[str, Verdict]:
    """The plans that cannot come up, and why."""
    dear = {plan.id: Verdict.DOES_NOT_FIT for plan in instance.plans if plan.cost > instance.budget}
    unloved = {plan.id: Verdict.NO_VOTES for plan in instance.plans if totals.points[plan.id] == 0}
    return dear | unloved | dict.fromkeys(instance.withdrawn, Verdict.WITHDRAWN)


class Happening:
    """The purse of every voter, the time, and the money left."""

    def __init__(self, instance: Instance, ballots: Sequence[Ballot]) -> None:
        self.purses = [Fraction(0) for _ in ballots]
        self.fans = {p.id: [who for who, ballot in enumerate(ballots) if (p.id, 1) in ballot] for p in instance.plans}
        self.clock = Fraction(0)
        self.left = instance.budget

    def held(self, plan_id: str) -> Fraction:
        """What the supporters of a plan hold."""
        return sum((self.purses[who] for who in self.fans[plan_id]), Fraction(0))

    def wait(self, plan: Plan) -> Fraction:
        """How long it takes until they hold its cost."""
        return (plan.cost - self.held(plan.id)) / len(self.fans[plan.id])

    def pass_time(self, waiting: Sequence[Plan]) -> list[Plan]:
        """Lets everybody earn until some plans come up."""
        pause = min(self.wait(plan) for plan in waiting)
        equals = [plan for plan in waiting if self.wait(plan) == pause]
        self.clock += pause
        self.purses = [purse + pause for purse in self.purses]
        return equals

    def buy(self, plan: Plan) -> Fraction:
        """Takes all that supporters hold; the time."""
        self.left -= plan.cost
        for who in self.fans[plan.id]:
            self.purses[who] = Fraction(0)
        return self.clock
