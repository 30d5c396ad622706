"""Codes for the printer: one official asks, another releases, and the list is made and handed out once, piece by piece.

Each piece is stored in a transaction of its own before it is handed out, so a million codes need little memory and
hold up nobody. None of them is good until the whole list was handed out: a download that breaks off leaves nothing
behind that could vote.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from ..clock import Clock
from ..database import Database, changed_rows, lock_and_read_clock, lock_row
from ..journal import record_deed
from ..people.tables import Person
from ..refusal import Refusal
from ..rounds.rules import Phase, require_phase
from ..rounds.tables import Round
from ..rounds.voting import Franchise
from .codes import code_mac, new_code, pepper_check, written_code
from .queries import codes_asked, last_serial
from .tables import CodeBatch, Entitlement, VotingCode

AT_A_TIME = 2_000
"""How many codes are made in one transaction."""
UNTIL_CLOSING = (Phase.ANNOUNCED, Phase.SUBMITTING, Phase.REVIEWING, Phase.VOTING)

Piece = list[tuple[int, str]]
"""Serials and written codes, as they stand on the letters."""


class NoLetters(Refusal):
    """In this round people vote with an account, so there are no codes."""


class OwnBatch(Refusal):
    """Whoever asked for codes cannot release them too."""


class BatchReleased(Refusal):
    """A colleague released these codes already."""


class BatchNotReleased(Refusal):
    """A second official has not released these codes yet."""


class BatchHandedOut(Refusal):
    """The list was made once, and cannot be made again."""


class BatchDiscarded(Refusal):
    """The list was discarded; none of its codes is good."""


class BatchUsed(Refusal):
    """Somebody voted with a code of this list, so it cannot be discarded."""


class CodesMadeMeanwhile(Refusal):
    """Codes were made after the page was shown, by a doubled click or by a colleague."""


class MoreCodesThanElectorate(Refusal):
    """There may be no more codes than people who may vote; details: `left`."""


def ask_for_codes(
    session: Session, *, round: Round, size: int, official: Person, now: datetime, seen: int | None = None
) -> CodeBatch:
    """A list of `size` codes that waits for a second official.

    `seen` is how many codes there were on the page that asks: a doubled click asks for no second list.
    Raises NoLetters, WrongPhase after voting, CodesMadeMeanwhile, MoreCodesThanElectorate.
    """
    require_letters(round)
    lock_row(session, round)
    require_phase(round.schedule, UNTIL_CLOSING, now)
    _require_room(codes_asked(session, round.id), size, round.electorate.eligible, seen)
    first = last_serial(session, round.id) + 1
    batch = CodeBatch(round_id=round.id, size=size, first_serial=first, asked_at=now, asked_by=official.id)
    session.add(batch)
    session.flush()
    _record(session, "ask for codes", batch, official, now)
    return batch


def require_letters(round: Round) -> None:
    """Raise NoLetters in a round in which people vote with an account."""
    if round.voting.franchise is not Franchise.LETTER:
        raise NoLetters()


def _require_room(asked: int, size: int, eligible: int, seen: int | None) -> None:
    if seen is not None and seen != asked:
        raise CodesMadeMeanwhile()
    if not 0 < size <= eligible - asked:
        raise MoreCodesThanElectorate(left=max(0, eligible - asked))


def release_codes(session: Session, *, batch: CodeBatch, official: Person, now: datetime) -> None:
    """Let the list be made. Raises BatchDiscarded, BatchReleased, OwnBatch."""
    _lock(session, batch)
    if batch.discarded_at is not None:
        raise BatchDiscarded()
    if batch.released_at is not None:
        raise BatchReleased()
    if batch.asked_by == official.id:
        raise OwnBatch()
    batch.released_at, batch.released_by = now, official.id
    _record(session, "release codes", batch, official, now)


def _lock(session: Session, batch: CodeBatch) -> None:
    """Hold the round and then the list: always in this order, so that nobody waits for each other."""
    lock_row(session, session.get_one(Round, batch.round_id))
    lock_row(session, batch)


def discard_codes(session: Session, *, batch: CodeBatch, official: Person, now: datetime) -> None:
    """Let no code of this list be good, from now on. Raises WrongPhase after voting, BatchDiscarded, BatchUsed."""
    _lock(session, batch)  # no vote comes in meanwhile
    require_phase(session.get_one(Round, batch.round_id).schedule, UNTIL_CLOSING, now)
    if batch.discarded_at is not None:
        raise BatchDiscarded()
    used = exists().where(
        VotingCode.batch_id == batch.id, VotingCode.entitlement_id == Entitlement.id, Entitlement.is_used
    )
    if session.scalar(select(used)):
        raise BatchUsed()
    batch.discarded_at, batch.discarded_by = now, official.id
    _record(session, "discard codes", batch, official, now)


def begin_codes(session: Session, *, batch: CodeBatch, official: Person, now: datetime) -> None:
    """Claim the one making of this list, for `made_codes`.

    Raises BatchDiscarded, BatchNotReleased, BatchHandedOut, WrongPhase after voting.
    """
    _lock(session, batch)
    require_phase(session.get_one(Round, batch.round_id).schedule, UNTIL_CLOSING, now)
    if batch.discarded_at is not None:
        raise BatchDiscarded()
    if batch.released_at is None:
        raise BatchNotReleased()
    if batch.begun_at is not None:
        raise BatchHandedOut()
    batch.begun_at, batch.begun_by = now, official.id
    _record(session, "hand out codes", batch, official, now)


def _record(session: Session, deed: str, batch: CodeBatch, official: Person, now: datetime) -> None:
    record_deed(session, deed, now=now, person_id=official.id, round_id=batch.round_id, batch=batch.id, size=batch.size)


def made_codes(database: Database, *, batch_id: int, pepper: str, clock: Clock) -> Iterator[Piece]:
    """The codes of a list that was begun, piece by piece; they become good once the last piece was taken.

    Raises BatchDiscarded if it is discarded meanwhile; WrongPhase once voting is over, by the clock of the database.
    """
    with database.reading() as session:
        batch = session.get_one(CodeBatch, batch_id)
    for start in range(0, batch.size, AT_A_TIME):
        size = min(AT_A_TIME, batch.size - start)
        with database.transaction() as session:
            _hold_round(session, batch, clock)
            _count_made(session, batch, start, size)
            piece = store_codes(session, batch, batch.first_serial + start, size, pepper=pepper)
        yield piece
    with database.transaction() as session:
        _hold_round(session, batch, clock)
        done = update(CodeBatch).where(CodeBatch.id == batch_id, CodeBatch.discarded_at.is_(None))
        check = pepper_check(batch.round_id, pepper=pepper.encode())
        if not changed_rows(session, done.values(finished_at=clock.now(), pepper_check=check)):
            raise BatchDiscarded()


def _hold_round(session: Session, batch: CodeBatch, clock: Clock) -> None:
    # Against who counts the round or discards the list, not against voters. What comes later is in no public count.
    moment = lock_and_read_clock(session, select(Round.id).where(Round.id == batch.round_id))
    schedule = session.scalars(select(Round.schedule).where(Round.id == batch.round_id)).one()
    require_phase(schedule, UNTIL_CLOSING, moment + clock.ahead)


def _count_made(session: Session, batch: CodeBatch, made: int, more: int) -> None:
    live = update(CodeBatch).where(CodeBatch.id == batch.id, CodeBatch.made == made, CodeBatch.discarded_at.is_(None))
    if not changed_rows(session, live.values(made=made + more)):
        raise BatchDiscarded()


def store_codes(session: Session, batch: CodeBatch, first_serial: int, size: int, *, pepper: str) -> Piece:
    """New rights to vote with their codes; the codes exist nowhere but in what this gives."""
    key, codes = pepper.encode(), [new_code() for _ in range(size)]
    new = insert(Entitlement).returning(Entitlement.id)
    entitlements = session.connection().execute(new, [{"round_id": batch.round_id, "is_used": False}] * size).scalars()
    rows = [
        {
            "round_id": batch.round_id,
            "batch_id": batch.id,
            "entitlement_id": entitlement,
            "serial": serial,
            "code_mac": code_mac(code, round_id=batch.round_id, pepper=key),
        }
        for serial, (entitlement, code) in enumerate(zip(entitlements, codes, strict=True), start=first_serial)
    ]
    session.connection().execute(insert(VotingCode), rows)
    return [(first_serial + place, written_code(code)) for place, code in enumerate(codes)]
