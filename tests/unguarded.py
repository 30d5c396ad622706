"""What the owner of a database could do: change the journal behind its guards."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session


@contextmanager
def unguarded(session: Session) -> Iterator[None]:
    """Let this transaction change and remove entries of the journal; afterwards the database refuses it again."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        session.flush()
        session.execute(text("SET LOCAL session_replication_role = origin"))
        return
    triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'"
    guards = session.execute(text(triggers)).tuples().all()
    for name, _ in guards:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    session.flush()
    for _, statement in guards:
        session.execute(text(statement))
