"""The like button, with and without a script."""

import pytest
from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import SCHEDULE, SECOND
from wijkbudget.database import Database
from wijkbudget.people.tables import Person
from wijkbudget.plans.tables import Plan

JSON = {"Accept": "application/json"}


@pytest.fixture
def plan(build: Builder) -> Plan:
    plan = build.placed_plan(build.round())
    build.commit()
    return plan


def likes(database: Database, plan: Plan) -> int:
    with database.reading() as session:
        return session.get_one(Plan, plan.id).like_count


def test_a_script_gets_the_number(client: FlaskClient, database: Database, resident: Person, plan: Plan) -> None:
    address = f"/mijn/plannen/{plan.id}/like"
    assert client.post(address, data={"liked": "yes"}, headers=JSON).json == {"liked": True, "likes": 1}
    assert client.post(address, data={"liked": "yes"}, headers=JSON).json == {"liked": True, "likes": 1}
    assert client.post(address, data={"liked": "no"}, headers=JSON).json == {"liked": False, "likes": 0}
    assert client.post(address, data={"liked": "no"}, headers=JSON).json == {"liked": False, "likes": 0}
    assert likes(database, plan) == 0


def test_a_browser_goes_back_to_the_plan(client: FlaskClient, database: Database, resident: Person, plan: Plan) -> None:
    answer = client.post(
        f"/mijn/plannen/{plan.id}/like", data={"liked": "yes"}, headers={"Accept": "text/html,*/*;q=0.8"}
    )
    assert (answer.status_code, answer.location) == (303, f"/plannen/{plan.id}")
    assert likes(database, plan) == 1


@pytest.mark.parametrize("wanted", [{}, {"liked": ""}, {"liked": "misschien"}])
def test_a_like_says_what_it_wants(
    client: FlaskClient, database: Database, resident: Person, plan: Plan, wanted: dict[str, str]
) -> None:
    assert client.post(f"/mijn/plannen/{plan.id}/like", data=wanted).status_code == 422
    assert likes(database, plan) == 0


def test_liking_ends_when_submitting_ends(
    client: FlaskClient, clock: MovableClock, database: Database, resident: Person, plan: Plan
) -> None:
    address = f"/mijn/plannen/{plan.id}/like"
    clock.move_to(SCHEDULE.reviewing)
    assert client.post(address, data={"liked": "yes"}, headers=JSON).status_code == 409
    assert likes(database, plan) == 0
    clock.move_to(SCHEDULE.reviewing - SECOND * 60)
    assert client.post(address, data={"liked": "yes"}).status_code == 303


def test_a_plan_that_is_not_on_the_site_is_not_liked(client: FlaskClient, build: Builder, resident: Person) -> None:
    round_ = build.round()
    hidden, own = build.plan(round_), build.plan(round_, author=resident)
    build.commit()
    for plan_id, status in ((hidden.id, 404), (own.id, 409), (999_999, 404)):
        assert client.post(f"/mijn/plannen/{plan_id}/like", data={"liked": "yes"}).status_code == status


def test_visitors_sign_in_first(client: FlaskClient, database: Database, plan: Plan) -> None:
    answer = client.post(f"/mijn/plannen/{plan.id}/like", data={"liked": "yes"})
    assert answer.status_code == 302
    assert answer.location.startswith("/account/inloggen")
    assert likes(database, plan) == 0


def test_who_has_not_confirmed_the_address_does_not_like(
    client: FlaskClient, build: Builder, database: Database, plan: Plan
) -> None:
    build.sign_in(client, build.person(confirmed=False))
    assert client.post(f"/mijn/plannen/{plan.id}/like", data={"liked": "yes"}).status_code == 403
    assert likes(database, plan) == 0


def test_a_get_likes_nothing(client: FlaskClient, resident: Person, plan: Plan) -> None:
    assert client.get(f"/mijn/plannen/{plan.id}/like").status_code == 405
