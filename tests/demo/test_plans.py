from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import ANNOUNCED, REVIEWING, SCHEDULE, SUBMITTING, VOTING
from wijkbudget.demo.photos import Darkroom
from wijkbudget.demo.plans import Cast, Stretch, plans_by_title, submit_plans
from wijkbudget.demo.script import PlanScript, State
from wijkbudget.people.rules import Role
from wijkbudget.plans.queries import menu_plans
from wijkbudget.plans.rules import Draft
from wijkbudget.plans.tables import Like, Plan, Question
from wijkbudget.rounds.rules import Phase
from wijkbudget.rounds.tables import Round


def script(title: str, state: State, *, likes: int = 0, withdrawn: Phase | None = None) -> PlanScript:
    return PlanScript(
        draft=Draft(title, "Kort.", "Wat.", "Waarom.", "Hier", 500_000), likes=likes, picture=None, is_samiras=False,
        state=state, criterion="Het plan is goed voor de wijk" if state is State.REFUSED else None,
        reason="Om deze reden.", withdrawn=withdrawn,
    )  # fmt: skip


SCRIPTS = (
    script("Nieuw", State.NEW),
    script("Geweigerd", State.REFUSED),
    script("Geplaatst", State.PLACED, likes=1),
    script("Kan niet", State.NOT_FEASIBLE, likes=3),
    script("Kan wel", State.FEASIBLE, likes=4),
    script("Terug", State.PLACED, withdrawn=Phase.SUBMITTING),
    script("Later terug", State.FEASIBLE, likes=2, withdrawn=Phase.REVIEWING),
)


@pytest.fixture
def round_(build: Builder) -> Round:
    return build.round()


def play(session: Session, build: Builder, round_: Round, now: datetime) -> dict[str, Plan]:
    cast = Cast(build.appointed(Role.MODERATOR, "Haagse Hout"), build.person(), [build.person() for _ in range(6)])
    submit_plans(session, round_, SCRIPTS, cast, Darkroom(), now)
    session.expire_all()
    return plans_by_title(session, round_)


def test_each_plan_ends_in_the_state_of_its_script(session: Session, build: Builder, round_: Round) -> None:
    plans = play(session, build, round_, VOTING)
    assert not plans["Nieuw"].decisions
    assert not plans["Geweigerd"].was_placed
    assert plans["Geplaatst"].is_placed
    assert plans["Terug"].withdrawn_at is not None
    judged = plans["Kan niet"].decision(Question.FEASIBILITY)
    assert judged is not None
    assert (judged.is_yes, judged.reason) == (False, "Om deze reden.")
    assert [plan.title for plan in menu_plans(session, round_.id)] == ["Kan wel"]


def test_every_like_is_of_somebody(session: Session, build: Builder, round_: Round) -> None:
    plans = play(session, build, round_, VOTING)
    assert plans["Kan wel"].like_count == 4
    assert session.scalar(select(func.count()).select_from(Like)) == sum(plan.like_count for plan in plans.values())


def test_while_plans_are_submitted_nothing_is_judged(session: Session, build: Builder, round_: Round) -> None:
    plans = play(session, build, round_, SUBMITTING)
    assert not any(plan.decision(Question.FEASIBILITY) for plan in plans.values())


def test_nothing_happens_after_now_or_outside_its_phase(session: Session, build: Builder, round_: Round) -> None:
    plans = play(session, build, round_, REVIEWING).values()
    assert all(SCHEDULE.submitting < plan.submitted_at < SCHEDULE.reviewing for plan in plans)
    assert all(decision.decided_at < REVIEWING for plan in plans for decision in plan.decisions)
    assert all(like.liked_at < SCHEDULE.reviewing for like in session.scalars(select(Like)))


def test_a_stretch_ends_with_its_phase_or_now(round_: Round) -> None:
    assert Stretch.of(round_, Phase.SUBMITTING, VOTING).at(1) == SCHEDULE.reviewing
    assert Stretch.of(round_, Phase.SUBMITTING, SUBMITTING).at(1) == SUBMITTING
    assert Stretch(ANNOUNCED, ANNOUNCED + timedelta(hours=2)).at(0.5) == ANNOUNCED + timedelta(hours=1)
