"""Which urn, how many codes and envelopes; never what is in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from .codes import code_mac
from .rules import Ballot, FrozenRules
from .shares import NEEDED, SHARES
from .tables import (
    CodeBatch,
    Entitlement,
    Envelope,
    KeyHolder,
    OpenedBallot,
    Opening,
    TypedShare,
    Urn,
    UrnEntry,
    VotingCode,
)
from .urn import Opened

AT_A_TIME = 10_000
"""How many opened ballots are fetched at a time."""

_HANDED_OUT = exists().where(
    CodeBatch.id == VotingCode.batch_id, CodeBatch.finished_at.is_not(None), CodeBatch.discarded_at.is_(None)
)
"""The code stands on a letter of a list that was handed out whole and kept, or replaces one of these."""


def urn_of(session: Session, round_id: int) -> Urn | None:
    """The urn of the round, None before its rules are frozen."""
    return session.get(Urn, round_id)


def menu_ids(session: Session, round_id: int) -> frozenset[int]:
    """The plans on the ballot as it was frozen when voting opened; none before that."""
    urn = urn_of(session, round_id)
    return frozenset(item.plan_id for item in FrozenRules.parse(urn.rules).menu) if urn else frozenset()


def opening_of(session: Session, round_id: int) -> Opening | None:
    """What came out of the urn, None before it is opened."""
    return session.get(Opening, round_id)


def is_opened(session: Session, round_id: int) -> bool:
    """Whether the urn was opened."""
    return bool(session.scalar(select(exists().where(Opening.round_id == round_id))))


def opened_ballots(session: Session, round_id: int) -> Iterator[Ballot]:
    """The ballots that came out of the urn, in the order of their trackers; read while they are asked for."""
    wanted = select(OpenedBallot.points).where(OpenedBallot.round_id == round_id).order_by(OpenedBallot.tracker)
    # asked of the result and not of the statement: that would need a transaction, and pages read without one;
    # PostgreSQL's driver holds the text of all rows meanwhile: 14 MB for 250,000, of which the count makes 200 MB
    for points in session.scalars(wanted).yield_per(AT_A_TIME):
        yield Ballot(tuple((plan_id, given) for plan_id, given in points))


def opened_rows(session: Session, round_id: int) -> list[Opened]:
    """The ballots that came out of the urn with their trackers, in the order of these."""
    wanted = select(OpenedBallot.tracker, OpenedBallot.points).where(OpenedBallot.round_id == round_id)
    rows = session.execute(wanted.order_by(OpenedBallot.tracker))
    return [Opened(tracker, tuple((plan_id, given) for plan_id, given in points)) for tracker, points in rows]


def urn_digests(session: Session, round_id: int) -> list[bytes]:
    """The SHA-256 of every envelope that was opened, ascending; a copied one as often as it was there."""
    wanted = select(UrnEntry.digest, UrnEntry.times).where(UrnEntry.round_id == round_id).order_by(UrnEntry.digest)
    return [digest for digest, times in session.execute(wanted) for _ in range(times)]


def envelopes(session: Session, round_id: int) -> int:
    """How many people voted in the round so far."""
    return session.scalar(select(func.count()).select_from(Envelope).where(Envelope.round_id == round_id)) or 0


def has_envelopes(session: Session, round_id: int) -> bool:
    """Whether anybody voted in the round."""
    return bool(session.scalar(select(exists().where(Envelope.round_id == round_id))))


def codes_asked(session: Session, round_id: int) -> int:
    """How many codes officials asked for, in lists that were not discarded."""
    return _codes(session, round_id, CodeBatch.discarded_at.is_(None))


def codes_made(session: Session, round_id: int) -> int:
    """How many rights to vote were handed out as codes."""
    return _codes(session, round_id, CodeBatch.discarded_at.is_(None), CodeBatch.finished_at.is_not(None))


def _codes(session: Session, round_id: int, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.sum(CodeBatch.size)).where(CodeBatch.round_id == round_id, *where)) or 0


def batches(session: Session, round_id: int) -> Sequence[CodeBatch]:
    """The lists of codes that were asked for, the newest first."""
    return session.scalars(select(CodeBatch).where(CodeBatch.round_id == round_id).order_by(CodeBatch.id.desc())).all()


def pepper_checks(session: Session) -> set[tuple[int, bytes]]:
    """The rounds that were not opened and have good codes, each with what its lists keep of the pepper."""
    good = CodeBatch.pepper_check.is_not(None), CodeBatch.finished_at.is_not(None), CodeBatch.discarded_at.is_(None)
    lists = select(CodeBatch.round_id, CodeBatch.pepper_check).where(*good)
    found = session.execute(lists.where(~exists().where(Opening.round_id == CodeBatch.round_id)).distinct())
    return {(round_id, kept) for round_id, kept in found if kept is not None}


def last_serial(session: Session, round_id: int) -> int:
    """The highest number of a letter that was given out, 0 before the first."""
    reserved = select(func.max(CodeBatch.first_serial + CodeBatch.size - 1)).where(CodeBatch.round_id == round_id)
    given = select(func.max(VotingCode.serial)).where(VotingCode.round_id == round_id)
    return max(session.scalar(reserved) or 0, session.scalar(given) or 0)


def code_by_serial(session: Session, round_id: int, serial: int) -> VotingCode | None:
    """The code of the letter with this number, good or blocked; None also for a list that was not handed out."""
    letter = select(VotingCode).where(VotingCode.round_id == round_id, VotingCode.serial == serial, _HANDED_OUT)
    return session.scalar(letter)


@dataclass(frozen=True)
class CodeCounts:
    """How many letters went out, how many of their codes were replaced, and how many are blocked without that."""

    issued: int
    replaced: int
    blocked: int


def code_counts(session: Session, round_id: int) -> CodeCounts:
    """The codes of a round, as they are counted in public."""
    of_round = VotingCode.round_id == round_id, VotingCode.blocked_at.is_not(None)  # who is replaced is blocked, too
    codes = select(func.count()).select_from(VotingCode).where(*of_round, _HANDED_OUT)
    newer = aliased(VotingCode)
    is_replaced = exists().where(newer.replaces == VotingCode.id)
    return CodeCounts(
        issued=codes_made(session, round_id),
        replaced=session.scalar(codes.where(is_replaced)) or 0,
        blocked=session.scalar(codes.where(~is_replaced)) or 0,
    )


def envelope_mark(session: Session, entitlement_id: int) -> bytes | None:
    """The retry mark of the envelope that lies in the urn for this entitlement, None before one was cast."""
    return session.scalar(select(Envelope.retry_mark).where(Envelope.entitlement_id == entitlement_id))


def has_voted(session: Session, entitlement_id: int) -> bool:
    """Whether an envelope was cast with this right to vote."""
    return bool(session.scalar(select(exists().where(Envelope.entitlement_id == entitlement_id))))


def live_code(session: Session, code: str, *, pepper: str) -> VotingCode | None:
    """The code (in stored form) if some round knows it and it is not blocked."""
    rounds = session.scalars(select(CodeBatch.round_id).distinct()).all()
    macs = {round_id: code_mac(code, round_id=round_id, pepper=pepper.encode()) for round_id in rounds}
    # in pairs and not as a list of them, for which SQLite reads all codes of these rounds
    pairs = [and_(VotingCode.round_id == round_id, VotingCode.code_mac == mac) for round_id, mac in macs.items()]
    known = select(VotingCode).where(or_(false(), *pairs))
    return session.scalar(known.where(VotingCode.blocked_at.is_(None), _HANDED_OUT))


def is_live(session: Session, entitlement_id: int, code_mac: bytes | None = None) -> bool:
    """Whether this right to vote is a person's, or has a code that is not blocked: this one, if it is given."""
    code = exists().where(VotingCode.entitlement_id == Entitlement.id, VotingCode.blocked_at.is_(None), _HANDED_OUT)
    if code_mac is not None:
        code = code.where(VotingCode.code_mac == code_mac)
    live = exists().where(Entitlement.id == entitlement_id, or_(Entitlement.person_id.is_not(None), code))
    return bool(session.scalar(select(live)))


def key_holders(session: Session, round_id: int) -> Sequence[KeyHolder]:
    """The officials who keep the shares of the key, by number."""
    return session.scalars(select(KeyHolder).where(KeyHolder.round_id == round_id).order_by(KeyHolder.number)).all()


def typed_shares(session: Session, round_id: int) -> Sequence[TypedShare]:
    """The shares that were typed in to open the urn, by number."""
    return session.scalars(select(TypedShare).where(TypedShare.round_id == round_id).order_by(TypedShare.number)).all()


def is_urn_ready(session: Session, urn: Urn) -> bool:
    """Whether whoever is to open the urn has what that takes: each share of a key that officials keep is on paper,
    or enough of them have opened the urn."""
    if urn.share_box_key is None:
        return True
    holders = key_holders(session, urn.round_id)
    is_kept = len(holders) == SHARES and all(holder.confirmed_at is not None for holder in holders)
    return is_kept or is_opened(session, urn.round_id)


def can_be_opened(session: Session, urn: Urn) -> bool:
    """Whether enough shares of a key that officials keep are left: not more of them were lost than can be missed."""
    if urn.share_box_key is None:
        return True
    return sum(holder.lost_at is None for holder in key_holders(session, urn.round_id)) >= NEEDED
