"""tests/commands/test_postcodes.py tests wijkbudget/commands/postcodes.py."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from wijkbudget.commands import postcodes as command
from wijkbudget.commands.postcodes import postcodes
from wijkbudget.database import Database
from wijkbudget.places.actions import import_places
from wijkbudget.places.files import the_hague
from wijkbudget.places.tables import Postcode


@pytest.fixture
def city(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(command, "open_database", lambda: database)
    with database.transaction() as session:
        import_places(session, the_hague())
    return database


def run(folder: Path, content: bytes) -> Result:
    file = folder / "postcodes.csv"
    file.write_bytes(content)
    return CliRunner().invoke(postcodes, ["import", str(file)])


def stored(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Postcode.code)))


def test_postcodes_are_imported_and_replaced(city: Database, tmp_path: Path) -> None:
    run(tmp_path, b"postcode,wijkcode\n2593AB,WK051826\n")
    done = run(tmp_path, b"postcode,wijkcode\n2594AB,WK051826\n2595 ab,WK051826\n")
    assert (done.exit_code, done.output) == (0, "2 postcodes are there.\n")
    assert stored(city) == ["2594AB", "2595AB"]


def test_broken_lines_are_named_by_number_and_nothing_is_imported(city: Database, tmp_path: Path) -> None:
    run(tmp_path, b"postcode,wijkcode\n2593AB,WK051826\n")
    done = run(tmp_path, b"postcode,wijkcode\n2594AB,WK051826\nhier,WK051826\n2595AB,daar\n")
    assert done.exit_code == 1
    assert "line 3: 'hier' is no postcode\nline 4: 'daar' is no known wijkcode" in done.output
    assert stored(city) == ["2593AB"]


def test_a_file_in_another_encoding_is_refused(city: Database, tmp_path: Path) -> None:
    done = run(tmp_path, "postcode,wijkcode\n2593AB,é\n".encode("latin-1"))
    assert (done.exit_code, "is not UTF-8" in done.output) == (1, True)
