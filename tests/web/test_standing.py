"""What an author and everybody else read about a plan at each moment."""

from datetime import datetime

import pytest
from flask import Flask

from tests.builders import Builder
from tests.moments import COUNTING, RESULT, REVIEWING, SUBMITTING, VOTING
from wijkbudget.plans.tables import Plan, Question
from wijkbudget.web.standing import Ending, Event, authors_standing, line_of_events, public_standing


def words(app: Flask, plan: Plan, moment: datetime, ending: Ending | None = None) -> tuple[str, str]:
    with app.test_request_context():
        standing = authors_standing(plan, moment, ending)
    return standing.words, standing.reason


def test_a_new_plan_waits(app: Flask, build: Builder) -> None:
    plan = build.plan(build.round())
    assert [words(app, plan, moment)[0] for moment in (SUBMITTING, REVIEWING, VOTING)] == [
        "Wacht op plaatsing", "Wacht op plaatsing", "Niet op tijd beoordeeld",
    ]  # fmt: skip


def test_once_the_menu_is_frozen_a_plan_without_a_decision_is_too_late(app: Flask, build: Builder) -> None:
    round_ = build.round(like_threshold=0)
    plans = [build.plan(round_), build.placed_plan(round_), build.menu_plan(round_)]
    round_.frozen_at = REVIEWING
    assert [words(app, plan, REVIEWING)[0] for plan in plans] == [
        "Niet op tijd beoordeeld", "Niet op tijd beoordeeld", "Kan worden uitgevoerd",
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


def public(app: Flask, plan: Plan, moment: datetime, ending: Ending | None = None) -> tuple[str, str]:
    with app.test_request_context():
        standing = public_standing(plan, moment, ending)
    return standing.words, standing.kind


def events(app: Flask, plan: Plan, moment: datetime, ending: Ending | None = None) -> list[tuple[str, str]]:
    with app.test_request_context():
        return [(event.title, event.state) for event in line_of_events(plan, moment, ending)]


@pytest.mark.parametrize(
    ("moment", "on_menu", "too_few"),
    [
        (SUBMITTING, ("U kunt dit plan liken", "now"), ("U kunt dit plan liken", "now")),
        (REVIEWING, ("De gemeente bekijkt dit plan", "wait"), ("Staat niet op de stemlijst", "plain")),
        (VOTING, ("U kunt hierop stemmen", "ok"), ("Staat niet op de stemlijst", "plain")),
        (COUNTING, ("De uitslag komt nog", "wait"), ("Staat niet op de stemlijst", "plain")),
        (RESULT, ("De uitslag komt nog", "wait"), ("Staat niet op de stemlijst", "plain")),
    ],
)
def test_everybody_reads_what_can_be_done_with_a_plan(
    app: Flask, build: Builder, moment: datetime, on_menu: tuple[str, str], too_few: tuple[str, str]
) -> None:
    round_ = build.round()
    assert public(app, build.menu_plan(round_), moment) == on_menu
    assert public(app, build.placed_plan(round_, title="Brug"), moment) == too_few


def test_before_a_plan_is_placed_its_few_readers_know_why(app: Flask, build: Builder) -> None:
    round_ = build.round()
    waiting, refused, infeasible = build.plan(round_), build.plan(round_), build.placed_plan(round_)
    build.decision(refused, Question.PLACEMENT, is_yes=False)
    build.decision(infeasible, Question.FEASIBILITY, is_yes=False)
    assert public(app, waiting, SUBMITTING) == ("Wacht op de gemeente", "wait")
    assert public(app, waiting, VOTING) == ("Niet op tijd beoordeeld", "no")
    assert public(app, refused, SUBMITTING) == ("Niet geplaatst", "no")
    assert public(app, infeasible, REVIEWING) == ("Kan niet worden uitgevoerd", "no")


def test_a_plan_that_nobody_judged_does_not_come_on_the_ballot(app: Flask, build: Builder) -> None:
    plan = build.placed_plan(build.round(like_threshold=0))
    assert words(app, plan, VOTING)[0] == "Niet op tijd beoordeeld"
    assert public(app, plan, VOTING) == ("Staat niet op de stemlijst", "plain")


@pytest.mark.parametrize(("won", "expected"), [(True, ("Gekozen", "ok")), (False, ("Niet gekozen", "plain"))])
def test_after_the_result_everybody_reads_how_it_ended(
    app: Flask, build: Builder, won: bool, expected: tuple[str, str]
) -> None:
    plan, ending = build.menu_plan(build.round()), Ending(won, RESULT)
    assert public(app, plan, RESULT, ending) == expected
    assert events(app, plan, RESULT, ending)[-2:] == [("In stemming", "done"), (expected[0], "done")]


def test_what_was_withdrawn_did_not_end_in_the_vote(app: Flask, build: Builder) -> None:
    plan = build.menu_plan(build.round())
    plan.withdrawn_at = VOTING
    assert public(app, plan, RESULT, Ending(False, RESULT)) == ("Ingetrokken", "no")
    assert events(app, plan, RESULT, Ending(False, RESULT))[-1] == ("Ingetrokken", "done")


def test_the_line_of_events_tells_what_was_what_is_and_what_comes(app: Flask, build: Builder) -> None:
    plan = build.menu_plan(build.round())
    past = [("Ingediend", "done"), ("Op de site geplaatst", "done"), ("De gemeente zegt: het kan", "done")]
    assert events(app, plan, REVIEWING) == [*past, ("Uitslag", "later")]
    assert events(app, plan, VOTING) == [*past, ("In stemming", "now"), ("Uitslag", "later")]
    assert events(app, plan, COUNTING) == [*past, ("In stemming", "done"), ("Uitslag", "now")]


def test_a_plan_that_waits_or_stops_has_no_result_to_come(app: Flask, build: Builder) -> None:
    round_ = build.round()
    waiting, refused = build.plan(round_), build.plan(round_)
    build.decision(refused, Question.PLACEMENT, is_yes=False)
    assert events(app, waiting, SUBMITTING)[1:] == [("De gemeente bekijkt of het plan geplaatst kan worden", "now")]
    assert events(app, refused, SUBMITTING)[1:] == [("Niet geplaatst", "done")]


def test_an_event_tells_its_day(app: Flask, build: Builder) -> None:
    with app.test_request_context():
        first = line_of_events(build.plan(build.round()), SUBMITTING, None)[0]
    assert first == Event("Ingediend", "woensdag 2 september 2026", "done")


@pytest.mark.parametrize(("won", "said"), [(True, "Gekozen"), (False, "Niet gekozen")])
def test_an_author_reads_whether_the_plan_won(app: Flask, build: Builder, won: bool, said: str) -> None:
    assert words(app, build.menu_plan(build.round()), RESULT, Ending(won, RESULT)) == (said, "")
