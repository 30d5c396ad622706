"""What a counting rule is: a value with its settings that turns ballots into an outcome."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from .instance import Instance, TallyError
from .outcome import Finding, Outcome, Settings, Tie
from .profile import Profile
from .ties import TieOrder

Progress = Callable[[float], object]
"""Hears now and then which share of the work is done, from 0 to 1."""


class NotForTheseBallots(TallyError):
    """This rule cannot count ballots of this form, or plans that exclude each other; the message says why."""


class Utility(StrEnum):
    """What a ballot gets from a funded plan: its points times the plan's cost, or its points."""

    COST = "cost"
    ONE = "one"


@dataclass(frozen=True)
class Rule(ABC):
    """A way to count. Its fields are its settings: enums with text values and whole numbers, each with a default."""

    name: ClassVar[str]

    @abstractmethod
    def count(self, instance: Instance, profile: Profile, ties: TieOrder) -> Outcome:
        """The outcome. Raises UnknownPlan, NotForTheseBallots; LotNeeded if it hangs on a lot that is not drawn."""

    def outcome(
        self,
        instance: Instance,
        profile: Profile,
        order: TieOrder,
        *,
        funded: tuple[str, ...],
        findings: Iterable[Finding],
        ties: tuple[Tie, ...],
        lots: tuple[tuple[str, ...], ...],
        endowment: Fraction | None = None,
    ) -> Outcome:
        """What was counted, with all that follows from it: `funded` and `findings` in the order of the count."""
        return Outcome(
            rule=self.name, settings=self.settings, tie_order=order.name,
            budget=instance.budget, left=instance.budget - sum(instance.costs[plan_id] for plan_id in funded),
            ballots=profile.ballots, ballots_with_funded=profile.naming_any(funded),
            funded=funded, findings={finding.plan: finding for finding in findings},
            ties=ties, lots=lots, lot=order.lot, endowment=endowment,
        )  # fmt: skip

    def funded(self, instance: Instance, profile: Profile, ties: TieOrder) -> frozenset[str]:
        """Only who is funded; raises as `count`. A rule that can tell this sooner does."""
        return frozenset(self.count(instance, profile, ties).funded)

    def takes(self, *, is_approval: bool) -> bool:
        """Whether this rule can count ballots that give every plan a point or none, or any points."""
        return True

    @property
    def settings(self) -> Settings:
        """The settings by name, in plain values."""
        return {name: str(value) if isinstance(value, StrEnum) else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Totals:
    """What the plans of an instance got: points and number of ballots by plan id, zeros included."""

    points: Mapping[str, int]
    ballots: Mapping[str, int]

    @classmethod
    def of(cls, instance: Instance, profile: Profile) -> "Totals":
        """Adds up. Raises UnknownPlan."""
        instance.require_known(profile.ids)
        points, ballots = profile.points_by_plan(), profile.ballots_by_plan()
        return cls(
            {plan.id: points.get(plan.id, 0) for plan in instance.plans},
            {plan.id: ballots.get(plan.id, 0) for plan in instance.plans},
        )
