"""tests/web/account/test_password.py tests wijkbudget/web/account/password.py."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import SUBMITTING
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter

FORGOT, SIGN_IN = "/account/wachtwoord-vergeten", "/account/inloggen"
EMAIL, PASSWORD = "samira@example.org", "een nieuw wachtwoord"


def link(client: FlaskClient, build: Builder, database: Database) -> str:
    """The path in the letter to Samira, who asked for a new password."""
    build.person(EMAIL)
    build.commit()
    client.post(FORGOT, data={"email": EMAIL})
    with database.reading() as session:
        return session.scalars(select(Letter)).one().details["path"]


def test_the_answer_is_the_same_for_an_unknown_address(client: FlaskClient, build: Builder, database: Database) -> None:
    build.person(EMAIL)
    build.commit()
    known, unknown = (client.post(FORGOT, data={"email": email}) for email in (EMAIL, "jan@example.org"))
    assert (known.status_code, known.headers["Location"]) == (303, SIGN_IN)
    assert (unknown.status_code, unknown.headers["Location"], unknown.data) == (303, SIGN_IN, known.data)
    assert "Kennen wij dit e-mailadres?" in client.get(SIGN_IN).text


def test_a_new_password_signs_in_after_that(client: FlaskClient, build: Builder, database: Database) -> None:
    path = link(client, build, database)
    assert EMAIL in client.get(path).text
    answer = client.post(path, data={"password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, SIGN_IN)
    assert client.post(SIGN_IN, data={"email": EMAIL, "password": PASSWORD}).status_code == 303


def test_a_link_works_once(client: FlaskClient, build: Builder, database: Database) -> None:
    path = link(client, build, database)
    client.post(path, data={"password": PASSWORD})
    assert client.get(path).status_code == 410
    assert client.post(path, data={"password": "nog een nieuw woord"}).status_code == 410


def test_a_short_password_is_refused_and_the_link_lives_on(
    client: FlaskClient, build: Builder, database: Database
) -> None:
    path = link(client, build, database)
    answer = client.post(path, data={"password": "kort"})
    assert answer.status_code == 422
    assert "minimaal 12 tekens" in answer.text
    assert client.post(path, data={"password": PASSWORD}).status_code == 303


def test_a_link_is_too_old_after_an_hour(
    client: FlaskClient, build: Builder, database: Database, clock: MovableClock
) -> None:
    path = link(client, build, database)
    clock.move_to(SUBMITTING + timedelta(minutes=61))
    assert client.get(path).status_code == 410


def test_a_new_password_signs_every_browser_out(client: FlaskClient, build: Builder, database: Database) -> None:
    person = build.person(EMAIL)
    build.sign_in(client, person)
    assert "Uitloggen" in client.get(SIGN_IN).text
    client.post(FORGOT, data={"email": EMAIL})
    with database.reading() as session:
        path = session.scalars(select(Letter)).one().details["path"]
    client.post(path, data={"password": PASSWORD})
    assert "Uitloggen" not in client.get(SIGN_IN).text
