"""The database: SQLite or PostgreSQL, one transaction for each deed, nothing acknowledged that can be lost."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    FromClause,
    MetaData,
    Select,
    create_engine,
    event,
    func,
    literal_column,
    select,
)
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from .refusal import Refusal

logger = logging.getLogger(__name__)

POSTGRESQL_SAFETY = ("synchronous_commit", "fsync", "full_page_writes")
POSTGRESQL_LIMITS = {
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "15min",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; a value without a zone is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The base of all tables; constraint names are predictable, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012  (SQLAlchemy reads it from the class)


class Database:
    """Hands out sessions: to read without a transaction, or to write within one."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    def session(self, *, writing: bool) -> Session:
        """A session; a writing one holds SQLite's write lock from its first statement, so that no writer fails late.

        A reading one has no transaction, and never sends what was changed by mistake.
        """
        return Session(self.engine if writing else self._reader, expire_on_commit=False, autoflush=writing)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing session that commits at the end and is undone by any error."""
        with self.session(writing=True) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only."""
        with self.session(writing=False) as session:
            yield session


class UnsafeDatabase(RuntimeError):
    """The database could lose an acknowledged vote; the text says by which setting."""


def safe_database(url: str) -> Database:
    """The database at `url`, each new connection of which raises UnsafeDatabase if it could lose what it acknowledges.

    Raises it at once, unless the database does not answer now: a site must not end for good because one of its
    processes began while the database was away.
    """
    database = Database(url)
    event.listen(database.engine, "connect", _require_safe)
    try:
        database.engine.connect().close()
    except OperationalError:
        logger.warning("the database does not answer; what asks for it fails until it does", exc_info=True)
    return database


def _require_safe(connection: Any, _record: object) -> None:
    problems = losses(connection)
    connection.rollback()
    if problems:
        connection.close()
        raise UnsafeDatabase("; ".join(problems))


def _engine(url: str) -> Engine:
    # Parameters stay out of errors and logs: they hold addresses, tokens and hashes of codes.
    if not url.startswith("sqlite"):
        return _postgresql(url)
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _postgresql(url: str) -> Engine:
    # The count waits for a vote under way and then reads it: only READ COMMITTED sees what was committed meanwhile.
    engine = create_engine(
        url,
        pool_size=10,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5},
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Nobody waits for ever: behind a stuck lock, a lost network path, or a process that died in a transaction.
    connection.autocommit = True
    for name, limit in POSTGRESQL_LIMITS.items():
        connection.execute(f"SET {name} = '{limit}'")
    connection.autocommit = False


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and takes no lock; ours is below
    connection.execute("PRAGMA busy_timeout = 30000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")


def _begin_immediate(connection: Connection) -> None:
    # Deferred transactions that write later fail at once when another has written (3,607 of 4,000, measured).
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def losses(connection: Any) -> list[str]:
    """What in the settings of this connection (the driver's own) could lose an acknowledged vote, in words."""

    def value(statement: str) -> Any:
        return connection.execute(statement).fetchone()[0]

    if not isinstance(connection, sqlite3.Connection):
        values = {name: value(f"SHOW {name}") for name in POSTGRESQL_SAFETY}
        unsafe = {name: setting for name, setting in values.items() if setting in ("off", "local")}
        return [f"PostgreSQL {name} is '{setting}', it must be 'on'" for name, setting in unsafe.items()]
    is_wal, is_full = value("PRAGMA journal_mode") == "wal", value("PRAGMA synchronous") >= 2
    sound = {"SQLite journal_mode must be WAL": is_wal, "SQLite synchronous must be FULL": is_full}
    return [words for words, holds in sound.items() if not holds]


def lock_row(session: Session, row: Table) -> None:
    """Hold this row alone until the transaction ends, and read it anew: whoever waited sees what the other one did."""
    session.refresh(row, with_for_update={"of": type(row)})


def lock_and_read_clock(session: Session, row: Select[Any], *, exclusive: bool = False) -> datetime:
    """Lock the one row that `row` selects, then read the database's own clock. Raises NoResultFound without that row.

    The lock is shared unless `exclusive`. The clock is read after the lock is held, in the same statement: a vote that
    had to wait for the closing job must not be judged by the moment at which it began to wait.
    """
    if session.get_bind().dialect.name == "sqlite":  # BEGIN IMMEDIATE holds the only write lock already
        return _moment(session, row.subquery())
    locked = row.with_for_update(read=not exclusive).cte("locked").prefix_with("MATERIALIZED", dialect="postgresql")
    return _moment(session, locked)


def read_clock(session: Session) -> datetime:
    """The database's own clock, for what shows or starts something; what must not come late holds a lock as well."""
    return _moment(session)


def _moment(session: Session, *tables: FromClause) -> datetime:
    if session.get_bind().dialect.name == "sqlite":
        written: ColumnElement[str] = literal_column("strftime('%Y-%m-%d %H:%M:%f', 'now')")
        text = session.scalars(select(written).select_from(*tables)).one()
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    moment: ColumnElement[datetime] = func.clock_timestamp()
    # in the zone of the session: adding hours to that would be wrong in the night when clocks change
    return session.scalars(select(moment).select_from(*tables)).one().astimezone(UTC)


def insert_or_refuse(session: Session, row: object, refusal: Refusal) -> None:
    """Add `row` and send it; the database's own refusal (unique key, check) becomes `refusal`, the rest stays."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as violation:
        raise refusal from violation


def changed_rows(session: Session, statement: Executable) -> int:
    """Execute an INSERT, UPDATE or DELETE and tell how many rows it changed."""
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
