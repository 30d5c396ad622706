"""Moments in UTC, one transaction for each deed, nothing acknowledged that can be lost."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Select, event, select, text, update
from sqlalchemy.exc import DBAPIError, NoResultFound, OperationalError, StatementError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.controls import found
from tests.moments import SUBMITTING
from wijkbudget.clock import Clock
from wijkbudget.database import (
    Database,
    Table,
    UnsafeDatabase,
    changed_rows,
    insert_or_refuse,
    lock_and_read_clock,
    lock_row,
    losses,
    read_clock,
    safe_database,
)
from wijkbudget.people.tables import Person
from wijkbudget.places.tables import District
from wijkbudget.refusal import Refusal

NEARLY = timedelta(seconds=5)


class Taken(Refusal):
    """A refusal for this test."""


def district(name: str = "Scheveningen") -> District:
    return District(name=name, slug=name.lower())


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(District.name).order_by(District.id)))


def test_a_moment_comes_back_in_utc(session: Session, build: Builder) -> None:
    person = build.person()
    person.registered_at = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    session.flush()
    session.expire_all()

    assert person.registered_at == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert person.registered_at.utcoffset() == timedelta(0)


def test_an_absent_moment_stays_absent(session: Session, build: Builder) -> None:
    person = build.person(confirmed=False)
    session.expire_all()

    assert person.confirmed_at is None


def test_a_moment_without_a_zone_is_refused(session: Session, build: Builder) -> None:
    person = build.person()
    person.registered_at = datetime(2026, 7, 1, 12)  # noqa: DTZ001  (that is what is refused)

    with pytest.raises(StatementError, match="a moment needs a zone"):
        session.flush()


def test_moments_are_compared_in_utc_by_the_database_too(session: Session, build: Builder) -> None:
    person = build.person()
    same = SUBMITTING.astimezone(timezone(timedelta(hours=-9)))

    assert session.scalar(select(Person.id).where(Person.registered_at == same)) == person.id
    assert session.scalar(select(Person.id).where(Person.registered_at > same)) is None


def test_a_transaction_is_committed_at_its_end(database: Database) -> None:
    with database.transaction() as session:
        session.add(district())

    assert names(database) == ["Scheveningen"]


def test_a_transaction_is_undone_by_any_error(database: Database) -> None:
    def fail_halfway() -> None:
        with database.transaction() as session:
            session.add(district())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    assert names(database) == []


def test_a_writing_session_is_undone_unless_it_is_committed(database: Database) -> None:
    with database.session(writing=True) as session:
        session.add(district())
        session.flush()

    assert names(database) == []


def test_a_reader_does_not_wait_for_a_writer_and_sees_nothing_of_it(database: Database) -> None:
    with database.transaction() as writer:
        writer.add(district())
        writer.flush()
        assert names(database) == []


def test_a_reader_sees_what_was_committed_while_it_was_reading(database: Database) -> None:
    with database.reading() as session:
        assert session.scalars(select(District)).all() == []
        with database.transaction() as writer:
            writer.add(district())
        assert len(session.scalars(select(District)).all()) == 1


def test_rows_stay_readable_after_the_commit(database: Database) -> None:
    with database.transaction() as session:
        row = district()
        session.add(row)

    assert row.name == "Scheveningen"


def test_writers_that_read_first_all_succeed(database: Database) -> None:
    """With SQLite's deferred transactions most of them would fail; see _begin_immediate."""
    with database.transaction() as session:
        session.add(district("0"))

    def count_on() -> None:
        for _ in range(10):
            with database.transaction() as session:
                row = session.scalars(select(District).with_for_update()).one()
                row.name = str(int(row.name) + 1)

    writers = [Thread(target=count_on) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert names(database) == ["40"]


def test_our_own_settings_lose_nothing(database: Database) -> None:
    with database.engine.connect() as connection:
        assert losses(connection.connection.driver_connection) == []


@pytest.mark.parametrize("level", ["OFF", "NORMAL"])
def test_a_sqlite_that_does_not_wait_for_the_disk_could_lose_votes(tmp_path: Path, level: str) -> None:
    loose = Database(f"sqlite:///{tmp_path / 'loose.db'}")
    event.listen(loose.engine, "connect", lambda raw, _record: raw.execute(f"PRAGMA synchronous = {level}"))

    with loose.engine.connect() as connection:
        assert losses(connection.connection.driver_connection) == ["SQLite synchronous must be FULL"]
    loose.engine.dispose()


def test_a_sqlite_without_write_ahead_log_could_lose_votes(tmp_path: Path) -> None:
    loose = Database(f"sqlite:///{tmp_path / 'loose.db'}")
    event.listen(loose.engine, "connect", lambda raw, _record: raw.execute("PRAGMA journal_mode = DELETE"))

    with loose.engine.connect() as connection:
        assert losses(connection.connection.driver_connection) == ["SQLite journal_mode must be WAL"]
    loose.engine.dispose()


@pytest.mark.parametrize("value", ["off", "local"])
def test_a_postgresql_that_does_not_wait_for_the_disk_could_lose_votes(database: Database, value: str) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("a setting of PostgreSQL")

    with database.engine.connect() as connection:
        connection.execute(text(f"SET LOCAL synchronous_commit TO {value}"))
        assert losses(connection.connection.driver_connection) == [
            f"PostgreSQL synchronous_commit is '{value}', it must be 'on'"
        ]


def test_a_database_that_is_away_at_the_start_is_looked_at_when_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "away"
    database = safe_database(f"sqlite:///{folder / 'new.db'}")
    assert "the database does not answer" in caplog.text
    folder.mkdir()
    monkeypatch.setattr("wijkbudget.database.losses", lambda _connection: ["it forgets"])
    for _ in range(2):
        with pytest.raises(UnsafeDatabase, match="it forgets"), database.transaction() as session:
            session.execute(text("SELECT 1"))
    monkeypatch.undo()
    with database.transaction() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    database.engine.dispose()


def test_a_connection_that_was_found_safe_is_left_as_it_was(database_url: str) -> None:
    database = safe_database(database_url)
    with database.reading() as reader, database.transaction() as session:
        session.add(district())
        session.flush()
        assert reader.scalars(select(District.id)).all() == []
        session.rollback()
    database.engine.dispose()


@pytest.mark.parametrize("exclusive", [False, True])
def test_the_clock_of_the_database_is_read_with_its_zone(session: Session, build: Builder, exclusive: bool) -> None:
    place = build.district()

    moment = lock_and_read_clock(session, select(District.id).where(District.id == place.id), exclusive=exclusive)

    assert moment.utcoffset() == timedelta(0)
    assert abs(moment - Clock().now()) < NEARLY


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam"])
def test_the_clock_can_be_read_without_a_row_whatever_the_zone_of_the_session(session: Session, zone: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL TIME ZONE '{zone}'"))

    moment = read_clock(session)

    assert moment.tzinfo is UTC
    assert abs(moment - Clock().now()) < NEARLY


def test_the_clock_goes_on_within_one_transaction(session: Session, build: Builder) -> None:
    row = select(District.id).where(District.id == build.district().id)

    readings = [lock_and_read_clock(session, row) for _ in range(50)]

    assert len(set(readings)) > 1


def test_a_row_that_does_not_exist_is_not_locked(session: Session) -> None:
    with pytest.raises(NoResultFound):
        lock_and_read_clock(session, select(District.id).where(District.id == -1))


def test_who_had_to_wait_for_the_lock_reads_the_clock_after_the_wait(database: Database) -> None:
    with database.transaction() as session:
        place = district()
        session.add(place)
    row = select(District.id).where(District.id == place.id)
    read: list[datetime] = []

    def wait_and_read() -> None:
        with database.transaction() as session:
            read.append(lock_and_read_clock(session, row))

    with database.transaction() as closing:
        lock_and_read_clock(closing, row, exclusive=True)
        waiting = Thread(target=wait_and_read)
        waiting.start()
        waiting.join(0.3)
        assert not read
        released = Clock().now()
    waiting.join()

    assert read[0] >= released - timedelta(milliseconds=2)  # SQLite's clock shows whole milliseconds


def test_who_had_to_wait_for_a_row_sees_what_the_other_one_did(database: Database) -> None:
    with database.transaction() as session:
        session.add(district())
    seen: list[str] = []

    def wait_and_look() -> None:
        with database.transaction() as session:
            row = place(session)
            begun.set()
            lock_row(session, row)
            seen.append(row.name)

    def place(session: Session) -> District:
        return session.scalars(select(District)).one()

    begun = Event()
    waiting = Thread(target=wait_and_look)
    with database.transaction() as first:
        row = place(first)
        lock_row(first, row)
        waiting.start()
        begun.wait(0.3)  # SQLite's second writer waits earlier still: at the beginning of its transaction
        row.name = "Laak"
        first.flush()
        waiting.join(0.3)
        assert seen == []
    waiting.join()

    assert seen == ["Laak"]


def test_what_the_database_refuses_becomes_a_refusal_and_the_rest_stays(session: Session) -> None:
    insert_or_refuse(session, district("Loosduinen"), Taken())

    with pytest.raises(Taken):
        insert_or_refuse(session, district("Loosduinen"), Taken())

    insert_or_refuse(session, district("Centrum"), Taken())
    assert set(session.scalars(select(District.name))) == {"Loosduinen", "Centrum"}


def test_the_number_of_changed_rows_is_told(session: Session) -> None:
    session.add_all([district("Laak"), district("Escamp")])
    session.flush()

    assert changed_rows(session, update(District).values(slug=District.name)) == 2
    assert changed_rows(session, update(District).where(District.id == -1).values(slug="x")) == 0


def test_a_row_that_others_point_to_is_not_removed(session: Session, build: Builder) -> None:
    place = build.neighbourhood()

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        session.execute(Table.metadata.tables["district"].delete().where(District.id == place.district_id))


def test_sqlite_overwrites_what_is_deleted(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("a setting of SQLite")

    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1


def test_an_unreachable_database_says_so() -> None:
    nowhere = Database("sqlite:////no/such/folder/test.db")

    with pytest.raises(OperationalError), nowhere.transaction() as session:
        session.execute(text("SELECT 1"))


def test_an_error_does_not_tell_what_was_to_be_stored(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError) as failure:
        session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "a token"})
    assert "a token" not in str(failure.value)


def test_postgresql_sees_what_was_committed_meanwhile_and_nobody_waits_for_ever(database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer, and its busy timeout")
    with database.transaction() as session:
        shown = {name: session.scalar(text(f"SHOW {name}")) for name in ("transaction_isolation", "lock_timeout")}
    assert shown == {"transaction_isolation": "read committed", "lock_timeout": "10s"}


def test_a_clock_that_is_read_before_the_wait_is_found_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_first(session: Session, row: Select[Any], *, exclusive: bool = False) -> datetime:
        moment = Clock().now()
        lock_and_read_clock_of_ours(session, row, exclusive=exclusive)
        return moment

    lock_and_read_clock_of_ours = lock_and_read_clock
    monkeypatch.setitem(globals(), "lock_and_read_clock", read_first)
    with found(">= "):
        test_who_had_to_wait_for_the_lock_reads_the_clock_after_the_wait(database)
