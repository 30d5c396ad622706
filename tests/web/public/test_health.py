"""The health page says in words and in its status whether all is well, to anyone and without a cookie."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, REVIEWING, SECOND, VOTING
from tests.ports import free_port
from wijkbudget.database import Database
from wijkbudget.people.rules import Role
from wijkbudget.watch.tables import Check
from wijkbudget.web.transactions import Parts

PAGE, JSON = "/gezondheid", "/gezondheid.json"
MINUTE = timedelta(minutes=1)


def text(answer: TestResponse) -> str:
    return " ".join(answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ").split())


def checked(build: Builder, name: str, *, problem: str | None = None, age: timedelta = timedelta(0)) -> None:
    since = VOTING - age if problem else None
    build.session.add(Check(name=name, checked_at=VOTING - age, problem=problem, failing_since=since))
    build.commit()


@pytest.fixture
def at_voting(clock: MovableClock) -> None:
    clock.move_to(VOTING)


@pytest.fixture
def without_database(app: Flask) -> FlaskClient:
    """A browser before an application whose database does not answer."""
    nowhere = Database(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none")
    parts: Parts = app.extensions["wijkbudget"]
    parts.database.engine.dispose()
    app.extensions["wijkbudget"] = replace(parts, database=nowhere)
    return app.test_client()


@pytest.mark.usefixtures("at_voting")
def test_all_is_well_when_everything_was_checked_lately(client: FlaskClient, build: Builder) -> None:
    checked(build, f"round {build.round().id}")
    checked(build, "canary", age=5 * MINUTE)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert '<h1 class="nl-heading nl-heading--level-1">Alles klopt</h1>' in text(answer)
    assert "De oudste controle is van maandag 2 november 2026 om 10.55 uur." in text(answer)


@pytest.mark.usefixtures("at_voting")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("round", "De stembus van ‘Wijkbudget Bezuidenhout 2026’ klopt niet."),
        ("key of round", "De sleutel van de stembus van ‘Wijkbudget Bezuidenhout 2026’ ontbreekt."),
        ("codes of round", "De stemcodes van ‘Wijkbudget Bezuidenhout 2026’ werken niet."),
        ("tasks of round", "Bij ‘Wijkbudget Bezuidenhout 2026’ is iets niet op tijd klaar."),
        ("guessing", "Iemand probeert stemcodes te raden."),
        ("canary", "De proefstem van het systeem mislukte."),
    ],
)
def test_what_is_wrong_is_told_in_words_with_its_moment_and_without_numbers(
    client: FlaskClient, build: Builder, name: str, words: str
) -> None:
    round_ = build.round()
    name = f"{name} {round_.id}" if "round" in name else name
    checked(build, name, problem="rights used: 4711 / 4712", age=2 * MINUTE)
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert "Er klopt iets niet" in text(answer)
    assert words in text(answer)
    assert "Sinds maandag 2 november 2026 om 10.58 uur." in text(answer)
    assert "4711" not in text(answer) + text(client.get(JSON))
    assert client.get(JSON).get_json()["failing"] == [{"check": name, "since": (VOTING - 2 * MINUTE).isoformat()}]


@pytest.mark.usefixtures("at_voting")
def test_a_web_process_with_another_pepper_than_the_scheduler_tells_that_it_refuses_every_letter(
    app: Flask, build: Builder
) -> None:
    round_ = build.round()
    build.codes(round_)
    checked(build, f"codes of round {round_.id}")
    assert app.test_client().get(PAGE).status_code == 200
    parts: Parts = app.extensions["wijkbudget"]
    config = replace(parts.config, code_pepper="another pepper, of which nobody made a code")
    app.extensions["wijkbudget"] = replace(parts, config=config)
    answer = app.test_client().get(PAGE)
    assert answer.status_code == 503
    assert "De stemcodes van ‘Wijkbudget Bezuidenhout 2026’ werken niet." in text(answer)
    failing = app.test_client().get(JSON).get_json()["failing"]
    assert [each["check"] for each in failing] == [f"codes of round {round_.id}"]


@pytest.mark.parametrize(("late", "status"), [(timedelta(0), 200), (30 * SECOND, 503)])
def test_a_watch_that_stopped_is_not_well(
    client: FlaskClient, build: Builder, clock: MovableClock, late: timedelta, status: int
) -> None:
    checked(build, "canary")
    checked(build, "guessing", age=-MINUTE)
    clock.move_to(VOTING + 10 * MINUTE - 15 * SECOND + late)
    answer = client.get(PAGE)
    assert (answer.status_code, client.get(JSON).status_code) == (status, status)
    assert ("De controle zelf staat stil." in text(answer)) == (status == 503)
    assert ("Niet alles is gecontroleerd sinds maandag 2 november 2026 om 11.00 uur." in text(answer)) == (
        status == 503
    )


def test_where_nothing_was_checked_it_is_wrong_once_people_vote(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    build.round()
    build.commit()
    for moment, status, words in [
        (REVIEWING, 200, "Er valt nog niets te controleren."),
        (VOTING, 503, "Er is nog niets gecontroleerd, terwijl er wordt gestemd."),
        (COUNTING, 200, "Er valt nog niets te controleren."),
    ]:
        clock.move_to(moment)
        answer = client.get(PAGE)
        assert answer.status_code == status
        assert words in text(answer)


@pytest.mark.usefixtures("at_voting")
def test_a_program_reads_it_as_json(client: FlaskClient, build: Builder) -> None:
    checked(build, "canary")
    for answer in (client.get(JSON), client.get(PAGE, headers={"Accept": "application/json"})):
        assert answer.status_code == 200
        assert answer.get_json() == {
            "healthy": True,
            "database": True,
            "watched": True,
            "checked_at": VOTING.isoformat(),
            "failing": [],
        }
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""):
        assert client.get(PAGE, headers={"Accept": accept}).mimetype == "text/html"


def test_a_database_that_does_not_answer_is_told_in_words(without_database: FlaskClient) -> None:
    answer = without_database.get(PAGE)
    assert answer.status_code == 503
    assert "De database antwoordt niet." in text(answer)
    values = without_database.get(JSON)
    assert values.status_code == 503
    assert values.get_json() == {
        "healthy": False, "database": False, "watched": False, "checked_at": None, "failing": []
    }  # fmt: skip


@pytest.mark.usefixtures("at_voting")
@pytest.mark.parametrize("address", [PAGE, JSON, f"/en{PAGE}"])
@pytest.mark.parametrize("problem", [None, "it fell"])
def test_nobody_gets_a_cookie_and_nothing_is_kept(
    client: FlaskClient, build: Builder, address: str, problem: str | None
) -> None:
    checked(build, "canary", problem=problem)
    answer = client.get(address)
    assert answer.status_code == (503 if problem else 200)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("at_voting")
def test_who_is_signed_in_stays_so_although_the_page_does_not_know_them(client: FlaskClient, build: Builder) -> None:
    checked(build, "canary", problem="it fell")
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    answer = client.get(PAGE)
    assert not re.search("Uitloggen|Rondes beheren", text(answer))
    assert "Set-Cookie" not in answer.headers
    assert client.get("/ambtenaar").status_code == 200
