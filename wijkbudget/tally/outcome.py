"""What a count comes to, with its reasons: the values that are stored, published and shown."""

from dataclasses import dataclass
from enum import StrEnum

from .ties import Lot


class Verdict(StrEnum):
    """Why a plan is funded or not."""

    FUNDED = "funded"
    DOES_NOT_FIT = "does_not_fit"
    NO_VOTES = "no_votes"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Finding:
    """What became of one plan; amounts in the minor unit of the election.

    `rank`, `left_before` and `left_after` are None for a plan whose turn never came (no votes, withdrawn). `lacked` is
    how many more ballots naming it, all else unchanged, would have funded it: None for a funded or withdrawn plan, and
    where no number would do because it costs more than the budget. A tie that would wait for an undrawn lot counts as
    lost.
    """

    plan: str
    verdict: Verdict
    votes: int
    cost: int
    rank: int | None = None
    left_before: int | None = None
    left_after: int | None = None
    lacked: int | None = None


@dataclass(frozen=True)
class Tie:
    """Plans with equally many votes, in the order in which their turns came."""

    votes: int
    plans: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The result of one count, in plain values.

    `funded` and `ties` are in the order of the count. `lots` holds the groups of plans, in the order of the lot, of
    which the lot funded some and not others: empty if no lot was needed. `lot` is the lot that was drawn, if one was.
    """

    rule: str
    tie_order: str
    budget: int
    ballots: int
    ballots_with_funded: int
    funded: tuple[str, ...]
    left: int
    findings: dict[str, Finding]
    ties: tuple[Tie, ...]
    lots: tuple[tuple[str, ...], ...]
    lot: Lot | None

    @property
    def is_lot_needed(self) -> bool:
        """Whether the lot changed who is funded."""
        return bool(self.lots)

    @property
    def steps(self) -> tuple[Finding, ...]:
        """The count as a resident can follow it with a pencil: the findings with a rank, in that order."""
        return tuple(sorted((f for f in self.findings.values() if f.rank is not None), key=lambda f: f.rank or 0))
