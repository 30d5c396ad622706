"""What an author reads about a plan at each moment."""

from datetime import datetime

import pytest
from flask import Flask

from tests.builders import Builder
from tests.moments import COUNTING, RESULT, REVIEWING, SUBMITTING, VOTING
from wijkbudget.plans.tables import Plan, Question
from wijkbudget.web.resident.standing import standing_of


def words(app: Flask, plan: Plan, moment: datetime) -> tuple[str, str]:
    with app.test_request_context():
        standing = standing_of(plan, moment)
    return standing.words, standing.reason


def test_a_new_plan_waits(app: Flask, build: Builder) -> None:
    plan = build.plan(build.round())
    assert [words(app, plan, moment)[0] for moment in (SUBMITTING, REVIEWING, VOTING)] == [
        "Wacht op plaatsing", "Wacht op plaatsing", "Niet op tijd beoordeeld",
    ]  # fmt: skip


def test_a_no_comes_with_its_reason(app: Flask, build: Builder) -> None:
    round_ = build.round()
    refused, infeasible = build.plan(round_), build.placed_plan(round_)
    build.decision(refused, Question.PLACEMENT, is_yes=False)
    build.decision(infeasible, Question.FEASIBILITY, is_yes=False)
    assert words(app, refused, SUBMITTING) == ("Niet geplaatst", "Het plan kan.")
    assert words(app, infeasible, VOTING) == ("Kan niet worden uitgevoerd", "Het plan kan.")


def test_a_placed_plan_tells_its_likes(app: Flask, build: Builder) -> None:
    plan = build.placed_plan(build.round(like_threshold=25))
    build.likes(plan, 18)
    assert words(app, plan, SUBMITTING)[0] == "Staat op de site: 18 van de 25 likes"
    assert words(app, plan, REVIEWING)[0] == "Te weinig likes: 18 van de 25"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (SUBMITTING, "Kan worden uitgevoerd"),
        (REVIEWING, "Kan worden uitgevoerd"),
        (VOTING, "Staat op de stemlijst"),
        (COUNTING, "Stond op de stemlijst"),
        (RESULT, "Stond op de stemlijst"),
    ],
)
def test_a_feasible_plan_goes_to_the_vote(app: Flask, build: Builder, moment: datetime, expected: str) -> None:
    assert words(app, build.menu_plan(build.round()), moment)[0] == expected


def test_a_withdrawn_plan_is_withdrawn_whatever_was_decided(app: Flask, build: Builder) -> None:
    plan = build.menu_plan(build.round())
    plan.withdrawn_at = SUBMITTING
    assert words(app, plan, VOTING)[0] == "Ingetrokken"
