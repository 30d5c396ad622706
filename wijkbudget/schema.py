"""All tables together, and bringing a database up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig

from .ballots import tables as _ballots
from .database import Database, Table
from .mail import tables as _mail
from .people import tables as _people
from .places import tables as _places
from .plans import tables as _plans
from .results import tables as _results
from .rounds import tables as _rounds

CHAPTERS = (_ballots, _mail, _people, _places, _plans, _results, _rounds)
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
