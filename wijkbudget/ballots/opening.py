"""Opening the urn: all envelopes at once, in an order that nobody chose."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ..refusal import Refusal
from .merkle import merkle_root
from .rules import FrozenRules, valid_ballot
from .tables import Envelope, OpenedBallot, Opening, UrnEntry
from .urn import Opened, Opener, SpoiltEnvelope, digest_of

AT_A_TIME = 10_000
"""How many ballots are written in one statement."""


@dataclass(frozen=True)
class Contents:
    """What the envelopes held: the valid ballots in the order of their trackers, and the others by reason."""

    ballots: tuple[Opened, ...]
    rejected: dict[str, int]


def opened_contents(envelopes: Iterable[bytes], *, rules: FrozenRules, private_key: bytes) -> Contents:
    """Open all envelopes; a spoilt one, one against the rules and a copy of another are counted by that reason."""
    opener = Opener(private_key)
    ballots: dict[str, Opened] = {}
    rejected: Counter[str] = Counter()
    for sealed in envelopes:
        try:
            opened = opener.unseal(sealed, round_id=rules.round_id)
            valid_ballot(opened.points, rules)
            if ballots.setdefault(opened.tracker, opened) is not opened:
                raise SpoiltEnvelope("copy")
        except SpoiltEnvelope as spoilt:
            rejected[spoilt.args[0]] += 1
        except Refusal:
            rejected["against-the-rules"] += 1
    return Contents(tuple(ballots[tracker] for tracker in sorted(ballots)), dict(rejected))


@dataclass(frozen=True)
class Reading:
    """The contents of the envelopes that have this Merkle root, and of no others."""

    merkle_root: str
    contents: Contents


NOTHING = Reading(merkle_root([]).hex(), Contents((), {}))
"""The reading of an urn without envelopes, which takes no key."""


def read_urn(session: Session, *, rules: FrozenRules, private_key: bytes) -> Reading:
    """Open the urn and store nothing: slow work, for which nobody need be kept from voting elsewhere."""
    return _reading(_sealed(session, rules.round_id), rules, private_key)


def open_urn(
    session: Session, *, rules: FrozenRules, private_key: bytes, now: datetime, read: Reading | None = None
) -> Opening:
    """Open the urn of a closed round and store what it held; the caller holds the round's row exclusively.

    What was `read` before is taken over if these are the same envelopes. They are read again in a statement of their
    own after that lock: one statement for both missed a vote that was just being committed (measured).
    """
    sealed = _sealed(session, rules.round_id)
    if read is None or read.merkle_root != _root(sealed):
        read = _reading(sealed, rules, private_key)
    contents = read.contents
    _require_all(contents, len(sealed))
    opening = Opening(
        round_id=rules.round_id, envelopes=len(sealed), merkle_root=read.merkle_root,
        rejected=contents.rejected, opened_at=now,
    )  # fmt: skip
    session.add(opening)
    session.flush()
    _store(session, rules.round_id, contents.ballots)
    _store_digests(session, rules.round_id, sealed)
    return opening


def _sealed(session: Session, round_id: int) -> list[bytes]:
    return sorted(session.scalars(select(Envelope.sealed).where(Envelope.round_id == round_id)), key=digest_of)


def _root(sealed: Sequence[bytes]) -> str:
    return merkle_root([digest_of(envelope) for envelope in sealed]).hex()


def _reading(sealed: Sequence[bytes], rules: FrozenRules, private_key: bytes) -> Reading:
    return Reading(_root(sealed), opened_contents(sealed, rules=rules, private_key=private_key))


def _require_all(contents: Contents, envelopes: int) -> None:
    if len(contents.ballots) + sum(contents.rejected.values()) != envelopes:
        raise RuntimeError("an envelope is neither a ballot nor rejected")


def _store(session: Session, round_id: int, ballots: Sequence[Opened]) -> None:
    # Rows, not objects: the session keeps nothing of a hundred thousand ballots.
    for start in range(0, len(ballots), AT_A_TIME):
        part = ballots[start : start + AT_A_TIME]
        rows = [{"round_id": round_id, "tracker": ballot.tracker, "points": ballot.points} for ballot in part]
        session.connection().execute(insert(OpenedBallot), rows)


def _store_digests(session: Session, round_id: int, envelopes: Sequence[bytes]) -> None:
    # A copied envelope has the digest of its original.
    entries = sorted(Counter(map(digest_of, envelopes)).items())
    for start in range(0, len(entries), AT_A_TIME):
        part = entries[start : start + AT_A_TIME]
        rows = [{"round_id": round_id, "digest": digest, "times": times} for digest, times in part]
        session.connection().execute(insert(UrnEntry), rows)
