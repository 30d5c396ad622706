"""Six weeks after its publication a key is destroyed, once, each round apart; old guesses go with every run."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import DAY, RESULT, SECOND
from wijkbudget.ballots.guesses import KEPT
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.tables import FailedGuess, Urn
from wijkbudget.database import Database
from wijkbudget.jobs import retention
from wijkbudget.jobs.retention import OBJECTION_TERM, keep_no_longer, rounds_past_objection
from wijkbudget.journal import JournalEntry
from wijkbudget.rounds.tables import Round

TICK = timedelta(milliseconds=2)  # SQLite's clock tells milliseconds
OVER = RESULT + OBJECTION_TERM
"""When the objection term of what `build.result` publishes is over."""


@pytest.fixture
def published(build: Builder, tmp_path: Path) -> Round:
    """A round whose result was published, with a key in the folder."""
    round_ = build.round()
    build.result(round_, {build.menu_plan(round_): 3})
    KeyFolder(tmp_path).make_key(round_.id)
    build.commit()
    return round_


def run(database: Database, clock: MovableClock, keys: Path, moment: datetime) -> None:
    clock.move_to(moment + TICK)
    keep_no_longer(database, keys=KeyFolder(keys), clock=clock)


def destroyed(database: Database) -> list[datetime | None]:
    with database.reading() as session:
        return list(session.scalars(select(Urn.key_destroyed_at).order_by(Urn.round_id)))


def test_the_term_is_six_weeks() -> None:
    assert OBJECTION_TERM == 42 * DAY


def test_a_key_is_destroyed_once_the_objection_term_is_over(
    published: Round, database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    run(database, clock, tmp_path, OVER - SECOND)
    assert (destroyed(database), len(list(tmp_path.iterdir()))) == ([None], 1)
    run(database, clock, tmp_path, OVER)
    [moment] = destroyed(database)
    assert moment is not None
    assert OVER <= moment < OVER + 60 * SECOND
    assert list(tmp_path.iterdir()) == []


def test_it_is_destroyed_once(published: Round, database: Database, clock: MovableClock, tmp_path: Path) -> None:
    run(database, clock, tmp_path, OVER)
    first = destroyed(database)
    run(database, clock, tmp_path, OVER + DAY)
    assert destroyed(database) == first
    with database.reading() as session:
        assert list(session.scalars(select(JournalEntry.deed))).count("destroy key") == 1


def test_a_result_that_is_not_published_keeps_its_key(build: Builder) -> None:
    round_ = build.round()
    build.result(round_, {build.menu_plan(round_): 3}, published=False)
    assert rounds_past_objection(build.session, OVER + 1000 * DAY) == []


def test_a_round_whose_key_cannot_be_removed_holds_up_no_other(
    published: Round, build: Builder, database: Database, clock: MovableClock, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    other = build.round(title="Elders")
    build.result(other, {build.menu_plan(other): 3})
    KeyFolder(tmp_path).make_key(other.id)
    build.commit()
    destroy = KeyFolder.destroy_keys

    def fail_for_one(self: KeyFolder, round_id: int) -> None:
        if round_id == published.id:
            raise PermissionError("read-only")
        destroy(self, round_id)

    with monkeypatch.context() as patch:
        patch.setattr(KeyFolder, "destroy_keys", fail_for_one)
        run(database, clock, tmp_path, OVER)
    assert [moment is None for moment in destroyed(database)] == [True, False]
    assert f"round {published.id}: its key was not destroyed" in caplog.text
    run(database, clock, tmp_path, OVER)
    assert None not in destroyed(database)


def test_old_guesses_are_forgotten(build: Builder, database: Database, clock: MovableClock, tmp_path: Path) -> None:
    for moment in (RESULT - KEPT - SECOND, RESULT):
        build.session.add(FailedGuess(network=bytes(16), failed_at=moment))
    build.commit()
    run(database, clock, tmp_path, RESULT)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FailedGuess)) == 1


def test_a_scheduler_whose_clock_is_weeks_ahead_destroys_nothing(
    published: Round, database: Database, clock: MovableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move_to(OVER)
    monkeypatch.setattr(retention, "read_clock", lambda _: OVER - SECOND - clock.ahead)
    keep_no_longer(database, keys=KeyFolder(tmp_path), clock=clock)
    assert destroyed(database) == [None]
    monkeypatch.setattr(retention, "read_clock", lambda _: OVER - clock.ahead)
    keep_no_longer(database, keys=KeyFolder(tmp_path), clock=clock)
    assert destroyed(database) != [None]


def test_a_key_that_is_destroyed_too_early_is_found_out(
    published: Round, database: Database, clock: MovableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "OBJECTION_TERM", OBJECTION_TERM - DAY)
    with found(r"\[None\]"):
        test_a_key_is_destroyed_once_the_objection_term_is_over(published, database, clock, tmp_path)
