"""Tie orders: one total order over the plans, fixed for a whole count and handed in from outside."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import ClassVar

from .instance import Plan, TallyError

Rank = Mapping[str, int]
"""The place of each plan, by its id, in one total order: the lowest goes first."""


class UnclearLot(TallyError):
    """A lot has no seed, or its seed or round holds the newline that must keep them apart."""


class LotNeeded(TallyError):
    """Who is funded hangs on a lot that has not been drawn; `groups` holds the plan ids among which it must decide."""

    def __init__(self, groups: tuple[tuple[str, ...], ...]) -> None:
        self.groups = groups
        among = "; ".join(", ".join(group) for group in groups)
        super().__init__(f"a lot must decide among: {among}")


@dataclass(frozen=True)
class Lot:
    """A reproducible lot: plans go in ascending order of their number, which anyone can compute.

    A plan's number is the SHA-256 of these bytes: the seed, a newline (byte 0x0A), the round, a newline, the plan id;
    all text in UTF-8, nothing before or after. With a shell: printf '%s\\n%s\\n%s' SEED ROUND PLAN | sha256sum
    """

    seed: str
    round: str

    def __post_init__(self) -> None:
        if not self.seed or "\n" in self.seed + self.round:
            raise UnclearLot("a lot needs a seed, and no newline in its seed or round")

    def number(self, plan_id: str) -> str:
        """The number this plan drew: 64 hexadecimal digits in lower case."""
        return sha256(f"{self.seed}\n{self.round}\n{plan_id}".encode()).hexdigest()


Key = tuple[int, int, str]


class TieOrder(ABC):
    """One total order over the plans of an election."""

    name: ClassVar[str]
    lot: Lot | None = None

    @abstractmethod
    def key(self, plan: Plan, points: int) -> Key:
        """What plans are ordered by; two plans with equal keys wait for the lot."""

    def rank(self, plans: Iterable[Plan], points: Mapping[str, int]) -> Rank:
        """The total order; plans that wait for a lot stand in the string order of their ids."""
        keyed = sorted((self.key(plan, points[plan.id]), plan.id) for plan in plans)
        return {plan_id: place for place, (_, plan_id) in enumerate(keyed)}

    def left_to_lot(self, plans: Iterable[Plan], points: Mapping[str, int]) -> list[frozenset[str]]:
        """The groups of two or more plans that nothing but a lot separates; none where no lot is used."""
        return []


@dataclass(frozen=True)
class CheapestFirst(TieOrder):
    """The cheapest first, among equal costs the one with most points, then the lot, drawn or still to be drawn."""

    lot: Lot | None = None
    name: ClassVar[str] = "cheapest, most points, lot"

    def key(self, plan: Plan, points: int) -> Key:
        """The lower the cost, then the more points, then the lower the number in the lot, the earlier."""
        return plan.cost, -points, self.lot.number(plan.id) if self.lot else ""

    def left_to_lot(self, plans: Iterable[Plan], points: Mapping[str, int]) -> list[frozenset[str]]:
        """The plans with equal costs and equal points; without a point no plan is funded, so no lot decides on it."""
        keyed = sorted((plan.cost, points[plan.id], plan.id) for plan in plans if points[plan.id])
        groups = (frozenset(key[2] for key in group) for _, group in groupby(keyed, key=lambda key: key[:2]))
        return [group for group in groups if len(group) > 1]


@dataclass(frozen=True)
class Lexicographic(TieOrder):
    """The string order of the plan ids: for comparison with other counts, not for people."""

    name: ClassVar[str] = "lexicographic"

    def key(self, plan: Plan, points: int) -> Key:
        """Nothing but the id separates plans."""
        return 0, 0, plan.id


@dataclass(frozen=True)
class Cheapest(TieOrder):
    """The cheapest first, then the string order of the ids: for comparison with other counts."""

    name: ClassVar[str] = "cheapest"

    def key(self, plan: Plan, points: int) -> Key:
        """The lower the cost, the earlier."""
        return plan.cost, 0, plan.id


@dataclass(frozen=True)
class Dearest(TieOrder):
    """The dearest first, then the string order of the ids: for comparison with other counts."""

    name: ClassVar[str] = "dearest"

    def key(self, plan: Plan, points: int) -> Key:
        """The higher the cost, the earlier."""
        return -plan.cost, 0, plan.id
