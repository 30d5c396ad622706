"""What each phase asks for, and from which moment."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import COUNTING, SCHEDULE, SECOND, VOTING
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import urn_of
from wijkbudget.ballots.rules import FrozenRules
from wijkbudget.clock import Clock
from wijkbudget.jobs.timetable import TIMETABLE, Desk, Task, count, freeze, write_to_authors, write_to_officials
from wijkbudget.mail.letters import TEMPLATES
from wijkbudget.mail.tables import Letter
from wijkbudget.people.rules import Role
from wijkbudget.results.actions import SETTLING
from wijkbudget.results.tables import Result
from wijkbudget.rounds.tables import FinishedTask, Round

STARTS = {
    "freeze rules": SCHEDULE.voting,
    "write to authors": SCHEDULE.voting,
    "count": SCHEDULE.counting + SETTLING,
    "write to officials": SCHEDULE.counting + SETTLING,
    "publish package": SCHEDULE.result,
}


def desk(session: Session, round_: Round, keys: Path, now: datetime) -> Desk:
    clock = Clock()
    clock.ahead = now - clock.now()
    return Desk(session, round_, KeyFolder(keys), clock, now)


def test_the_timetable_names_every_task_once_in_order() -> None:
    assert [task.name for task in TIMETABLE] == list(STARTS)


def test_every_name_fits_its_column() -> None:
    longest = FinishedTask.__table__.c.task.type.length  # type: ignore[attr-defined]
    assert max(len(task.name) for task in TIMETABLE) <= longest


@pytest.mark.parametrize("task", TIMETABLE, ids=lambda task: task.name)
def test_nothing_is_due_before_its_moment(build: Builder, task: Task) -> None:
    round_ = build.round()
    start = STARTS[task.name]
    assert not task.is_due(round_, start - SECOND)
    assert task.is_due(round_, start)
    assert task.is_due(round_, start + timedelta(days=1000))


def test_freezing_puts_on_the_menu_what_was_liked_enough(build: Builder, session: Session, tmp_path: Path) -> None:
    round_ = build.round()
    chosen = build.menu_plan(round_, title="Speeltuin", cost=500_000)
    build.placed_plan(round_, title="Te weinig likes")
    freeze(desk(session, round_, tmp_path, VOTING))
    urn = urn_of(session, round_.id)
    assert urn is not None
    assert [(item.plan_id, item.cost) for item in FrozenRules.parse(urn.rules).menu] == [(chosen.id, 500_000)]
    assert urn.frozen_at == VOTING


def letters(session: Session) -> list[Letter]:
    return list(session.scalars(select(Letter).order_by(Letter.id)))


def test_the_authors_on_the_menu_hear_that_voting_began(build: Builder, session: Session, tmp_path: Path) -> None:
    round_ = build.round()
    plan = build.menu_plan(round_)
    build.placed_plan(round_, title="Niet op de lijst")
    build.opened_urn(round_, tmp_path)
    write_to_authors(desk(session, round_, tmp_path, VOTING))
    [letter] = letters(session)
    assert (letter.kind, letter.recipient, letter.posted_at) == ("plan-on-menu", plan.author.email, VOTING)
    assert letter.details["path"] == f"/plannen/{plan.id}"


def test_counting_stores_the_result(build: Builder, session: Session, tmp_path: Path) -> None:
    round_ = build.round()
    build.opened_urn(round_, tmp_path)
    count(desk(session, round_, tmp_path, COUNTING))
    assert session.get_one(Result, round_.id).voted == 0


def test_every_official_hears_that_the_result_is_ready(build: Builder, session: Session, tmp_path: Path) -> None:
    round_ = build.round()
    second = build.appointed(Role.OFFICIAL)
    build.appointed(Role.MODERATOR, "Haagse Hout")
    write_to_officials(desk(session, round_, tmp_path, COUNTING))
    assert {letter.kind for letter in letters(session)} == {"result-counted"}
    assert second.email in {letter.recipient for letter in letters(session)}
    assert len(letters(session)) == 2


@pytest.mark.parametrize("kind", ["plan-on-menu", "result-counted"])
def test_the_letters_of_the_timetable_have_a_template(kind: str) -> None:
    assert (TEMPLATES / f"{kind}.txt").is_file()
