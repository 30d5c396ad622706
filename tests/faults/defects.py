"""What breaks the promises on purpose, in the process that is killed and in the one that works after it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from nacl.public import PrivateKey
from sqlalchemy import Connection, Engine, delete, event, select
from sqlalchemy.orm import Session

from wijkbudget.ballots import actions, freezing
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.tables import Envelope, Urn
from wijkbudget.database import Database
from wijkbudget.jobs import phases


def suffer(defect: str, deed: Callable[..., None], *values: object) -> None:
    """A deed of another process, with this defect."""
    with DEFECTS[defect]():
        deed(*values)


def half_commit(connection: Connection) -> None:
    """Commit what was done so far and go on, as if one deed were two transactions."""
    connection.exec_driver_sql("COMMIT")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def commits_before(statement: str) -> Iterator[None]:
    """Commit half-way: just before each statement that begins like this."""

    def commit(connection: Connection, _cursor: object, sent: str, *_: object) -> None:
        if sent.startswith(statement):
            half_commit(connection)

    event.listen(Engine, "before_cursor_execute", commit)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", commit)


@contextmanager
def replaces_in_two_steps() -> Iterator[None]:
    """The earlier ballot is taken out and committed before the new one is put in."""
    put = actions._put_into_urn

    def put_into_urn(session: Session, envelope: Envelope, replaces: bytes | None, *, is_final: bool) -> bytes:
        session.execute(delete(Envelope).where(Envelope.entitlement_id == envelope.entitlement_id))
        half_commit(session.connection())
        return put(session, envelope, replaces, is_final=is_final)

    with patch.object(actions, "_put_into_urn", put_into_urn):
        yield


@contextmanager
def stores_the_key_last() -> Iterator[None]:
    """The key of an urn is stored only after the urn was committed."""
    begin, made = Database.transaction, dict[int, tuple[KeyFolder, bytes]]()

    def make_key(rules: Any, keys: KeyFolder) -> freezing._PublicKeys:
        key = PrivateKey.generate()
        made[rules.round_id] = keys, bytes(key)
        return freezing._PublicKeys(bytes(key.public_key))

    @contextmanager
    def transaction(database: Database) -> Iterator[Session]:
        with begin(database) as session:
            yield session
        if made:
            with database.reading() as session:
                frozen = session.scalars(select(Urn.round_id)).all()
            for round_id, (keys, key) in made.items():
                if round_id in frozen:
                    keys._path.mkdir(parents=True, exist_ok=True)
                    keys._file(round_id, "key").write_bytes(key)
            made.clear()

    with patch.object(freezing, "_make_key", make_key), patch.object(Database, "transaction", transaction):
        yield


@contextmanager
def makes_a_key_each_time() -> Iterator[None]:
    """A key that is there already is replaced."""
    make = KeyFolder.make_key

    def make_key(keys: KeyFolder, round_id: int, kind: str = "key") -> bytes:
        keys._file(round_id, kind).unlink(missing_ok=True)
        return make(keys, round_id, kind)

    with patch.object(KeyFolder, "make_key", make_key):
        yield


@contextmanager
def knows_no_finished_task() -> Iterator[None]:
    """Tasks leave no mark by which another scheduler sees that they were done."""
    with patch.object(phases, "insert_or_refuse", lambda *_: None):
        yield


Defect = Callable[[], AbstractContextManager[None]]


def _half(statement: str) -> Defect:
    return lambda: commits_before(statement)


DEFECTS: dict[str, Defect] = {
    "uses the right up first": _half("INSERT INTO envelope "),
    "replaces in two steps": replaces_in_two_steps,
    "freezes in two steps": _half("INSERT INTO urn "),
    "stores the key last": stores_the_key_last,
    "makes a key each time": makes_a_key_each_time,
    "confirms in two steps": _half("INSERT INTO journal_entry "),
    "opens in two steps": _half("INSERT INTO urn_entry "),
    "asks for the draw in two steps": _half("INSERT INTO draw "),
    "counts in two steps": _half("INSERT INTO result "),
    "publishes in two steps": _half("INSERT INTO letter "),
    "makes the package in two steps": _half("INSERT INTO publication "),
    "knows no finished task": knows_no_finished_task,
}
