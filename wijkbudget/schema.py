"""All tables together, and bringing a database up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig

# Importing a chapter's tables is what makes Table.metadata know them.
from .ballots import tables as _ballots  # noqa: F401
from .database import Database, Table
from .mail import tables as _mail  # noqa: F401
from .people import tables as _people  # noqa: F401
from .places import tables as _places  # noqa: F401
from .plans import tables as _plans  # noqa: F401
from .results import tables as _results  # noqa: F401
from .rounds import tables as _rounds  # noqa: F401

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def create_tables(database: Database) -> None:
    """Make all tables as the code describes them; tests/test_schema.py holds the migrations against it."""
    Table.metadata.create_all(database.engine)


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database to `revision`, in one transaction."""
    with database.engine.begin() as connection:
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(MIGRATIONS))
        settings.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(settings, revision)
        else:
            command.upgrade(settings, revision)
