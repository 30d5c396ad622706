"""Each task once, at its moment or later, each round apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import func, select

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, DAY, SCHEDULE, SECOND, SUBMITTING, VOTING
from wijkbudget.ballots import opening
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.rules import chosen
from wijkbudget.ballots.tables import Opening, Urn
from wijkbudget.database import Database, Table
from wijkbudget.demo.casting import cast_votes
from wijkbudget.jobs import phases
from wijkbudget.jobs.phases import catch_up, due_tasks
from wijkbudget.jobs.timetable import TIMETABLE, Desk, Task
from wijkbudget.mail.outbox import post_letter
from wijkbudget.mail.tables import Letter
from wijkbudget.people.queries import people_with_role
from wijkbudget.people.rules import Role
from wijkbudget.results import drafts, publication
from wijkbudget.results.actions import SETTLING, confirm_draw, enter_draw, publish_result
from wijkbudget.results.tables import Draw, Publication, Result
from wijkbudget.rounds.rules import Counting, Phase, SeedSource
from wijkbudget.rounds.tables import FinishedTask, Round

ALL = [task.name for task in TIMETABLE[:-1]]
"""All tasks that the clock alone asks for; the last one waits until an official publishes."""


@dataclass
class Office:
    """A scheduler with its database, keys and clock."""

    database: Database
    keys: KeyFolder
    clock: MovableClock

    def catch_up(self) -> None:
        catch_up(self.database, keys=self.keys, clock=self.clock)

    def finished(self, round_: Round) -> list[str]:
        """The tasks that were done for the round, in the order of the timetable."""
        with self.database.reading() as session:
            done = set(session.scalars(select(FinishedTask.task).where(FinishedTask.round_id == round_.id)))
        return [name for name in ALL if name in done]

    def rows(self, table: type[Table]) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def office(database: Database, tmp_path: Path, clock: MovableClock) -> Office:
    return Office(database, KeyFolder(tmp_path / "keys"), clock)


@pytest.fixture
def round_(build: Builder) -> Round:
    round_ = build.round()
    build.menu_plan(round_)
    build.commit()
    return round_


def test_nothing_is_done_before_its_moment(office: Office, round_: Round) -> None:
    for moment, done in [
        (SCHEDULE.voting - SECOND, []),
        (SCHEDULE.voting + timedelta(milliseconds=2), ALL[:2]),
        (SCHEDULE.counting + SETTLING - SECOND, ALL[:2]),
        (SCHEDULE.counting + SETTLING + timedelta(milliseconds=2), ALL),
    ]:
        office.clock.move_to(moment)
        office.catch_up()
        assert office.finished(round_) == done


def test_what_was_missed_is_caught_up_in_order_in_one_go(
    office: Office, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def noted(task: Task) -> Task:
        def act(desk: Desk) -> bool:
            order.append(task.name)
            return task.act(desk)

        return replace(task, act=act, prepare=None)

    monkeypatch.setattr(phases, "TIMETABLE", tuple(noted(task) for task in TIMETABLE))
    office.clock.move_to(COUNTING + 30 * DAY)
    office.catch_up()
    assert order == [*ALL, "publish package"]
    assert office.finished(round_) == ALL
    assert (office.rows(Urn), office.rows(Result)) == (1, 1)


def test_everything_is_done_once_and_letters_are_posted_once(office: Office, round_: Round) -> None:
    for moment in (VOTING, VOTING, COUNTING, COUNTING):
        office.clock.move_to(moment)
        office.catch_up()
    assert (office.rows(Urn), office.rows(Result), office.rows(FinishedTask)) == (1, 1, len(ALL))
    assert office.rows(Letter) == 2  # one author, one official


def test_nobody_is_told_that_voting_began_once_it_is_over(office: Office, round_: Round) -> None:
    office.clock.move_to(COUNTING)
    office.catch_up()
    assert office.finished(round_) == ALL
    assert office.rows(Letter) == 1  # the official's


def test_others_write_while_a_round_is_opened_counted_and_packed(
    office: Office, build: Builder, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock.move_to(VOTING)
    office.catch_up()
    build.blank_vote(round_)
    build.commit()
    meanwhile: list[str] = []

    def beside(module: ModuleType, name: str) -> None:
        """Let somebody else write in the midst of this work."""
        work = getattr(module, name)

        def working(*values: Any, **named: Any) -> Any:
            with office.database.transaction() as session:
                post_letter(session, kind="plan-won", recipient="ada@example.org", now=office.clock.now(), name=name)
            meanwhile.append(name)
            return work(*values, **named)

        monkeypatch.setattr(module, name, working)

    for module, name in [(opening, "opened_contents"), (drafts, "counted"), (publication, "verify_package")]:
        beside(module, name)
    office.clock.move_to(COUNTING)
    office.catch_up()
    assert meanwhile == ["opened_contents", "counted"]
    with office.database.transaction() as session:
        official = people_with_role(session, Role.OFFICIAL)[0]
        publish_result(session, round=session.get_one(Round, round_.id), official=official, now=office.clock.now())
    office.catch_up()
    assert meanwhile == ["opened_contents", "counted", "verify_package"]
    assert (office.finished(round_), office.rows(Publication)) == (ALL, 1)


def test_a_failing_round_holds_up_no_other(
    office: Office, build: Builder, round_: Round, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = build.round(title="Elders")
    build.commit()

    def fail(desk: Desk) -> bool:
        if desk.round.id == round_.id:
            raise OSError("the key folder is full")
        return TIMETABLE[0].act(desk)

    monkeypatch.setattr(phases, "TIMETABLE", (replace(TIMETABLE[0], act=fail), *TIMETABLE[1:]))
    office.clock.move_to(VOTING)
    office.catch_up()
    assert (office.finished(round_), office.finished(other)) == ([], ALL[:2])
    assert "a task failed and will be tried again" in caplog.text


def test_a_failing_task_keeps_the_later_ones_waiting_and_is_tried_again(
    office: Office, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(desk: Desk) -> bool:
        TIMETABLE[2].act(desk)
        raise OSError("after the count, before the commit")

    office.clock.move_to(VOTING)
    office.catch_up()
    office.clock.move_to(COUNTING)
    with monkeypatch.context() as patch:
        patch.setattr(
            phases, "TIMETABLE", (*TIMETABLE[:2], replace(TIMETABLE[2], act=fail, prepare=None), *TIMETABLE[3:])
        )
        office.catch_up()
    assert office.finished(round_) == ALL[:2]
    assert office.rows(Result) == 0
    office.catch_up()
    assert office.finished(round_) == ALL
    assert office.rows(Letter) == 2


def test_a_task_that_is_not_finished_keeps_what_it_did_and_the_later_ones_waiting(
    office: Office, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(desk: Desk) -> bool:
        post_letter(desk.session, kind="new-password", recipient="a@example.org", now=desk.now)
        return False

    office.clock.move_to(VOTING)
    with monkeypatch.context() as patch:
        patch.setattr(phases, "TIMETABLE", (TIMETABLE[0], replace(TIMETABLE[1], act=begin), *TIMETABLE[2:]))
        office.clock.move_to(COUNTING)
        office.catch_up()
        assert (office.finished(round_), office.rows(Letter)) == (ALL[:1], 1)
        office.catch_up()
        assert (office.finished(round_), office.rows(Letter)) == (ALL[:1], 2)
    office.catch_up()
    assert office.finished(round_) == ALL


def test_a_round_that_waits_for_a_draw_is_counted_once_it_is_confirmed(
    office: Office, build: Builder, config: Config
) -> None:
    round_ = build.round(budget=1_000_000, like_threshold=0, counting=Counting(seed=SeedSource.DRAW))
    plans = [build.menu_plan(round_, title=title, cost=600_000) for title in ("Speeltuin", "Bankje")]
    votes = [(code, chosen([plan.id])) for code, plan in zip(build.codes(round_, 2), plans, strict=True)]
    officials = [build.appointed(Role.OFFICIAL) for _ in range(2)]
    build.commit()
    office.clock.move_to(VOTING)
    office.catch_up()
    cast_votes(office.database, votes, batch=2, pepper=config.code_pepper, clock=office.clock)
    office.clock.move_to(COUNTING)
    for _ in range(2):
        office.catch_up()
        assert office.finished(round_) == ALL[:2]
        assert (office.rows(Opening), office.rows(Draw), office.rows(Result)) == (1, 1, 0)
    with office.database.transaction() as session:
        values: dict[str, Any] = {"round": session.get_one(Round, round_.id), "seed": "7", "now": COUNTING}
        enter_draw(session, official=officials[0], proof="Op het stadhuis", **values)
        confirm_draw(session, official=officials[1], **values)
    office.catch_up()
    assert office.finished(round_) == ALL
    assert (office.rows(Opening), office.rows(Result)) == (1, 1)


def test_a_task_that_another_scheduler_finished_meanwhile_is_passed_over(
    office: Office, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock.move_to(COUNTING)
    with office.database.reading() as session:
        seen = due_tasks(session, office.clock.now())
    office.catch_up()
    monkeypatch.setattr(phases, "due_tasks", lambda *_: seen)
    office.catch_up()
    assert office.rows(Letter) == 1
    assert office.rows(Result) == 1


def test_a_start_that_was_moved_meanwhile_is_waited_for(
    office: Office, build: Builder, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock.move_to(SCHEDULE.voting + SECOND)
    with office.database.reading() as session:
        seen = due_tasks(session, office.clock.now())
    later = replace(SCHEDULE, voting=SCHEDULE.voting + DAY)
    with office.database.transaction() as session:
        session.get_one(Round, round_.id).schedule = later
    with monkeypatch.context() as patch:
        patch.setattr(phases, "due_tasks", lambda *_: seen)
        office.catch_up()
    assert (office.finished(round_), office.rows(Urn), office.rows(Letter)) == ([], 0, 0)
    office.clock.move_to(later.voting + SECOND)
    office.catch_up()
    assert office.finished(round_) == ALL[:2]


def test_nothing_is_due_for_a_round_that_is_not_voted_on_yet(office: Office, round_: Round) -> None:
    with office.database.reading() as session:
        assert due_tasks(session, SUBMITTING) == {}


def test_the_clock_of_the_database_says_what_is_due(
    office: Office, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock.move_to(VOTING)
    monkeypatch.setattr(phases, "read_clock", lambda _: SCHEDULE.voting - SECOND - office.clock.ahead)
    office.catch_up()
    assert office.finished(round_) == []
    monkeypatch.setattr(phases, "read_clock", lambda _: SCHEDULE.voting - office.clock.ahead)
    office.catch_up()
    assert office.finished(round_) == ALL[:2]


def names(tasks: Sequence[Task]) -> list[str]:
    return [task.name for task in tasks]


def test_due_tasks_come_by_round_without_those_that_are_finished(office: Office, build: Builder, round_: Round) -> None:
    later = replace(SCHEDULE, counting=COUNTING + 30 * DAY, result=COUNTING + 40 * DAY)
    other = build.round(title="Elders", schedule=later)
    build.session.add(FinishedTask(round_id=round_.id, task=ALL[0], finished_at=VOTING))
    build.commit()
    with office.database.reading() as session:
        due = due_tasks(session, COUNTING)
    assert {round_id: names(tasks) for round_id, tasks in due.items()} == {round_.id: ALL[1:], other.id: ALL[:2]}


def test_every_phase_of_the_timetable_has_a_start() -> None:
    assert {task.phase for task in TIMETABLE} == {Phase.VOTING, Phase.COUNTING, Phase.RESULT}
