"""The watch from end to end: what goes wrong is logged, mailed and shown in time, once, until it is right."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from config import Config
from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import COUNTING, DAY, SECOND, VOTING
from tests.watch.watchman import (
    AFTER_OPENING,
    WHILE_VOTING,
    Watchman,
    lose_a_ballot,
    lose_an_envelope,
)
from wijkbudget.ballots.tables import Entitlement, Envelope, OpenedBallot, Opening
from wijkbudget.database import Database, Table
from wijkbudget.jobs import watching
from wijkbudget.jobs.scheduler import SECONDS_BETWEEN
from wijkbudget.jobs.watching import keep_watch
from wijkbudget.people.rules import Role
from wijkbudget.results.tables import Result
from wijkbudget.rounds.tables import Round
from wijkbudget.watch import actions
from wijkbudget.watch.canary import fly_canary
from wijkbudget.watch.queries import canary_round
from wijkbudget.watch.rules import Books, Subject, Watched

MINUTE = timedelta(minutes=1)
TURN = MINUTE + SECOND
BOOKS: tuple[type[Table], ...] = (Entitlement, Envelope, Opening, OpenedBallot, Result)
CASES = [(VOTING, damage) for damage in WHILE_VOTING] + [(COUNTING, damage) for damage in AFTER_OPENING]


@pytest.fixture
def watchman(database: Database, config: Config, clock: MovableClock) -> Watchman:
    """A scheduler that watches."""
    return Watchman(database, config, clock)


def copied(session: Session) -> dict[type[Table], list[dict[str, object]]]:
    return {table: [dict(row) for row in session.execute(select(table.__table__)).mappings()] for table in BOOKS}


def mend(session: Session, rows: dict[type[Table], list[dict[str, object]]]) -> None:
    """Put back what is missing, take away what is too much, correct what was changed."""
    session.execute(delete(OpenedBallot))
    session.execute(delete(Envelope))
    for row in rows[Entitlement]:
        session.execute(update(Entitlement).where(Entitlement.id == row["id"]).values(row))
    for table in BOOKS[1:]:
        session.execute(delete(table))
        if rows[table]:
            session.execute(insert(table), rows[table])


@pytest.mark.parametrize(("moment", "damage"), CASES, ids=lambda each: getattr(each, "__name__", None))
def test_books_that_do_not_agree_raise_the_alarm_everywhere_until_they_are_mended(
    watchman: Watchman,
    build: Builder,
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    moment: datetime,
    damage: Callable[[Session, int], None],
) -> None:
    round_ = watchman.voted_round(build)
    name, official = f"round {round_.id}", build.appointed(Role.OFFICIAL)
    build.sign_in(client, official)
    if moment >= COUNTING:
        watchman.work(moment)
    dashboard = f"/ambtenaar/rondes/{round_.slug}"
    watchman.look(moment)
    assert (watchman.problems(), watchman.alarms()) == ({}, [])
    assert client.get("/gezondheid").status_code == 200
    assert "De stembus klopt niet" not in client.get(dashboard).get_data(as_text=True)

    with watchman.database.reading() as session:
        rows = copied(session)
    watchman.behind_its_back(damage, round_)
    for turn in range(1, 4):
        watchman.look(moment + turn * TURN)

    assert watchman.problems().keys() == {name}
    assert caplog.text.count(f"check {name}: ") == 1
    addressed = [letter.recipient for letter in watchman.letters()]
    assert set(watchman.alarms()) == {("alarm", name)}
    assert len(addressed) == len(set(addressed))
    assert official.email in addressed
    assert client.get("/gezondheid").status_code == 503
    assert "De stembus klopt niet" in client.get(dashboard).get_data(as_text=True)

    with watchman.database.transaction() as session:
        mend(session, rows)
    for turn in range(4, 7):
        watchman.look(moment + turn * TURN)
    assert watchman.problems() == {}
    assert watchman.alarms() == [("alarm", name)] * len(addressed) + [("alarm-over", name)] * len(addressed)
    assert client.get("/gezondheid").status_code == 200
    assert "De stembus klopt niet" not in client.get(dashboard).get_data(as_text=True)


def test_within_ten_minutes_everything_is_checked_again_and_a_failure_told(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    watchman.look(VOTING)
    with watchman.database.reading() as session:
        canary = canary_round(session)
    assert canary is not None
    watchman.behind_its_back(lose_an_envelope, round_)
    for file in watchman.config.key_folder.iterdir():
        file.unlink()
    watchman.config = replace(watchman.config, code_pepper="another pepper, of which nobody made a code")
    told: dict[str, timedelta] = {}
    for age in _calls(timedelta(minutes=10)):
        watchman.look(VOTING + age)
        told = dict.fromkeys(watchman.problems(), age) | told
    assert told.keys() == {f"round {round_.id}", f"key of round {round_.id}", f"codes of round {round_.id}", "canary"}
    assert max(told.values()) < timedelta(minutes=6)


def _calls(during: timedelta) -> Iterator[timedelta]:
    """When the scheduler calls a job, a few turns left out where nothing is due."""
    step = timedelta(seconds=4 * SECONDS_BETWEEN)
    return takewhile(lambda age: age <= during, (number * step for number in range(1, 1000)))


def test_what_was_checked_a_moment_ago_costs_no_writing(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    watchman.look(VOTING)
    first = watchman.check(f"round {round_.id}")
    watchman.look(VOTING + 30 * SECOND)
    again = watchman.check(f"round {round_.id}")
    assert first is not None
    assert again is not None
    assert again.checked_at == first.checked_at
    watchman.look(VOTING + TURN)
    later = watchman.check(f"round {round_.id}")
    assert later is not None
    assert later.checked_at - first.checked_at >= MINUTE


def test_the_canary_flies_every_five_minutes_by_what_is_stored_and_not_by_memory(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    flights = []

    def counted(*given: object, **named: object) -> str | None:
        flights.append(watchman.clock.now())
        return fly_canary(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "fly_canary", counted)
    build.appointed(Role.OFFICIAL)
    build.commit()
    for age in (0 * MINUTE, MINUTE, 4 * MINUTE, 5 * MINUTE + SECOND, 6 * MINUTE, 10 * MINUTE + 2 * SECOND):
        watchman.look(VOTING + age)
    assert len(flights) == 3
    assert watchman.problems() == {}


def test_without_anybody_to_keep_it_the_canary_waits(watchman: Watchman) -> None:
    watchman.look(VOTING)
    assert watchman.check("canary") is None
    assert watchman.problems() == {}
    assert watchman.check("guessing") is not None


def test_a_subject_that_cannot_be_checked_holds_up_no_other_and_is_missed_after_ten_minutes(
    watchman: Watchman,
    build: Builder,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    round_ = watchman.voted_round(build)
    other = build.round(title="Elders")
    build.commit()

    def fail(session: Session, round_id: int) -> Books:
        if round_id == round_.id:
            raise OSError("too slow")
        return Books(0, 0, 0)

    monkeypatch.setattr(actions, "books_of", fail)
    for minute in range(12):
        watchman.look(VOTING + minute * TURN)
    seen, missed = watchman.check(f"round {other.id}"), watchman.check(f"round {round_.id}")
    assert seen is not None
    assert missed is not None
    assert (seen.checked_at > VOTING + 11 * MINUTE, missed.checked_at < VOTING) == (True, True)
    assert f"check round {round_.id} failed and will be tried again" in caplog.text
    assert client.get("/gezondheid").status_code == 503


def test_two_schedulers_at_once_write_one_letter_and_fly_one_canary(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = watchman.voted_round(build)
    watchman.look(VOTING)
    together, flights = threading.Barrier(2), []
    due = watching._due

    def due_for_both(database: Database, clock: MovableClock) -> list[Subject]:
        found = due(database, clock)
        together.wait(10)
        return found

    def counted(*given: object, **named: object) -> str | None:
        flights.append(given)
        return fly_canary(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "_due", due_for_both)
    monkeypatch.setattr(watching, "fly_canary", counted)
    watchman.behind_its_back(lose_an_envelope, round_)
    for turn in (1, 2):
        watchman.clock.move_to(VOTING + turn * 6 * MINUTE)
        databases = [Database(watchman.config.database_url) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            for done in [
                pool.submit(keep_watch, database, keys=watchman.keys, pepper=PEPPER, clock=watchman.clock)
                for database in databases
            ]:
                done.result()
        for database in databases:
            database.engine.dispose()
    letters = [(letter.kind, letter.recipient) for letter in watchman.letters()]
    assert len(letters) == len(set(letters))
    assert {kind for kind, _ in letters} == {"alarm"}
    assert len(flights) == 2
    assert watchman.problems().keys() == {f"round {round_.id}"}


def test_an_old_round_stays_watched(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    watchman.work(COUNTING)
    watchman.look(COUNTING + 400 * DAY)
    watchman.behind_its_back(lose_a_ballot, round_)
    watchman.look(COUNTING + 400 * DAY + TURN)
    assert watchman.problems().keys() == {Subject(Watched.BOOKS, round_.id).name}
    with watchman.database.reading() as session:
        assert session.get_one(Round, round_.id).title in {letter.details["round"] for letter in watchman.letters()}


def test_a_watch_that_looks_each_quarter_of_an_hour_is_found_out(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Subject, "every", timedelta(minutes=15))
    with found("assert"):
        test_within_ten_minutes_everything_is_checked_again_and_a_failure_told(watchman, build)
