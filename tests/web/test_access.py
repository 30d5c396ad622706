"""tests/web/test_access.py tests wijkbudget/web/access.py: who may enter, as one table of doors and roles."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import SUBMITTING
from wijkbudget.people.actions import appoint_person, dismiss_person
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person, SignIn
from wijkbudget.web import access
from wijkbudget.web.access import AUDIENCES, own_path

OPEN, SIGN_IN, CLOSED = 200, 302, 403
VISITORS = ["nobody", "unconfirmed", "resident", "moderator", "official", "administrator"]
DOORS = {
    "public": [OPEN, OPEN, OPEN, OPEN, OPEN, OPEN],
    "account": [OPEN, OPEN, OPEN, OPEN, OPEN, OPEN],
    "voter": [OPEN, OPEN, OPEN, OPEN, OPEN, OPEN],
    "development": [OPEN, OPEN, OPEN, OPEN, OPEN, OPEN],
    "resident": [SIGN_IN, CLOSED, OPEN, OPEN, OPEN, OPEN],
    "moderator": [SIGN_IN, CLOSED, CLOSED, OPEN, CLOSED, CLOSED],
    "official": [SIGN_IN, CLOSED, CLOSED, CLOSED, OPEN, CLOSED],
    "unnamed": [CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED],
}
TABLE = [(door, *pair) for door, statuses in DOORS.items() for pair in zip(VISITORS, statuses, strict=True)]


def visitor(build: Builder, name: str) -> Person:
    if name in ("resident", "unconfirmed"):
        return build.person(confirmed=name == "resident")
    return build.appointed(Role(name), *(["Haagse Hout"] if name == "moderator" else []))


@pytest.fixture
def doors(app: Flask) -> Flask:
    """The application with one more page behind each door."""
    for door in DOORS:
        app.add_url_rule(f"/proef/{door}", f"{door}.proef", lambda: "binnen", methods=["GET", "POST"])
    app.add_url_rule("/proef", "proef", lambda: "binnen")
    return app


@pytest.mark.parametrize(("door", "name", "status"), TABLE)
def test_each_door_opens_for_its_own_role_only(doors: Flask, build: Builder, door: str, name: str, status: int) -> None:
    client = doors.test_client()
    if name != "nobody":
        build.sign_in(client, visitor(build, name))
    assert client.get(f"/proef/{door}").status_code == status
    assert client.post(f"/proef/{door}").status_code == status


def test_the_table_above_names_every_audience() -> None:
    assert set(DOORS) == {*AUDIENCES, "unnamed"}


def test_a_page_outside_every_audience_is_closed(doors: Flask) -> None:
    assert doors.test_client().get("/proef").status_code == CLOSED


def test_a_role_counts_from_the_next_request_on(doors: Flask, build: Builder) -> None:
    client, person = doors.test_client(), build.person()
    build.sign_in(client, person)
    assert client.get("/proef/official").status_code == CLOSED
    appoint_person(build.session, email=person.email, role=Role.OFFICIAL, district_slugs=[], now=SUBMITTING)
    build.commit()
    assert client.get("/proef/official").status_code == OPEN
    build.session.delete(person.appointments[0])
    build.commit()
    assert client.get("/proef/official").status_code == CLOSED


def test_a_role_that_was_taken_opens_nothing_from_the_next_request_on(doors: Flask, build: Builder) -> None:
    client, person = doors.test_client(), build.appointed(Role.OFFICIAL)
    build.sign_in(client, person)
    assert client.get("/proef/official").status_code == OPEN
    dismiss_person(build.session, email=person.email, role=Role.OFFICIAL, now=SUBMITTING)
    build.commit()
    assert client.get("/proef/official").status_code == CLOSED


def test_knocking_at_a_door_does_not_wait_for_somebody_who_writes(doors: Flask, build: Builder) -> None:
    client, person = doors.test_client(), build.appointed(Role.OFFICIAL)
    build.sign_in(client, person)
    build.district("Segbroek")  # an open transaction; on SQLite it holds the only write lock
    assert client.post("/proef/official").status_code == OPEN
    assert client.post("/proef/moderator").status_code == CLOSED


@pytest.mark.parametrize(("role", "age"), [(None, timedelta(days=30)), (Role.OFFICIAL, timedelta(hours=12))])
def test_a_sign_in_ends_by_itself(
    doors: Flask, build: Builder, clock: MovableClock, role: Role | None, age: timedelta
) -> None:
    client = doors.test_client()
    build.sign_in(client, build.appointed(role) if role else build.person())
    build.session.query(SignIn).update({"began_at": SUBMITTING})
    build.commit()
    clock.move_to(SUBMITTING + age - timedelta(minutes=1))
    assert client.get("/proef/resident").status_code == OPEN
    clock.move_to(SUBMITTING + age)
    assert client.get("/proef/resident").status_code == SIGN_IN


def test_a_sign_in_that_was_ended_opens_nothing(doors: Flask, build: Builder) -> None:
    client, person = doors.test_client(), build.person()
    build.sign_in(client, person)
    build.session.query(SignIn).update({"ended_at": datetime(2026, 9, 3, tzinfo=UTC)})
    build.commit()
    assert client.get("/proef/resident").status_code == SIGN_IN


def test_who_forges_a_cookie_without_the_database_signs_in_as_nobody(doors: Flask, build: Builder) -> None:
    client, person = doors.test_client(), build.appointed(Role.OFFICIAL)
    build.sign_in(doors.test_client(), person)
    for guess in (str(person.id), person.email, "0" * 31, "%", ""):
        forge_cookie(client, guess)
        assert client.get("/proef/official").status_code == SIGN_IN
    forge_cookie(client, build.session.query(SignIn.id).scalar())
    assert client.get("/proef/official").status_code == OPEN


def forge_cookie(client: FlaskClient, sign_in_id: str | None) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = sign_in_id


def test_a_site_whose_cookies_name_the_person_is_found_out(
    doors: Flask, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sign_in_of(session: Session, person_id: str, _now: datetime) -> SignIn | None:
        known = person_id.isdecimal() and int(person_id)
        return session.scalar(select(SignIn).where(SignIn.person_id == known))

    monkeypatch.setattr(access, "live_sign_in", sign_in_of)
    with found("assert 200 == 302"):
        test_who_forges_a_cookie_without_the_database_signs_in_as_nobody(doors, build)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/proef/resident", "/account/inloggen?verder=/proef/resident"),
        ("/proef/resident?pagina=2", "/account/inloggen?verder=/proef/resident?pagina%3D2"),
        ("/en/proef/resident", "/en/account/inloggen?verder=/en/proef/resident"),
    ],
)
def test_who_is_sent_to_sign_in_comes_back_afterwards(doors: Flask, path: str, location: str) -> None:
    assert doors.test_client().get(path).headers["Location"] == location


def test_who_pressed_a_button_comes_back_to_the_page_with_the_button(doors: Flask) -> None:
    client = doors.test_client()
    answer = client.post("/proef/resident", headers={"Referer": "http://localhost/plannen/7"})
    assert answer.headers["Location"] == "/account/inloggen?verder=/plannen/7"
    answer = client.post("/proef/resident", headers={"Referer": "http://elders.example.org/plannen/7"})
    assert answer.headers["Location"] == "/account/inloggen?verder="


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/plannen/7", "/plannen/7"),
        ("/en/rondes/duinoord?pagina=2", "/en/rondes/duinoord?pagina=2"),
        ("http://localhost/plannen/7", "/plannen/7"),
        ("", ""),
        ("plannen", ""),
        ("//elders.example.org", ""),
        ("/\\elders.example.org", ""),
        ("/\t/elders.example.org", ""),
        ("/plannen\r\nX: y", ""),
        ("http://elders.example.org/", ""),
        ("http://localhost.elders.example.org/", ""),
        ("http://localhost//elders.example.org", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_only_paths_of_our_own_are_returned_to(app: Flask, target: str, path: str) -> None:
    with app.test_request_context():
        assert own_path(target) == path


def test_a_cookie_that_names_no_sign_in_opens_nothing(doors: Flask) -> None:
    client = doors.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a" * 32
    assert client.get("/proef/resident").status_code == SIGN_IN
