"""The result, for officials only until they make it public."""

from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import RESULT
from tests.web.official.conftest import page
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter
from wijkbudget.people.rules import Role
from wijkbudget.results.tables import Result

ROUND = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026"
PUBLIC = "/rondes/wijkbudget-bezuidenhout-2026/uitslag"


@pytest.fixture
def official(client: FlaskClient, build: Builder, clock: MovableClock) -> FlaskClient:
    """A browser in which an official is signed in after a count of 7 votes of 1.000 people."""
    made = build.round(eligible=1000, budget=1_500_000)
    playground, benches = build.menu_plan(made, title="Speeltuin"), build.menu_plan(made, title="Banken")
    build.result(made, {playground: 4, benches: 2}, blank=1, published=False)
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    clock.move_to(RESULT)
    return client


def test_an_official_sees_the_result_before_anybody_else(official: FlaskClient) -> None:
    shown = page(official, f"{ROUND}/uitslag")

    for words in ("Speeltuin", "Gaat door", "Banken", "Past niet meer", "0,70%", "€ 10.000", "Maak de uitslag bekend"):
        assert words in shown
    assert "Gaat door" not in official.get(PUBLIC).get_data(as_text=True)


def test_an_official_makes_the_result_public_once(official: FlaskClient, database: Database) -> None:
    answer = official.post(f"{ROUND}/publiceren")

    assert (answer.status_code, answer.location) == (303, f"{ROUND}/uitslag")
    shown = page(official, f"{ROUND}/uitslag")
    assert "De uitslag is bekendgemaakt" in shown
    assert "Maak de uitslag bekend" not in shown
    assert "Gaat door" in page(official, PUBLIC)
    with database.reading() as session:
        first = session.scalars(select(Result)).one()
        letters = len(session.scalars(select(Letter)).all())

    again = official.post(f"{ROUND}/publiceren")

    assert again.status_code == 409
    assert "Deze uitslag is al bekendgemaakt." in unescape(again.get_data(as_text=True))
    with database.reading() as session:
        assert session.scalars(select(Result)).one().published_at == first.published_at
        assert len(session.scalars(select(Letter)).all()) == letters == 2


def test_a_round_that_is_not_counted_has_no_result(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    build.round()
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    clock.move_to(RESULT)

    assert client.get(f"{ROUND}/uitslag").status_code == 409
    assert client.post(f"{ROUND}/publiceren").status_code == 409


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.MODERATOR, 403), (Role.ADMINISTRATOR, 403)])
def test_only_officials_see_and_publish(
    client: FlaskClient, build: Builder, database: Database, role: Role | None, status: int
) -> None:
    made = build.round()
    build.result(made, {build.menu_plan(made): 1}, published=False)
    if role:
        build.sign_in(client, build.appointed(role, *(["Haagse Hout"] if role is Role.MODERATOR else [])))
    build.commit()

    assert client.get(f"{ROUND}/uitslag").status_code == status
    assert client.post(f"{ROUND}/publiceren").status_code == status
    with database.reading() as session:
        assert session.scalars(select(Result)).one().published_at is None
