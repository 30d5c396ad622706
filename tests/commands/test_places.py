"""tests/commands/test_places.py tests wijkbudget/commands/places.py."""

import pytest
from click.testing import CliRunner

from wijkbudget.commands import places as command
from wijkbudget.commands.places import places
from wijkbudget.database import Database
from wijkbudget.places.queries import neighbourhoods


def test_the_hague_is_imported_and_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "open_database", lambda: database)
    for _ in range(2):
        done = CliRunner().invoke(places, ["import"])
        assert (done.exit_code, done.output) == (0, "44 neighbourhoods are there.\n")
    with database.reading() as session:
        assert len(neighbourhoods(session)) == 44
