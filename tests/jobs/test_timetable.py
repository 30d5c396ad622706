"""What each phase asks for, and from which moment."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.ceremony import WITH_OFFICIALS, ceremony, held
from tests.moments import COUNTING, REVIEWING, SCHEDULE, SECOND, VOTING
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import menu_ids, typed_shares, urn_of
from wijkbudget.ballots.rules import FrozenRules
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.jobs.timetable import TIMETABLE, Desk, Task, count, freeze, write_to_authors, write_to_officials
from wijkbudget.mail.letters import TEMPLATES
from wijkbudget.mail.tables import Letter
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.plans.actions import decide_feasibility
from wijkbudget.plans.tables import Plan
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


# Where officials keep the key


def test_freezing_is_due_early_where_officials_keep_the_key(build: Builder) -> None:
    freezing, *others = TIMETABLE
    round_ = build.round(voting=WITH_OFFICIALS)
    assert not freezing.is_due(round_, SCHEDULE.reviewing - SECOND)
    assert freezing.is_due(round_, SCHEDULE.reviewing)
    assert not any(task.is_due(round_, SCHEDULE.voting - SECOND) for task in others)


@pytest.mark.parametrize("moment", [REVIEWING, VOTING])
def test_freezing_is_finished_once_three_officials_stepped_in(build: Builder, tmp_path: Path, moment: datetime) -> None:
    made = ceremony(build)
    plan = build.menu_plan(made.round)
    made.step_in(2)
    assert not freeze(desk(build.session, made.round, tmp_path, moment))
    assert urn_of(build.session, made.round.id) is None
    made.officials = made.officials[2:]
    made.step_in(1)
    assert freeze(desk(build.session, made.round, tmp_path, moment))
    urn = urn_of(build.session, made.round.id)
    assert urn is not None
    assert [item.plan_id for item in FrozenRules.parse(urn.rules).menu] == [plan.id]


@pytest.mark.parametrize("people", range(4))
def test_once_voting_is_over_freezing_waits_for_no_official(build: Builder, tmp_path: Path, people: int) -> None:
    made = ceremony(build)
    made.step_in(people)
    assert freeze(desk(build.session, made.round, tmp_path, SCHEDULE.counting))
    urn = urn_of(build.session, made.round.id)
    assert urn is not None
    assert urn.share_box_key is None


def test_a_decision_that_is_under_way_is_waited_for_and_on_the_menu(
    build: Builder, database: Database, tmp_path: Path
) -> None:
    made = ceremony(build)
    plan, moderator = build.placed_plan(made.round), build.appointed(Role.MODERATOR, "Haagse Hout")
    build.likes(plan, 2)
    made.step_in()
    build.commit()

    def work() -> None:
        with database.transaction() as session:
            freeze(desk(session, session.get_one(Round, made.round.id), tmp_path, REVIEWING))

    with database.transaction() as session:
        decide_feasibility(
            session, plan=session.get_one(Plan, plan.id), moderator=session.get_one(Person, moderator.id), is_yes=True,
            cost=1000, reason="Het kan.", version=plan.version, now=REVIEWING,
        )  # fmt: skip
        scheduler = Thread(target=work)
        scheduler.start()
        scheduler.join(0.5)
        assert scheduler.is_alive()
    scheduler.join()
    with database.reading() as session:
        assert menu_ids(session, made.round.id) == {plan.id}


def test_a_round_that_was_given_back_to_the_server_is_not_frozen_early(build: Builder, tmp_path: Path) -> None:
    round_ = build.round()
    assert not freeze(desk(build.session, round_, tmp_path, SCHEDULE.voting - SECOND))
    assert freeze(desk(build.session, round_, tmp_path, SCHEDULE.voting))


def test_the_authors_hear_it_once_people_can_vote(build: Builder, session: Session, tmp_path: Path) -> None:
    made = ceremony(build)
    build.menu_plan(made.round)
    made.step_in()
    freeze(desk(session, made.round, tmp_path, VOTING))
    assert not write_to_authors(desk(session, made.round, tmp_path, VOTING))
    made.show()
    assert not write_to_authors(desk(session, made.round, tmp_path, VOTING))
    assert letters(session) == []
    made.confirm()
    assert write_to_authors(desk(session, made.round, tmp_path, VOTING))
    assert [letter.kind for letter in letters(session)] == ["plan-on-menu"]
    assert write_to_authors(desk(session, ceremony(build, build.round(title="Elders")).round, tmp_path, COUNTING))


def test_the_count_waits_for_two_shares(build: Builder, session: Session, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    build.blank_vote(made.round)
    for number in range(2):
        assert not count(desk(session, made.round, tmp_path, COUNTING))
        made.type(number, by=number)
    assert count(desk(session, made.round, tmp_path, COUNTING))
    assert session.get_one(Result, made.round.id).blank == 1
    assert typed_shares(session, made.round.id) == []


@pytest.mark.parametrize("kind", ["plan-on-menu", "result-counted"])
def test_the_letters_of_the_timetable_have_a_template(kind: str) -> None:
    assert (TEMPLATES / f"{kind}.txt").is_file()
