"""Taking turns: plans in an order, each funded if it fits what is left. Two rules are this, and others end with it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .instance import Instance, Plan, TallyError
from .outcome import Verdict

WHOLE = 100


class Misfit(StrEnum):
    """What happens at a plan that does not fit what is left."""

    SKIP = "skip"
    """The next plan has its turn."""
    STOP = "stop"
    """The count ends."""
    STRETCH = "stretch"
    """It is funded all the same if at least some share of its cost is left, and the count ends (Poznań: 80%)."""


class BadSettings(TallyError):
    """The settings of a rule contradict each other."""


@dataclass(frozen=True)
class Fit:
    """What fits: `percent` (1 to 99) belongs to STRETCH alone, else it is 0. Raises BadSettings."""

    misfit: Misfit = Misfit.SKIP
    percent: int = 0

    def __post_init__(self) -> None:
        if not (0 < self.percent < WHOLE if self.misfit is Misfit.STRETCH else self.percent == 0):
            raise BadSettings(f"{self.misfit} with {self.percent} percent")

    def is_stretched_to(self, cost: int, left: int) -> bool:
        """Whether a plan that costs more than is left is funded all the same."""
        return self.misfit is Misfit.STRETCH and left * WHOLE >= cost * self.percent


@dataclass(frozen=True)
class State:
    """What the turns so far left: the money, the plans that were struck, and whether the count has ended."""

    left: int
    struck: frozenset[str] = frozenset()
    has_ended: bool = False

    def verdict(self, plan: Plan, fit: Fit) -> Verdict:
        """What becomes of this plan if its turn is now."""
        if plan.id in self.struck:
            return Verdict.EXCLUDED
        if self.has_ended:
            return Verdict.AFTER_THE_END
        fits = plan.cost <= self.left or fit.is_stretched_to(plan.cost, self.left)
        return Verdict.FUNDED if fits else Verdict.DOES_NOT_FIT

    def after(self, plan: Plan, fit: Fit, instance: Instance) -> "State":
        """The state once this plan has had its turn."""
        verdict, is_misfit = self.verdict(plan, fit), plan.cost > self.left
        has_ended = self.has_ended or (is_misfit and plan.id not in self.struck and fit.misfit is not Misfit.SKIP)
        if verdict is Verdict.FUNDED:
            return State(self.left - plan.cost, self.struck | instance.rivals(plan.id), has_ended)
        return State(self.left, self.struck, has_ended)


@dataclass(frozen=True)
class Turn:
    """One plan's turn, and the states before and after it."""

    plan: Plan
    before: State
    after: State
    verdict: Verdict


def take_turns(instance: Instance, queue: Iterable[Plan], fit: Fit, state: State) -> list[Turn]:
    """Every plan of the queue gets one turn."""
    turns = []
    for plan in queue:
        after = state.after(plan, fit, instance)
        turns.append(Turn(plan, state, after, state.verdict(plan, fit)))
        state = after
    return turns


def latest_place(plan: Plan, others: Sequence[Turn], fit: Fit, start: State) -> int | None:
    """Before how many of the `others` at most (from behind) this plan is funded: the highest index; None if nowhere.

    The later its turn, the less is left, the more is struck, and an ended count stays ended: so the places at which it
    is funded come first, and are found by halving.
    """
    states = [start, *(turn.after for turn in others)]
    first_lost = bisect_left(states, 1, key=lambda state: state.verdict(plan, fit) is not Verdict.FUNDED)
    return first_lost - 1 if first_lost else None
