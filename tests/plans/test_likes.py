"""Likes count once for each person, whoever else likes at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import SUBMITTING
from wijkbudget.database import Database
from wijkbudget.people.tables import Person
from wijkbudget.plans.likes import like_plan, unlike_plan
from wijkbudget.plans.rules import NotPlaced, PlanInfeasible
from wijkbudget.plans.tables import Like, Plan, Question
from wijkbudget.rounds.tables import Round


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def round_(build: Builder) -> Round:
    return build.round()


def test_a_like_counts_once_however_often_it_is_given(session: Session, build: Builder, round_: Round) -> None:
    plan, person = build.placed_plan(round_), build.person()
    for _ in range(2):
        like_plan(session, plan=plan, person=person, now=SUBMITTING)
        assert (plan.like_count, count(session, Like)) == (1, 1)
    for _ in range(2):
        unlike_plan(session, plan=plan, person=person, now=SUBMITTING)
        assert (plan.like_count, count(session, Like)) == (0, 0)


def test_a_like_does_not_make_a_page_stale(session: Session, build: Builder, round_: Round) -> None:
    plan = build.placed_plan(round_)
    like_plan(session, plan=plan, person=build.person(), now=SUBMITTING)
    session.expire_all()
    assert (plan.version, plan.like_count) == (1, 1)


def test_only_a_placed_plan_is_liked(session: Session, build: Builder, round_: Round) -> None:
    plan = build.plan(round_)
    for act in (like_plan, unlike_plan):
        with pytest.raises(NotPlaced):
            act(session, plan=plan, person=build.person(), now=SUBMITTING)


def test_likes_at_the_same_time_all_count_and_doubled_ones_once(
    database: Database, build: Builder, round_: Round
) -> None:
    plan, people = build.placed_plan(round_), [build.person().id for _ in range(4)]
    build.commit()

    def like(person_id: int) -> None:
        with database.transaction() as session:
            person = session.get_one(Person, person_id)
            like_plan(session, plan=session.get_one(Plan, plan.id), person=person, now=SUBMITTING)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(like, people * 2))
    build.session.refresh(plan)
    assert (plan.like_count, count(build.session, Like)) == (4, 4)


@pytest.mark.parametrize("act", [like_plan, unlike_plan])
def test_a_plan_that_cannot_be_carried_out_asks_for_no_likes(
    session: Session, build: Builder, act: Callable[..., None]
) -> None:
    plan = build.placed_plan(build.round())
    build.decision(plan, Question.FEASIBILITY, is_yes=False)
    with pytest.raises(PlanInfeasible):
        act(session, plan=plan, person=build.person(), now=SUBMITTING)
    assert plan.like_count == 0
