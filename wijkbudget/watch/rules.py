"""What is watched, when the books of a round agree, and when all is well."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STOPPED = timedelta(minutes=10)
"""What was not checked for so long is not watched any more, and within this time every failure is told."""


class Watched(StrEnum):
    """What is watched; the value is how a check of it is called, followed by the number of the round."""

    BOOKS = "round"
    """The rights used, envelopes and ballots of a round."""
    KEY = "key of round"
    """What opens a round that was not opened yet: its key, or what reads typed shares, and enough of these."""
    CODES = "codes of round"
    """Whether the codes of a round that was not opened yet were made with the pepper that the scheduler has."""
    TASKS = "tasks of round"
    """Whether what a round asks of the scheduler is done in time, and people can vote while voting is on."""
    GUESSING = "guessing"
    """Whether somebody tries codes."""
    CANARY = "canary"
    """The vote that is cast to see whether votes can be cast and read."""


OF_A_ROUND = (Watched.BOOKS, Watched.KEY, Watched.CODES, Watched.TASKS)


@dataclass(frozen=True)
class Subject:
    """One thing that is watched; `round_id` where it belongs to a round, and only there. Raises ValueError."""

    watched: Watched
    round_id: int | None = None

    def __post_init__(self) -> None:
        if (self.round_id is None) is (self.watched in OF_A_ROUND):
            raise ValueError(f"{self.watched} with round {self.round_id}")

    @property
    def name(self) -> str:
        """What its check is called: `round 12`, `key of round 12`, `guessing`, `canary`."""
        return self.watched.value if self.round_id is None else f"{self.watched.value} {self.round_id}"

    @property
    def every(self) -> timedelta:
        """How long a check is good; well under the time within which a failure is told."""
        return timedelta(minutes=5 if self.watched is Watched.CANARY else 1)

    def is_due(self, checked_at: datetime, now: datetime) -> bool:
        """Whether it is checked again; a moment that lies as far ahead was written by a clock that went wrong."""
        return not -self.every < now - checked_at < self.every

    @staticmethod
    def parse(name: str) -> "Subject | None":
        """The subject of the check with this name, None if this version of the software watches no such thing."""
        words, _, last = name.rpartition(" ")
        try:
            return Subject(Watched(words), int(last)) if last.isdecimal() else Subject(Watched(name))
        except ValueError:
            return None


class Comparison(StrEnum):
    """What is compared; the value says in the log what the two numbers are."""

    RIGHTS_AND_ENVELOPES = "rights used / envelopes in the urn"
    RIGHTS_AND_THEIR_OWN = "rights used / envelopes of these rights"
    ENVELOPES_AND_OPENING = "envelopes in the urn / envelopes opened"
    OPENING_AND_BALLOTS = "envelopes opened / ballots and rejected envelopes"
    OPENING_AND_RESULT = "envelopes opened / votes in the result"
    REJECTED = "envelopes rejected / envelopes that may be rejected"


@dataclass(frozen=True)
class OpenedBooks:
    """What the opening counted and stored; `voted` as the result has it, None before the count.

    Once it `is_published`, an official answered for the envelopes that were rejected.
    """

    envelopes: int
    ballots: int
    rejected: Mapping[str, int]
    voted: int | None
    is_published: bool = False


@dataclass(frozen=True)
class Books:
    """The numbers of a round at one moment; `paired` are the used rights that have an envelope of the round."""

    used: int
    envelopes: int
    paired: int
    opened: OpenedBooks | None = None


@dataclass(frozen=True)
class Disagreement:
    """Two numbers that should be the same."""

    comparison: Comparison
    left: int
    right: int

    def __str__(self) -> str:
        return f"{self.comparison}: {self.left} / {self.right}"


def disagreement(books: Books) -> Disagreement | None:
    """The first comparison in which the books do not agree."""
    pairs = [
        (Comparison.RIGHTS_AND_ENVELOPES, books.used, books.envelopes),
        (Comparison.RIGHTS_AND_THEIR_OWN, books.used, books.paired),
    ]
    if opened := books.opened:
        rejected = sum(opened.rejected.values())
        pairs += [
            (Comparison.ENVELOPES_AND_OPENING, books.envelopes, opened.envelopes),
            (Comparison.OPENING_AND_BALLOTS, opened.envelopes, opened.ballots + rejected),
        ]
        if opened.voted is not None:
            pairs.append((Comparison.OPENING_AND_RESULT, opened.envelopes, opened.voted))
        if not opened.is_published:
            # A ballot is checked before it is sealed: nothing that the booth put into the urn is rejected.
            pairs.append((Comparison.REJECTED, rejected, 0))
    return next((Disagreement(*pair) for pair in pairs if pair[1] != pair[2]), None)


@dataclass(frozen=True)
class Checked:
    """When a subject was checked last, and since when it fails."""

    subject: Subject
    checked_at: datetime
    failing_since: datetime | None = None


@dataclass(frozen=True)
class Health:
    """What fails, whether the watch works, and the moment since which everything was checked (None: nothing was)."""

    failing: tuple[Checked, ...]
    is_watched: bool
    checked_at: datetime | None

    @property
    def is_well(self) -> bool:
        """Whether nothing fails, and somebody looks."""
        return self.is_watched and not self.failing


def health_of(checks: Iterable[Checked], *, is_voting: bool, now: datetime) -> Health:
    """The health of the platform; where nothing was ever checked that matters once there is voting."""
    known = tuple(checks)
    oldest = min((check.checked_at for check in known), default=None)
    is_watched = not is_voting if oldest is None else now - oldest <= STOPPED
    return Health(tuple(check for check in known if check.failing_since), is_watched, oldest)
