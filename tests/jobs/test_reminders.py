"""Officials are asked once for what a round waits for: their key before votes, their shares after them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.ceremony import ceremony, held
from tests.conftest import MovableClock
from tests.moments import COUNTING, SCHEDULE, SECOND, VOTING
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.jobs.phases import catch_up
from wijkbudget.jobs.reminders import REMINDERS, ask_for_keys, ask_for_shares
from wijkbudget.jobs.timetable import TIMETABLE, Desk
from wijkbudget.mail.letters import TEMPLATES
from wijkbudget.mail.tables import Letter
from wijkbudget.results.actions import SETTLING
from wijkbudget.rounds.tables import Round


def desk(session: Session, round_: Round, keys: Path) -> Desk:
    return Desk(session, round_, KeyFolder(keys), Clock(), VOTING)


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Letter.kind).order_by(Letter.id)))


def test_each_reminder_has_its_moment_and_a_name_of_its_own(build: Builder) -> None:
    round_ = build.round()
    starts = {"ask for keys": SCHEDULE.voting, "ask for shares": SCHEDULE.counting + SETTLING}
    assert [task.name for task in REMINDERS] == list(starts)
    assert not set(starts) & {task.name for task in TIMETABLE}
    for task in REMINDERS:
        assert task.is_due(round_, starts[task.name])
        assert not task.is_due(round_, starts[task.name] - SECOND)


@pytest.mark.parametrize("people", [0, 2, 3])
def test_officials_hear_that_nobody_can_vote_yet(build: Builder, session: Session, tmp_path: Path, people: int) -> None:
    made = ceremony(build)
    made.step_in(people)
    if people == 3:
        build.opened_urn(made.round, tmp_path)
        made.show()
        made.confirm(2)
    assert ask_for_keys(desk(session, made.round, tmp_path))
    officials = {official.email for official in made.officials}
    letters = list(session.scalars(select(Letter)))
    assert officials <= {letter.recipient for letter in letters}
    assert {(letter.kind, letter.details["path"]) for letter in letters} == {
        ("keys-needed", f"/ambtenaar/rondes/{made.round.slug}/sleutel")
    }


def test_nobody_is_asked_for_a_key_that_is_kept(build: Builder, session: Session, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    assert ask_for_keys(desk(session, made.round, tmp_path))
    assert ask_for_keys(desk(session, build.round(title="Elders"), tmp_path))
    assert kinds(session) == []


@pytest.mark.parametrize(("typed", "is_asked"), [(0, True), (1, True), (2, False)])
def test_officials_are_asked_for_shares_that_are_missing(
    build: Builder, session: Session, tmp_path: Path, typed: int, is_asked: bool
) -> None:
    made, _ = held(build, tmp_path)
    build.blank_vote(made.round)
    for number in range(typed):
        made.type(number, by=number)
    assert ask_for_shares(desk(session, made.round, tmp_path))
    assert set(kinds(session)) == ({"shares-needed"} if is_asked else set())


def test_nobody_is_asked_for_the_shares_of_an_empty_urn(build: Builder, session: Session, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    made.type(0, by=0)
    assert ask_for_shares(desk(session, made.round, tmp_path))
    assert kinds(session) == []


@pytest.mark.parametrize("ask", [ask_for_keys, ask_for_shares])
def test_where_the_server_keeps_the_key_nobody_is_asked(
    build: Builder, session: Session, tmp_path: Path, ask: Callable[[Desk], bool]
) -> None:
    round_ = build.round()
    assert ask(desk(session, round_, tmp_path))
    build.opened_urn(round_, tmp_path)
    assert ask(desk(session, round_, tmp_path))
    assert kinds(session) == []


def test_each_reminder_is_sent_once(build: Builder, database: Database, clock: MovableClock, tmp_path: Path) -> None:
    made = ceremony(build)
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    build.blank_vote(made.round)
    build.commit()
    for moment in (VOTING, VOTING, COUNTING, COUNTING):
        clock.move_to(moment)
        catch_up(database, keys=KeyFolder(tmp_path), clock=clock, timetable=REMINDERS)
    with database.reading() as session:
        assert sorted(kinds(session)) == ["keys-needed"] * 4 + ["shares-needed"] * 4


@pytest.mark.parametrize("kind", ["keys-needed", "shares-needed"])
def test_the_reminders_have_a_template(kind: str) -> None:
    assert (TEMPLATES / f"{kind}.txt").is_file()
