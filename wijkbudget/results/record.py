"""All that stands on the record of a counted round, in plain values."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..ballots.merkle import merkle_root
from ..ballots.rules import FrozenRules
from ..ballots.urn import Opened

CHARACTERS = "utf-8"


@dataclass(frozen=True)
class Counts:
    """What must add up: used = envelopes = ballots + rejected by reason, and blank is a part of the ballots.

    `issued` are rights to vote as they were handed out: codes, replacements included, or accounts that were admitted;
    `used` are those with which a ballot was cast.
    """

    eligible: int
    issued: int
    used: int
    blocked: int
    replaced: int
    envelopes: int
    rejected: Mapping[str, int]
    ballots: int
    blank: int


@dataclass(frozen=True)
class Record:
    """A counted round. `rules` is the canonical document of the frozen rules and `rules_hash` its SHA-256.

    `digests` are the SHA-256 of the envelopes, ascending; `ballots` stand in the order of their trackers. `winners` are
    plan ids in the order of the count, `left` is in cents (below zero where the budget was stretched). `seed` is that
    of the lot, None if none was drawn. Moments in ISO 8601 UTC; `journal_head` is `number:hash`. From as many
    ballots on as the rules say, single ballots, the envelopes' digests and the `pabulib` text are published; that is
    None where it cannot be written.
    """

    rules: str
    rules_hash: str
    seed: str | None
    counts: Counts
    withdrawn: tuple[int, ...]
    winners: tuple[int, ...]
    left: int
    digests: Sequence[bytes]
    ballots: Sequence[Opened]
    opened_at: str
    journal_head: str
    pabulib: str | None

    @cached_property
    def frozen(self) -> FrozenRules:
        """The rules as a value."""
        return FrozenRules.parse(self.rules)

    @property
    def is_published(self) -> bool:
        """Whether there are so many ballots that each of them can be published."""
        return len(self.ballots) >= self.frozen.voting.publish_ballots_from

    @property
    def urn_root(self) -> str:
        """The Merkle root over the digests of the envelopes."""
        return merkle_root(self.digests).hex()


def urn_text(digests: Sequence[bytes]) -> bytes:
    """`urn.txt`: a digest in hexadecimal on each line."""
    return "".join(f"{digest.hex()}\n" for digest in digests).encode()


def ballots_table(ballots: Sequence[Opened], rules: FrozenRules) -> bytes:
    """`ballots.csv`: a ballot on each line, its tracker, 1 if it is blank, and its points in a column for each plan."""
    plans = sorted(rules.costs)
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["tracker", "blank", *plans])
    for ballot in ballots:
        points = dict(ballot.points)
        table.writerow([ballot.tracker, "" if points else "1", *(points.get(plan, "") for plan in plans)])
    return file.getvalue().encode(CHARACTERS)


def table_root(table: bytes) -> str:
    """The Merkle root over the lines of `ballots.csv`, the first one included, without their line ends."""
    return merkle_root(table.split(b"\n")[:-1]).hex()


def totals_of(ballots: Sequence[Opened], rules: FrozenRules) -> dict[str, dict[str, int]]:
    """The points of every plan on the menu, and the ballots that name it."""
    points, named = Counter[int](), Counter[int]()
    for ballot in ballots:
        for plan, given in ballot.points:
            points[plan] += given
            named[plan] += 1
    return {str(plan): {"points": points[plan], "ballots": named[plan]} for plan in sorted(rules.costs)}
