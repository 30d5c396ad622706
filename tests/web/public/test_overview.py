"""The city at this moment."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import ANNOUNCED, COUNTING, RESULT, REVIEWING, SCHEDULE, SUBMITTING, VOTING
from wijkbudget.rounds.rules import Schedule
from wijkbudget.web.public.overview import city, running


def later(days: int) -> Schedule:
    return Schedule(*(start + timedelta(days=days) for _, start in SCHEDULE.starts))


def test_a_round_runs_from_submitting_until_its_result(build: Builder) -> None:
    round_ = build.round()
    runs = {
        moment: bool(running([round_], moment))
        for moment in (ANNOUNCED, SUBMITTING, REVIEWING, VOTING, COUNTING, RESULT)
    }
    assert list(runs.values()) == [False, True, True, True, True, False]


def test_voting_is_more_urgent_than_submitting_and_the_sooner_end_goes_first(build: Builder) -> None:
    submitting = build.round(title="Indienen", schedule=later(60))
    votes_longer = build.round(title="Stemt langer", schedule=later(2))
    votes = build.round(title="Stemt")
    moment = VOTING + timedelta(days=2)
    assert running([submitting, votes_longer, votes], moment) == (votes, votes_longer, submitting)


def test_each_neighbourhood_knows_its_most_urgent_round(session: Session, build: Builder) -> None:
    here, elsewhere = build.neighbourhood("Duinoord"), build.neighbourhood("Laak")
    build.round(title="Later", neighbourhoods=(here,), schedule=later(60))
    urgent = build.round(title="Nu", neighbourhoods=(here,))
    seen = city(session, VOTING)
    assert seen.round_in(here) is urgent
    assert seen.round_in(elsewhere) is None


def test_the_map_marks_where_a_round_runs(session: Session, build: Builder) -> None:
    build.neighbourhood("Laak")
    build.round()
    assert {tile.name: tile.is_running for tile in city(session, VOTING).map.tiles} == {
        "Laak": False,
        "Bezuidenhout": True,
    }
