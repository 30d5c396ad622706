"""What became of the ballots that voters sent: held against what lies in the urn and what was counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from wijkbudget.ballots.rules import chosen
from wijkbudget.ballots.tables import Envelope, OpenedBallot
from wijkbudget.ballots.urn import fingerprint_of, own_nonce, retry_mark_of, tracker_of
from wijkbudget.database import Database
from wijkbudget.results.tables import Result

Points = tuple[tuple[int, int], ...]


@dataclass
class Attempt:
    """A ballot that a voter sent, once or more often with the same nonce, and what came back.

    `began` is when it was sent first; `denials` counts the answers that said that nothing was stored.
    """

    entitlement: int
    choices: tuple[int, ...]
    nonce: bytes
    replaces: bytes
    began: datetime
    sendings: int = 0
    denials: int = 0
    receipts: list[str] = field(default_factory=list)

    @property
    def mark(self) -> bytes:
        """What its envelope bears."""
        return retry_mark_of(self.nonce)

    @property
    def tracker(self) -> str:
        """The tracker of the ballot."""
        return tracker_of(own_nonce(self.nonce, self.entitlement))


class Kept(NamedTuple):
    """An envelope in the urn."""

    entitlement: int
    mark: bytes
    receipt: str


@dataclass(frozen=True)
class Found:
    """What the database holds of a round that was counted: envelopes, ballots with their trackers, who voted."""

    envelopes: Sequence[Kept]
    ballots: Sequence[tuple[str, Points]]
    voted: int


class Tally(NamedTuple):
    """How many ballots were acknowledged and stored, and how many are lost, double or late, which must be none."""

    acknowledged: int
    stored: int
    lost: int
    double: int
    late: int

    @property
    def is_sound(self) -> bool:
        """Whether votes came, and all went as promised."""
        return self.acknowledged > 0 and self.stored > 0 and self[2:] == (0, 0, 0)


def found(database: Database, round_id: int) -> Found:
    """What the database holds of the round."""
    with database.reading() as session:
        envelopes = session.scalars(select(Envelope).where(Envelope.round_id == round_id)).all()
        ballots = session.scalars(select(OpenedBallot).where(OpenedBallot.round_id == round_id)).all()
        result = session.scalars(select(Result).where(Result.round_id == round_id)).one()
    kept = [Kept(each.entitlement_id, each.retry_mark, fingerprint_of(each.sealed)) for each in envelopes]
    opened = [(ballot.tracker, tuple((plan, given) for plan, given in ballot.points)) for ballot in ballots]
    return Found(kept, opened, result.voted)


def tally(attempts: Iterable[Attempt], found: Found, *, closing: datetime) -> Tally:
    """Hold what voters sent and saw against what is there; voting ended at `closing`."""
    sent = list(attempts)
    by_mark = {(each.entitlement, each.mark): each for each in sent}
    held = [each for envelope in found.envelopes for each in history(envelope, by_mark)]
    acknowledged = [each for each in sent if each.receipts]
    lost = [each for each in acknowledged if each not in held]
    return Tally(
        acknowledged=len(acknowledged),
        stored=len(found.envelopes),
        lost=len(lost) + _changed(found, by_mark) + _uncounted(found, by_mark),
        double=_double(found, sent),
        late=sum(each.began >= closing and (each in held or bool(each.receipts)) for each in sent),
    )


def wrongly_denied(attempts: Iterable[Attempt], found: Found) -> list[Attempt]:
    """Ballots that lie in the urn although each answer said that nothing was stored."""
    sent = list(attempts)
    by_mark = {(each.entitlement, each.mark): each for each in sent}
    held = [each for envelope in found.envelopes for each in history(envelope, by_mark)]
    return [each for each in held if each.denials == each.sendings]


def history(envelope: Kept, by_mark: Mapping[tuple[int, bytes], Attempt]) -> list[Attempt]:
    """The ballot in the envelope and all that it came in the place of: each names the one that its voter saw."""
    steps: list[Attempt] = []
    attempt = by_mark.get((envelope.entitlement, envelope.mark))
    while attempt is not None:
        steps.append(attempt)
        attempt = by_mark.get((attempt.entitlement, attempt.replaces))
    return steps


def _changed(found: Found, by_mark: Mapping[tuple[int, bytes], Attempt]) -> int:
    """How many envelopes are not those of the receipt that their voter was given."""
    top = [(envelope, by_mark.get((envelope.entitlement, envelope.mark))) for envelope in found.envelopes]
    return sum(attempt is not None and set(attempt.receipts) - {envelope.receipt} != set() for envelope, attempt in top)


def _uncounted(found: Found, by_mark: Mapping[tuple[int, bytes], Attempt]) -> int:
    """How many envelopes were not counted as what their voter chose."""
    counted = dict(found.ballots)
    top = [by_mark[key] for envelope in found.envelopes if (key := (envelope.entitlement, envelope.mark)) in by_mark]
    missed = [each for each in top if counted.get(each.tracker) != chosen(each.choices)]
    return max(len(missed), len(found.envelopes) - found.voted)


def _double(found: Found, sent: Sequence[Attempt]) -> int:
    """How many envelopes and ballots there are above one for each right to vote, or from nobody."""
    owners = {each.tracker: each.entitlement for each in sent}
    marks = {(each.entitlement, each.mark) for each in sent}
    ballots = Counter(owners[tracker] for tracker, _ in found.ballots if tracker in owners)
    strangers = sum(tracker not in owners for tracker, _ in found.ballots)
    envelopes = [each for each in found.envelopes if (each.entitlement, each.mark) in marks]
    surplus = len(found.envelopes) - len({each.entitlement for each in envelopes})
    return max(surplus, sum(ballots.values()) - len(ballots) + strangers, found.voted - len(found.envelopes))
