"""What is done about one letter by its number (briefnummer): replacing it, blocking it, unblocking it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..database import lock_row
from ..journal import record_deed
from ..people.tables import Person
from ..refusal import Refusal
from ..rounds.rules import require_phase
from ..rounds.tables import Round
from .batches import UNTIL_CLOSING, require_letters
from .codes import code_mac, new_code, written_code
from .queries import code_by_serial, last_serial
from .tables import VotingCode


class UnknownSerial(Refusal):
    """No letter of this round has this number."""


class CodeReplaced(Refusal):
    """The letter was replaced by a newer one; details: its number `serial`."""


class CodeBlocked(Refusal):
    """The code of this letter is blocked already."""


class CodeNotBlocked(Refusal):
    """The code of this letter is not blocked."""


class Reason(StrEnum):
    """Why a code is blocked or replaced; a list, because a sentence of one's own could name somebody."""

    LOST = "lost"
    RETURNED = "returned"
    MISUSED = "misused"
    MOVED = "moved"
    MISTAKE = "mistake"


def replace_code(
    session: Session, *, round: Round, serial: int, reason: Reason, official: Person, pepper: str, now: datetime
) -> tuple[int, str]:
    """The number of a new letter and its written code, for the right to vote of the old letter, whose code is blocked.

    Raises NoLetters, WrongPhase after voting, UnknownSerial, CodeReplaced.
    """
    old = _letter(session, round, serial, now)
    old.blocked_at = old.blocked_at or now
    session.flush()
    code = new_code()
    fresh = VotingCode(
        round_id=round.id,
        entitlement_id=old.entitlement_id,
        batch_id=old.batch_id,
        replaces=old.id,
        serial=last_serial(session, round.id) + 1,
        code_mac=code_mac(code, round_id=round.id, pepper=pepper.encode()),
    )
    session.add(fresh)
    session.flush()
    _record(session, "replace code", round, official, now, serial=serial, by=fresh.serial, reason=reason)
    return fresh.serial, written_code(code)


def block_code(session: Session, *, round: Round, serial: int, reason: Reason, official: Person, now: datetime) -> None:
    """Let the code of this letter open no booth; a vote that was cast with it stays.

    Raises NoLetters, WrongPhase after voting, UnknownSerial, CodeReplaced, CodeBlocked.
    """
    code = _letter(session, round, serial, now)
    if code.blocked_at is not None:
        raise CodeBlocked()
    code.blocked_at = now
    session.flush()
    _record(session, "block code", round, official, now, serial=serial, reason=reason)


def unblock_code(session: Session, *, round: Round, serial: int, official: Person, now: datetime) -> None:
    """Let a blocked code be good again. Raises NoLetters, WrongPhase after voting, UnknownSerial, CodeReplaced,
    CodeNotBlocked.
    """
    code = _letter(session, round, serial, now)
    if code.blocked_at is None:
        raise CodeNotBlocked()
    code.blocked_at = None
    session.flush()
    _record(session, "unblock code", round, official, now, serial=serial)


def _letter(session: Session, round: Round, serial: int, now: datetime) -> VotingCode:
    """The code of the letter, while nobody else changes one of this round and no vote comes in."""
    require_letters(round)
    lock_row(session, round)
    require_phase(round.schedule, UNTIL_CLOSING, now)
    code = code_by_serial(session, round.id, serial)
    if code is None:
        raise UnknownSerial()
    newer = session.scalar(select(VotingCode.serial).where(VotingCode.replaces == code.id))
    if newer is not None:
        raise CodeReplaced(serial=newer)
    return code


def _record(session: Session, deed: str, round: Round, official: Person, now: datetime, **details: str | int) -> None:
    record_deed(session, deed, now=now, person_id=official.id, round_id=round.id, **details)
