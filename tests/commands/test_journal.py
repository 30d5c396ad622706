"""tests/commands/test_journal.py tests wijkbudget/commands/journal.py."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tests.moments import SUBMITTING
from tests.unguarded import unguarded
from wijkbudget.commands import journal as command
from wijkbudget.commands.journal import journal
from wijkbudget.database import Database
from wijkbudget.journal import journal_head, record_deed


@pytest.fixture(autouse=True)
def opened(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "open_database", lambda: database)


def record(database: Database, *deeds: str) -> str:
    """The head after these deeds, as the command prints it."""
    with database.transaction() as session:
        for deed in deeds:
            record_deed(session, deed, now=SUBMITTING)
        return "{}:{}".format(*journal_head(session))


def tamper(database: Database, statement: str) -> None:
    with database.transaction() as session, unguarded(session):
        session.execute(text(statement))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(journal, ["verify", *arguments])


def test_a_whole_journal_is_told_with_its_newest_entry(database: Database) -> None:
    done = run()
    assert (done.exit_code, done.output) == (0, f"0 entries, unbroken. Newest: 0:{'0' * 64}\n")
    head = record(database, "make round")
    assert run().output == f"1 entry, unbroken. Newest: {head}\n"
    head = record(database, "change round")
    assert run().output == f"2 entries, unbroken. Newest: {head}\n"


def test_the_first_broken_entry_is_named_with_exit_code_1(database: Database) -> None:
    record(database, "make round", "change round", "make codes")
    tamper(database, "UPDATE journal_entry SET details = '{}' || number WHERE number >= 2")
    done = run()
    assert (done.exit_code, done.output) == (1, "Error: Entry 2 is the first broken one: changed.\n")


ODD = {"sqlite": "deed = CAST(x'ff41' AS TEXT), hash = CAST(x'ff' AS TEXT)", "postgresql": "at = 'infinity'"}


@pytest.mark.parametrize("number", [2, 3])
def test_a_broken_entry_that_the_program_cannot_read_is_named_as_well(database: Database, number: int) -> None:
    record(database, "make round", "change round", "make codes")
    change = ODD[database.engine.dialect.name]
    tamper(database, f"UPDATE journal_entry SET {change} WHERE number = {number}")
    done = run()
    assert (done.exit_code, done.output) == (1, f"Error: Entry {number} is the first broken one: changed.\n")


def test_a_head_that_was_noted_earlier_is_looked_for(database: Database) -> None:
    empty = run().output.split()[-1]
    head = record(database, "make round", "change round")
    newest = record(database, "make codes")
    for noted in (empty, head, newest):
        assert run("--head", noted).exit_code == 0
    tamper(database, "DELETE FROM journal_entry WHERE number > 1")
    assert run().exit_code == 0
    done = run("--head", head)
    sentence = "Error: Entry 2 is not the one that you noted: the journal was cut off or written anew.\n"
    assert (done.exit_code, done.output) == (1, sentence)


@pytest.mark.parametrize("written", ["2", f"2:{'0' * 63}", f"two:{'0' * 64}"])
def test_a_head_that_is_written_otherwise_is_not_understood(written: str) -> None:
    assert run("--head", written).exit_code == 2
