"""All tables together, and bringing a database up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from . import journal as _journal  # noqa: F401

# Importing a chapter's tables is what makes Table.metadata know them.
from .ballots import tables as _ballots  # noqa: F401
from .database import Database, Table
from .mail import tables as _mail  # noqa: F401
from .people import tables as _people  # noqa: F401
from .places import tables as _places  # noqa: F401
from .plans import tables as _plans  # noqa: F401
from .results import tables as _results  # noqa: F401
from .rounds import tables as _rounds  # noqa: F401
from .watch import tables as _watch  # noqa: F401

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def create_tables(database: Database) -> None:
    """Make all tables as the code describes them; tests/test_schema.py holds the migrations against it."""
    Table.metadata.create_all(database.engine)


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database to `revision`, up or down, in one transaction."""
    with database.engine.connect() as connection, _referring_to_new_tables(connection), connection.begin():
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(MIGRATIONS))
        settings.attributes["connection"] = connection
        present = MigrationContext.configure(connection).get_current_revision() or ""
        move = command.downgrade if revision == "base" or present > revision != "head" else command.upgrade
        move(settings, revision)
        _require_sound_references(connection)


@contextmanager
def _referring_to_new_tables(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making a new one and dropping the old one, to which other rows refer."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")  # it does nothing within a transaction
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _require_sound_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a row refers to one that is not there")
