"""Which urn, how many codes and envelopes; never what is in them."""

from collections.abc import Iterator

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import Session

from .codes import code_mac
from .rules import Ballot, FrozenRules
from .tables import CodeBatch, Envelope, OpenedBallot, Opening, Urn, VotingCode

AT_A_TIME = 10_000
"""How many opened ballots are fetched at a time."""


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


def opened_ballots(session: Session, round_id: int) -> Iterator[Ballot]:
    """The ballots that came out of the urn, in the order of their trackers; read while they are asked for."""
    wanted = select(OpenedBallot.points).where(OpenedBallot.round_id == round_id).order_by(OpenedBallot.tracker)
    # asked of the result and not of the statement: that would need a transaction, and pages read without one
    for points in session.scalars(wanted).yield_per(AT_A_TIME):
        yield Ballot(tuple((plan_id, given) for plan_id, given in points))


def envelopes(session: Session, round_id: int) -> int:
    """How many people voted in the round so far."""
    return session.scalar(select(func.count()).select_from(Envelope).where(Envelope.round_id == round_id)) or 0


def codes_made(session: Session, round_id: int) -> int:
    """How many rights to vote were handed out as codes."""
    return session.scalar(select(func.sum(CodeBatch.size)).where(CodeBatch.round_id == round_id)) or 0


def envelope_mark(session: Session, entitlement_id: int) -> bytes | None:
    """The retry mark of the envelope that lies in the urn for this entitlement, None before one was cast."""
    return session.scalar(select(Envelope.retry_mark).where(Envelope.entitlement_id == entitlement_id))


def has_voted(session: Session, entitlement_id: int) -> bool:
    """Whether an envelope was cast with this right to vote."""
    return bool(session.scalar(select(exists().where(Envelope.entitlement_id == entitlement_id))))


def live_code(session: Session, code: str, *, pepper: str) -> VotingCode | None:
    """The code (in stored form) if some round knows it and it is not blocked."""
    rounds = session.scalars(select(CodeBatch.round_id).distinct()).all()
    keys = [(round_id, code_mac(code, round_id=round_id, pepper=pepper.encode())) for round_id in rounds]
    known = select(VotingCode).where(tuple_(VotingCode.round_id, VotingCode.code_mac).in_(keys))
    return session.scalar(known.where(VotingCode.blocked_at.is_(None)))


def is_live(session: Session, entitlement_id: int) -> bool:
    """Whether a code of this right to vote is not blocked."""
    code = exists().where(VotingCode.entitlement_id == entitlement_id, VotingCode.blocked_at.is_(None))
    return bool(session.scalar(select(code)))
