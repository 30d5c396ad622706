"""What a year came to: the figures of its rounds, added up exactly."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from ..clock import THE_HAGUE
from ..rounds.rules import Kind
from ..tally.turnout import mean_turnout, turnout, weighted_turnout

FIRST_YEAR = 2000
LAST_YEAR = 2100


@dataclass(frozen=True)
class Turnout:
    """How many people voted, blank votes included, of those who might."""

    voted: int
    eligible: int

    @property
    def share(self) -> Fraction:
        """The exact share that voted."""
        return turnout(self.voted, self.eligible)


@dataclass(frozen=True)
class RoundFigures:
    """One round in the annual report; `turnout` is None until its result is published."""

    slug: str
    title: str
    kind: Kind
    plans: int
    likes: int
    turnout: Turnout | None


@dataclass(frozen=True)
class YearFigures:
    """The rounds of a year and what they come to together."""

    year: int
    rounds: tuple[RoundFigures, ...]

    @property
    def plans(self) -> int:
        """How many plans residents submitted."""
        return sum(round.plans for round in self.rounds)

    @property
    def likes(self) -> int:
        """How many likes those plans got."""
        return sum(round.likes for round in self.rounds)

    @property
    def turnouts(self) -> tuple[Turnout, ...]:
        """The turnouts of the rounds whose result is published."""
        return tuple(round.turnout for round in self.rounds if round.turnout)

    @property
    def ballots(self) -> int:
        """How many people voted in those rounds."""
        return sum(turnout.voted for turnout in self.turnouts)

    @property
    def mean(self) -> Fraction | None:
        """The mean of the turnouts, in which every round weighs the same; None if no result is published."""
        return mean_turnout(_pairs(self.turnouts)) if self.turnouts else None

    @property
    def weighted(self) -> Fraction | None:
        """All who voted of all who might, in which every resident weighs the same; None if no result is published."""
        return weighted_turnout(_pairs(self.turnouts)) if self.turnouts else None

    @property
    def kinds(self) -> tuple[tuple[Kind, int], ...]:
        """How many rounds there were of each kind, also of those that did not occur."""
        counted = Counter(round.kind for round in self.rounds)
        return tuple((kind, counted[kind]) for kind in Kind)


def _pairs(turnouts: Iterable[Turnout]) -> list[tuple[int, int]]:
    return [(turnout.voted, turnout.eligible) for turnout in turnouts]


def is_year(year: int) -> bool:
    """Whether there can be an annual report of this year."""
    return FIRST_YEAR <= year <= LAST_YEAR


def bounds(year: int) -> tuple[datetime, datetime]:
    """The first moment of the year in The Hague and the first of the next, in UTC."""
    start, end = (datetime(which, 1, 1, tzinfo=THE_HAGUE).astimezone(UTC) for which in (year, year + 1))
    return start, end
