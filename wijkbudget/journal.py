"""Who did what and when: a chain of entries that is only added to, each holding the hash of the one before it.

A ballot is never in it: that would tell when somebody voted.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import DDL, ColumnElement, ForeignKey, Row, Select, String, Text, case, event, select, text, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column

from .database import Table

LONGEST_DEED = 40
AT_A_TIME = 1_000
"""How many entries are in memory while the chain is checked."""

EARLIEST, LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
"""Between these a moment can be read in any zone."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr)

GUARDS = {
    "sqlite": (
        """
        CREATE TRIGGER journal_entry_update BEFORE UPDATE ON journal_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
        """,
        """
        CREATE TRIGGER journal_entry_delete BEFORE DELETE ON journal_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
        """,
        # INSERT OR REPLACE takes the old row away without asking the trigger on DELETE.
        """
        CREATE TRIGGER journal_entry_replace BEFORE INSERT ON journal_entry
        WHEN EXISTS (
            SELECT 1 FROM journal_entry
            WHERE number = NEW.number OR previous = NEW.previous OR hash = NEW.hash
        )
        BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
        """,
    ),
    "postgresql": (
        """
        CREATE OR REPLACE FUNCTION refuse_change_of_journal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        """
        CREATE TRIGGER journal_entry_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_journal()
        """,
    ),
}
"""What makes the database itself refuse to change or remove an entry."""


class JournalEntry(Table):
    """One deed; without a person, a command or a job did it. `details` is canonical JSON."""

    __tablename__ = "journal_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    deed: Mapped[str] = mapped_column(String(LONGEST_DEED))
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


def _do(moment: str, statement: str, *, dialect: str) -> None:
    command: Any = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(JournalEntry.__table__, moment, command.execute_if(dialect=dialect))


for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        _do("after_create", _statement, dialect=_dialect)
_do("after_drop", "DROP FUNCTION IF EXISTS refuse_change_of_journal()", dialect="postgresql")


class Head(NamedTuple):
    """The number and the hash of an entry that was the newest at some moment."""

    number: int
    hash: str


BEFORE_ALL = Head(0, "0" * 64)


class Fault(StrEnum):
    """Why the chain is broken at an entry: its contents, its absence, or not following from the entry before it."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_CHAIN = "out-of-chain"


@dataclass(frozen=True)
class Broken:
    """The entry at which the chain is broken, and why."""

    number: int
    fault: Fault


def record_deed(
    session: Session,
    deed: str,
    *,
    now: datetime,
    person_id: int | None = None,
    round_id: int | None = None,
    **details: str | int,
) -> None:
    """Write down a deed in the caller's transaction, as the last thing there: writers wait for each other's commit.

    Details hold no code, choice, tracker, token, fingerprint or e-mail address.
    """
    session.flush()
    _await_turn(session, person=person_id, round=round_id)
    last = journal_head(session)
    entry = JournalEntry(
        number=last.number + 1, at=now, person_id=person_id, round_id=round_id, deed=deed,
        details=_CANONICAL.encode(details), previous=last.hash,
    )  # fmt: skip
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()


def _await_turn(session: Session, **referred: int | None) -> None:
    if session.get_bind().dialect.name == "sqlite":  # BEGIN IMMEDIATE holds the only write lock already
        return
    # The rows to which the entry refers come first. Whoever has the journal must not wait for a row whose holder waits
    # for the journal.
    for name, id_ in referred.items():
        row = Table.metadata.tables[name]
        session.execute(select(row.c.id).where(row.c.id == id_).with_for_update(read=True, key_share=True))
    session.execute(text("LOCK TABLE journal_entry IN SHARE ROW EXCLUSIVE MODE"))


def journal_head(session: Session) -> Head:
    """The newest entry; number 0 if there is none.

    The chain cannot show that its newest entries were cut off, nor that all of it was written anew: for that the head
    has to be noted elsewhere and held against it later with `is_in_chain`.
    """
    newest = select(JournalEntry.number, JournalEntry.hash).order_by(JournalEntry.number.desc()).limit(1)
    with _any_text(session):
        row = session.execute(newest).first()
    return Head(*row) if row else BEFORE_ALL


def is_in_chain(session: Session, head: Head) -> bool:
    """Whether the entry that was noted earlier is still there with that hash."""
    hash_ = session.scalar(select(JournalEntry.hash).where(JournalEntry.number == head.number))
    return head == BEFORE_ALL or hash_ == head.hash


def first_broken(session: Session) -> Broken | None:
    """Where the chain is broken first, None if it is whole; what that does not show, `journal_head` tells."""
    last = BEFORE_ALL
    for entry in _entries(session):
        if entry.number > last.number + 1:
            return Broken(last.number + 1, Fault.MISSING)
        if entry.hash != hash_of(entry):
            return Broken(entry.number, Fault.CHANGED)
        if (entry.number, entry.previous) != (last.number + 1, last.hash):
            return Broken(entry.number, Fault.OUT_OF_CHAIN)
        last = Head(entry.number, entry.hash)
    return None


def _entries(session: Session) -> Iterator[Row[Any]]:
    others = [column for column in JournalEntry.__table__.columns if column.name != "at"]
    rows = select(*others, _kept_moment(session)).order_by(JournalEntry.number).limit(AT_A_TIME)
    page = _fetched(session, rows)
    while page:
        yield from page
        page = _fetched(session, rows.where(JournalEntry.number > page[-1].number))


def _kept_moment(session: Session) -> ColumnElement[Any]:
    """The moment as the database keeps it, NULL where Python knows none: it need not be a moment any more."""
    at = JournalEntry.__table__.c.at
    if session.get_bind().dialect.name != "sqlite":  # PostgreSQL knows infinity, and years before 1 and after 9999
        return type_coerce(case((at.between(EARLIEST, LATEST), at)), String).label("at")
    return type_coerce(at, String).label("at")


def _fetched(session: Session, rows: Select[Any]) -> Sequence[Row[Any]]:
    with _any_text(session):
        return session.execute(rows).all()


@contextmanager
def _any_text(session: Session) -> Iterator[None]:
    """Read text that is no UTF-8 as well, which SQLite keeps: odd bytes as surrogates, which no other text gives."""
    raw: Any = session.connection().connection.driver_connection
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    before, raw.text_factory = raw.text_factory, lambda written: written.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before


def hash_of(entry: JournalEntry | Row[Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of all other fields; the moment in ISO 8601, UTC, microseconds."""
    names = (column.name for column in JournalEntry.__table__.columns if column.name not in ("at", "hash"))
    fields = {name: getattr(entry, name) for name in names} | {"at": _written(entry.at)}
    return hashlib.sha256(_CANONICAL.encode(fields).encode("utf-8", "backslashreplace")).hexdigest()


def _written(at: Any) -> str:
    if isinstance(at, datetime):
        return at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{at}+00:00".replace(" ", "T")  # SQLite keeps it as text
