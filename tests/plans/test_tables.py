"""What the database itself refuses about plans, and who may see one."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import SUBMITTING
from wijkbudget.people.rules import Role
from wijkbudget.plans.tables import Decision, Like, Plan, Question


def insert_fails(session: Session, table: type, **values: object) -> bool:
    try:
        with session.begin_nested():
            session.execute(insert(table).values(**values))
    except IntegrityError:
        return True
    return False


@pytest.fixture
def plan(build: Builder) -> Plan:
    return build.plan(build.round())


def test_a_person_likes_a_plan_once(session: Session, build: Builder, plan: Plan) -> None:
    like = {"plan_id": plan.id, "person_id": build.person().id, "liked_at": SUBMITTING}
    assert not insert_fails(session, Like, **like)
    assert insert_fails(session, Like, **like)


def test_a_question_is_decided_once(session: Session, build: Builder, plan: Plan) -> None:
    decision = build.decision(plan, Question.PLACEMENT)
    again = {"question": Question.PLACEMENT, "is_yes": True, "reason": "Ja.", "decided_at": SUBMITTING}
    assert insert_fails(session, Decision, plan_id=plan.id, decided_by=decision.decided_by, **again)


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": Question.PLACEMENT, "is_yes": False},
        {"question": Question.PLACEMENT, "is_yes": True, "cost": 100},
        {"question": Question.FEASIBILITY, "is_yes": True},
        {"question": Question.FEASIBILITY, "is_yes": True, "cost": 0},
        {"question": Question.FEASIBILITY, "is_yes": False, "cost": 100},
    ],
    ids=[
        "no-criterion",
        "placement-with-cost",
        "feasible-without-cost",
        "feasible-for-nothing",
        "infeasible-with-cost",
    ],
)
def test_a_decision_has_what_belongs_to_it(
    session: Session, build: Builder, plan: Plan, wrong: dict[str, object]
) -> None:
    values = {"plan_id": plan.id, "reason": "Zo.", "decided_at": SUBMITTING, "decided_by": plan.author_id}
    assert insert_fails(session, Decision, **values, **wrong)


def test_a_title_is_used_once_by_its_author_unless_withdrawn(session: Session, build: Builder, plan: Plan) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        build.plan(plan.round, author=plan.author)
    build.plan(plan.round, author=build.person())
    plan.withdrawn_at = SUBMITTING
    session.flush()
    build.plan(plan.round, author=plan.author)


def test_a_plan_is_seen_by_its_author_and_moderators_until_it_is_placed(build: Builder, plan: Plan) -> None:
    author, moderator = plan.author, build.appointed(Role.MODERATOR, "Haagse Hout")
    stranger, other_district = build.person(), build.appointed(Role.MODERATOR, "Loosduinen")
    assert [plan.is_visible_to(who) for who in (author, moderator)] == [True, True]
    assert [plan.is_visible_to(who) for who in (None, stranger, other_district)] == [False, False, False]
    build.decision(plan, Question.PLACEMENT)
    assert all(plan.is_visible_to(who) for who in (None, stranger, other_district, author))


def test_a_placed_plan_stays_visible_when_it_is_withdrawn(build: Builder, plan: Plan) -> None:
    build.decision(plan, Question.PLACEMENT)
    plan.withdrawn_at = SUBMITTING
    assert (plan.is_visible_to(None), plan.was_placed, plan.is_placed) == (True, True, False)


def test_a_plan_costs_what_was_checked_or_else_what_its_author_thinks(build: Builder, plan: Plan) -> None:
    assert plan.cost == 1_000_000
    build.decision(plan, Question.PLACEMENT)
    build.decision(plan, Question.FEASIBILITY, cost=1_200_000)
    assert plan.cost == 1_200_000


def test_only_a_plan_that_was_judged_feasible_has_a_checked_cost(build: Builder, plan: Plan) -> None:
    build.decision(plan, Question.PLACEMENT)
    with pytest.raises(LookupError):
        assert plan.checked_cost
    build.decision(plan, Question.FEASIBILITY, cost=700)
    assert plan.checked_cost == 700


def test_a_plan_has_enough_likes_from_the_threshold_of_its_round_on(build: Builder) -> None:
    plan = build.plan(build.round(like_threshold=2))
    had = []
    for _ in range(3):
        had.append(plan.has_enough_likes)
        build.likes(plan, 1)
    assert had == [False, False, True]
