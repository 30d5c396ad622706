"""What a count comes to, with its reasons: the values that are stored, published and shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from .ties import Lot

Settings = Mapping[str, str | int]
"""The settings of a rule by name, as they stand in frozen rules and in files."""


class Verdict(StrEnum):
    """Why a plan is funded or not."""

    FUNDED = "funded"
    DOES_NOT_FIT = "does_not_fit"
    """At its turn less money was left than it costs."""
    AFTER_THE_END = "after_the_end"
    """The count ended before its turn."""
    BELOW_MINIMUM = "below_minimum"
    EXCLUDED = "excluded"
    """A plan that cannot be funded beside it was."""
    NOT_AFFORDABLE = "not_affordable"
    """In the end its supporters held less than it costs."""
    LESS_TOGETHER = "less_together"
    """The best set within the budget, by the tie order where sets are equally good, goes without it."""
    NO_VOTES = "no_votes"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Finding:
    """What became of one plan; amounts in the minor unit of the election.

    `rank` (from 1), `left_before` and `left_after` are None for a plan whose turn never came. `needed` is the least
    number of points with which it would have been funded, all else unchanged: None where the rule does not tell that
    without counting again, and where no number would do. A tie that waits for an undrawn lot counts as lost. Of a plan
    that is excluded, `beside` is the funded plan that it cannot be funded beside; the first, if there are more.

    Of a plan that was paid for by its supporters, `price` is what each of them paid for a point, unless that emptied
    the purse (by phragmén: what every ballot had been given when it was bought); of one that was not, `held` is what
    they held together in the end. `is_filled_in` tells that it was
    funded from what was left by the order of points. `more_voters` is how many more voters who name nothing but it
    would have funded it, found by counting again, where that was asked for.
    """

    plan: str
    verdict: Verdict
    points: int
    ballots: int
    cost: int
    rank: int | None = None
    left_before: int | None = None
    left_after: int | None = None
    needed: int | None = None
    beside: str | None = None
    price: Fraction | None = None
    held: Fraction | None = None
    is_filled_in: bool = False
    more_voters: int | None = None

    @property
    def is_funded(self) -> bool:
        """Whether money goes to it."""
        return self.verdict is Verdict.FUNDED

    @property
    def lacked(self) -> int | None:
        """How many more points would have funded a plan that was not; None where that is not known."""
        return None if self.is_funded or self.needed is None else self.needed - self.points

    @property
    def spare(self) -> int | None:
        """How many points fewer a funded plan could have had; None where that is not known."""
        return self.points - self.needed if self.is_funded and self.needed is not None else None

    @property
    def short(self) -> Fraction | None:
        """What its supporters lacked of its cost in the end."""
        return None if self.held is None else max(self.cost - self.held, Fraction())


@dataclass(frozen=True)
class Tie:
    """Plans that stood equal when one of them was to go first, in the order in which the tie order put them."""

    plans: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The result of one count, in plain values.

    `rule` and `settings` are how it was counted, `funded` and `ties` in the order of the count, and `findings` too,
    those whose turn never came last. `lots` holds the groups of plans, in the order of the lot, among which nothing but
    the lot chose and by which others might have been funded: empty if no lot was needed. `lot` is the lot that was
    drawn, if one was. `endowment` is what each ballot held at the start, where ballots hold money.
    """

    rule: str
    settings: Settings
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
    endowment: Fraction | None = None

    @property
    def is_lot_needed(self) -> bool:
        """Whether the lot changed who is funded."""
        return bool(self.lots)

    @property
    def steps(self) -> tuple[Finding, ...]:
        """The count as a resident can follow it with a pencil: the findings with a rank, in that order."""
        return tuple(sorted((f for f in self.findings.values() if f.rank is not None), key=lambda f: f.rank or 0))

    @property
    def ballots_without_funded(self) -> int:
        """How many ballots name no funded plan."""
        return self.ballots - self.ballots_with_funded

    @property
    def spent(self) -> int:
        """What the funded plans cost together."""
        return sum(self.findings[plan].cost for plan in self.funded)

    @property
    def points_funded(self) -> int:
        """The points of the funded plans together."""
        return sum(self.findings[plan].points for plan in self.funded)

    @property
    def mean_amount(self) -> Fraction | None:
        """What the funded plans on a ballot cost together, on average over all ballots; None without ballots."""
        named = sum(self.findings[plan].cost * self.findings[plan].ballots for plan in self.funded)
        return Fraction(named, self.ballots) if self.ballots else None
