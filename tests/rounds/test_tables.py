"""What the database itself refuses of a round."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import SCHEDULE, SECOND, SUBMITTING
from wijkbudget.database import Table
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.rounds.tables import Area, FinishedTask, Round
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.turns import Misfit


@pytest.mark.parametrize(
    "values",
    [
        {"budget": 0},
        {"like_threshold": -1},
        {"eligible": 0},
        {"max_choices": 0},
        {"min_choices": 0},
        {"max_choices": 2, "min_choices": 3},
        {"total_points": 3},
        {"most_points": 3},
        {"form": Form.APPROVAL, "max_choices": None},
        {"form": Form.RANKING, "max_choices": None},
        {"form": Form.RANKING, "max_choices": 3, "min_choices": 2},
        {"form": Form.ONE, "max_choices": 1},
        {"form": Form.ONE, "min_choices": 1},
        {"form": Form.POINTS},
        {"form": Form.POINTS, "total_points": 3},
        {"form": Form.POINTS, "total_points": 3, "most_points": 0},
        {"form": Form.POINTS, "total_points": 3, "most_points": 4},
        {"form": Form.POINTS, "total_points": 3, "most_points": 3, "max_choices": 3},
        {"reviewing_from": SCHEDULE.submitting},
        {"voting_from": SCHEDULE.counting},
        {"counting_from": SCHEDULE.result},
        {"result_from": SCHEDULE.counting - SECOND},
    ],
)
def test_a_round_that_cannot_be_is_not_stored(session: Session, build: Builder, values: dict[str, Any]) -> None:
    build.round()

    with pytest.raises(IntegrityError):
        session.execute(update(Table.metadata.tables["round"]).values(values))


def test_two_rounds_do_not_share_an_address(session: Session, build: Builder) -> None:
    build.round()

    with pytest.raises(IntegrityError):
        build.round()


@pytest.mark.parametrize(
    "form",
    [
        BallotForm(Form.BASKET),
        BallotForm(Form.BASKET, 5, 2),
        BallotForm(Form.APPROVAL, 3, 2),
        BallotForm(Form.ONE),
        BallotForm(Form.POINTS, total_points=10, most_points=4),
        BallotForm(Form.RANKING, 3),
    ],
)
def test_a_round_comes_back_with_its_values_whole(session: Session, build: Builder, form: BallotForm) -> None:
    made = build.round(ballot_form=form)
    session.expire_all()

    assert made.schedule == SCHEDULE
    assert made.ballot_form == form
    assert made.counting == Counting()
    assert made.electorate.eligible == 1000


def test_a_round_comes_back_with_its_rule_and_its_settings(session: Session, build: Builder) -> None:
    counting = Counting(MostVotes(Misfit.STRETCH, 80, minimum=5), SeedSource.DRAW, compares=True)
    made = build.round(counting=counting)
    session.expire_all()

    assert made.counting == counting


def test_the_districts_of_a_round_are_those_of_its_neighbourhoods(build: Builder) -> None:
    places = (
        build.neighbourhood("Bezuidenhout"),
        build.neighbourhood("Mariahoeve"),
        build.neighbourhood("Duinoord", district="Scheveningen"),
    )

    made = build.round(neighbourhoods=places)

    assert made.district_ids == {places[0].district_id, places[2].district_id}


def test_a_neighbourhood_lies_in_an_area_once(session: Session, build: Builder) -> None:
    made = build.round()

    with pytest.raises(IntegrityError):
        session.execute(
            text("INSERT INTO area (round_id, neighbourhood_id) VALUES (:round, :place)"),
            {"round": made.id, "place": made.neighbourhoods[0].id},
        )


def test_an_area_names_neighbourhoods_that_exist(session: Session, build: Builder) -> None:
    session.add(Area(round_id=build.round().id, neighbourhood_id=999_999))

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_task_is_finished_once(session: Session, build: Builder) -> None:
    made = build.round()
    _finish(session, made, SUBMITTING)

    with pytest.raises(IntegrityError):
        _finish(session, made, SUBMITTING + SECOND)


def _finish(session: Session, round: Round, moment: datetime) -> None:
    session.add(FinishedTask(round_id=round.id, task="count", finished_at=moment))
    session.flush()
    session.expunge_all()
