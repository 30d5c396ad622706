"""`wijkbudget letters`: a released list becomes files for the printer, once."""

import re
import stat
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from config import Config
from tests.builders import Builder
from tests.controls import found
from tests.effort import whole
from tests.moments import SCHEDULE, SUBMITTING
from wijkbudget.ballots.batches import (
    BatchDiscarded,
    Piece,
    ask_for_codes,
    begin_codes,
    discard_codes,
    made_codes,
    release_codes,
)
from wijkbudget.ballots.tables import CodeBatch
from wijkbudget.clock import Clock
from wijkbudget.commands import letters as command
from wijkbudget.database import Database
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.printing.letters import letter_volumes
from wijkbudget.rounds.rules import Schedule
from wijkbudget.rounds.tables import Round
from wijkbudget.web.official import printing

PAST, FUTURE = (
    Schedule(**{phase.value: start.replace(year=year) for phase, start in SCHEDULE.starts}) for year in (2000, 2099)
)


@pytest.fixture(autouse=True)
def _at_home(config: Config, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "settings", lambda: config)
    monkeypatch.setattr(command, "open_database", lambda: database)


@pytest.fixture
def batch(build: Builder) -> CodeBatch:
    """A list of three codes that was asked for and released."""
    return released(build, 3)


def released(build: Builder, size: int) -> CodeBatch:
    """A list of codes that was asked for and released."""
    round_ = build.round(schedule=FUTURE, eligible=size)
    asking = build.session.get_one(Person, round_.made_by)
    made = ask_for_codes(build.session, round=round_, size=size, official=asking, now=SUBMITTING)
    release_codes(build.session, batch=made, official=build.appointed(Role.OFFICIAL), now=SUBMITTING)
    build.commit()
    return made


def taking(build: Builder, batch: CodeBatch) -> list[object]:
    """The arguments by which its official takes the list; SQLite's only lock is free afterwards."""
    arguments: list[object] = [batch.id, "--official", build.session.get_one(Person, batch.asked_by).email]
    build.commit()
    return arguments


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command.letters, [str(argument) for argument in arguments])


def texts(file: Path) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]


def test_each_code_has_a_page_and_opens_the_booth(build: Builder, batch: CodeBatch, tmp_path: Path) -> None:
    taken = taking(build, batch)
    result = run(*taken, "--folder", tmp_path / "print")
    assert (result.exit_code, "3 letters in 1 files." in result.output) == (0, True)
    [file] = (tmp_path / "print").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("brieven-000001-000003.pdf", 0o600)
    assert len(texts(file)) == 3
    build.session.refresh(batch)
    assert batch.finished_at is not None


def test_a_list_becomes_letters_once(build: Builder, batch: CodeBatch, tmp_path: Path) -> None:
    taken = taking(build, batch)
    run(*taken, "--folder", tmp_path / "one")
    again = run(*taken, "--folder", tmp_path / "two")
    assert (again.exit_code, "handed out already" in again.output) == (1, True)
    assert list((tmp_path / "two").iterdir()) == []


@pytest.mark.proof
def test_who_makes_letters_sees_how_far_it_is(build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = whole(30, 10_000)
    monkeypatch.setattr("click._termui_impl.isatty", lambda _: True)  # a bar is shown to people alone
    result = run(*taking(build, released(build, size)), "--folder", tmp_path)
    assert result.exit_code == 0
    shown = re.findall(rf"(\d+)/{size}", result.output)
    assert [int(number) for number in shown] == list(range(size + 1))
    assert len(list(tmp_path.iterdir())) == -(-size // 500)


@pytest.mark.parametrize(("is_discarded", "words"), [(False, "not released"), (True, "discarded")])
def test_a_list_that_cannot_be_taken_says_why(
    build: Builder, batch: CodeBatch, tmp_path: Path, is_discarded: bool, words: str
) -> None:
    if is_discarded:
        official = build.session.get_one(Person, batch.asked_by)
        discard_codes(build.session, batch=batch, official=official, now=Clock().now())
    else:
        batch.released_at = batch.released_by = None
    taken = taking(build, batch)
    result = run(*taken, "--folder", tmp_path)
    assert (result.exit_code, words in result.output) == (1, True)


def test_a_list_that_does_not_exist_and_a_stranger_are_refused(
    build: Builder, batch: CodeBatch, tmp_path: Path
) -> None:
    stranger = build.person().email
    number, *official = taking(build, batch)
    assert "There is no list" in run(10**6, *official, "--folder", tmp_path).output
    assert "is no official" in run(number, "--official", stranger, "--folder", tmp_path).output


def test_a_file_that_is_there_already_is_not_overwritten_and_no_code_is_good(
    build: Builder, batch: CodeBatch, tmp_path: Path
) -> None:
    taken = taking(build, batch)
    (tmp_path / "brieven-000001-000003.pdf").write_text("another list")
    result = run(*taken, "--folder", tmp_path)
    assert (result.exit_code, "No code of this list is good" in result.output) == (1, True)
    assert (tmp_path / "brieven-000001-000003.pdf").read_text() == "another list"
    assert len(list(tmp_path.iterdir())) == 1
    build.session.refresh(batch)
    assert batch.finished_at is None


def test_a_draft_that_another_run_left_is_not_overwritten_either(
    build: Builder, batch: CodeBatch, tmp_path: Path
) -> None:
    taken = taking(build, batch)
    (tmp_path / "brieven-000001-000003.pdf.part").write_text("another list")
    result = run(*taken, "--folder", tmp_path)
    assert (result.exit_code, "No code of this list is good" in result.output) == (1, True)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["another list"]


@pytest.mark.parametrize("per_volume", [2, 3])
def test_a_list_whose_last_step_fails_leaves_no_file_that_looks_finished(
    build: Builder, batch: CodeBatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, per_volume: int
) -> None:
    taken = taking(build, batch)
    monkeypatch.setattr(printing, "letter_volumes", partial(letter_volumes, per_volume=per_volume))
    monkeypatch.setattr(command, "made_codes", partial(unfinished, made_codes))
    result = run(*taken, "--folder", tmp_path)
    assert (result.exit_code, "No code of this list is good." in result.output) == (1, True)
    assert {file.suffix for file in tmp_path.iterdir()} == {".part"}
    assert sum(len(texts(file)) for file in tmp_path.iterdir()) == 3
    build.session.refresh(batch)
    assert batch.finished_at is None


def unfinished(made: Callable[..., Iterator[Piece]], *given: Any, **named: Any) -> Iterator[Piece]:
    """All codes of a list that is discarded as soon as the last of them was taken."""
    yield from islice(made(*given, **named), 1)
    raise BatchDiscarded()


def test_files_that_look_finished_before_the_codes_are_good_are_found_out(
    build: Builder, batch: CodeBatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(file: Path, content: bytes) -> Path:
        file.write_bytes(content)
        return file

    monkeypatch.setattr(command, "_write", write)
    with found("pdf"):
        test_a_list_whose_last_step_fails_leaves_no_file_that_looks_finished(build, batch, tmp_path, monkeypatch, 3)


def test_a_list_that_ends_after_voting_says_so_and_has_no_good_code(
    build: Builder, batch: CodeBatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin_and_close(session: Session, **named: Any) -> None:
        begin_codes(session, **named)
        session.get_one(Round, named["batch"].round_id).schedule = PAST

    monkeypatch.setattr(command, "begin_codes", begin_and_close)
    result = run(*taking(build, batch), "--folder", tmp_path)
    assert (result.exit_code, "over. No code of this list is good." in result.output) == (1, True)
    build.session.refresh(batch)
    assert batch.finished_at is None
