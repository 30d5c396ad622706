"""Tie orders: one total order over the plans, fixed for a whole count and handed in from outside."""

from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from .instance import Plan, TallyError

Key = tuple[int, int, str]


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


@dataclass(frozen=True)
class CheapestFirst:
    """The cheapest first, among equal costs the one with most votes, then the lot, drawn or still to be drawn."""

    lot: Lot | None = None
    name: ClassVar[str] = "cheapest, most votes, lot"

    def key(self, plan: Plan, votes: int) -> Key:
        """What plans are ordered by; two plans with equal keys wait for the lot."""
        return plan.cost, -votes, self.lot.number(plan.id) if self.lot else ""

    def needs_lot(self, one: Plan, other: Plan) -> bool:
        """Whether nothing but the lot separates these two plans when they have equal votes."""
        return one.cost == other.cost


@dataclass(frozen=True)
class Lexicographic:
    """The string order of the plan ids: for comparison with other counts, not for people."""

    lot: ClassVar[None] = None
    name: ClassVar[str] = "lexicographic"

    def key(self, plan: Plan, votes: int) -> Key:
        """What plans are ordered by; never equal for two plans."""
        return 0, 0, plan.id

    def needs_lot(self, one: Plan, other: Plan) -> bool:
        """Never: every two ids differ."""
        return False


TieOrder = CheapestFirst | Lexicographic
