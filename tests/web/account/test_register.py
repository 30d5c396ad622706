"""tests/web/account/test_register.py tests wijkbudget/web/account/register.py."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import SUBMITTING
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter
from wijkbudget.people.tables import Person

REGISTER = "/account/registreren"
FIELDS = {
    "name": "Samira", "email": "Samira@Example.org", "postcode": "2593 ab", "password": "een lang wachtwoord",
}  # fmt: skip

CHOSEN = {"password": FIELDS["password"]}


def letters(database: Database) -> list[Letter]:
    with database.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def is_confirmed(database: Database) -> bool:
    with database.reading() as session:
        return session.scalars(select(Person)).one().confirmed_at is not None


def test_who_registers_is_asked_to_look_in_the_mail(client: FlaskClient, database: Database) -> None:
    answer = client.post(REGISTER, data=FIELDS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/registreren/gelukt")
    assert "Kijk in uw post" in client.get(answer.headers["Location"]).text
    assert [(letter.kind, letter.recipient) for letter in letters(database)] == [
        ("confirm-address", "samira@example.org")
    ]


def test_the_answer_is_the_same_for_a_known_address(client: FlaskClient, build: Builder) -> None:
    unknown = client.post(REGISTER, data=FIELDS)
    build.person("jan@example.org")
    build.commit()
    known = client.post(REGISTER, data=FIELDS | {"email": "jan@example.org"})
    assert (known.status_code, known.data, known.headers["Location"]) == (
        unknown.status_code, unknown.data, unknown.headers["Location"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Vul een naam in."),
        ({"name": "x" * 61}, "Maak deze tekst korter: maximaal 60 tekens."),
        ({"email": "samira"}, "Vul een e-mailadres in, zoals naam@voorbeeld.nl."),
        ({"postcode": "hier"}, "Vul een postcode in met 4 cijfers en 2 letters, zoals 2593 AB."),
        ({"password": "x" * 11}, "Kies een langer wachtwoord: minimaal 12 tekens."),
        ({"password": "x" * 129}, "Kies een korter wachtwoord: maximaal 128 tekens."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_filled_in_stays(
    client: FlaskClient, database: Database, changed: dict[str, str], sentence: str
) -> None:
    answer = client.post(REGISTER, data=FIELDS | changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert FIELDS["password"] not in answer.text
    assert (changed.get("name", "Samira") in answer.text, letters(database)) == (True, [])


def test_the_form_says_to_the_browser_what_belongs_where(client: FlaskClient) -> None:
    page = client.get(REGISTER).text
    for words in ("name", "email", "postal-code", "new-password"):
        assert f'autocomplete="{words}"' in page


def test_a_link_confirms_by_a_password_and_not_by_being_opened(client: FlaskClient, database: Database) -> None:
    client.post(REGISTER, data=FIELDS)
    path = letters(database)[0].details["path"]
    page = client.get(path)
    assert page.status_code == 200
    assert "Ja, bevestig" in page.text
    assert not is_confirmed(database)
    answer = client.post(path, data=CHOSEN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/inloggen")
    assert is_confirmed(database)
    assert "Uw e-mailadres is bevestigd." in client.get("/account/inloggen").text


def test_a_link_that_was_used_says_so(client: FlaskClient, database: Database) -> None:
    client.post(REGISTER, data=FIELDS)
    path = letters(database)[0].details["path"]
    client.post(path, data=CHOSEN)
    for answer in (client.get(path), client.post(path, data=CHOSEN)):
        assert answer.status_code == 410
        assert "Deze link is verlopen of al gebruikt." in answer.text


def test_a_link_is_too_old_after_two_days(client: FlaskClient, database: Database, clock: MovableClock) -> None:
    client.post(REGISTER, data=FIELDS)
    clock.move_to(SUBMITTING + timedelta(hours=48, minutes=1))
    assert client.post(letters(database)[0].details["path"], data=CHOSEN).status_code == 410
    assert not is_confirmed(database)


def test_another_password_confirms_nothing_and_the_link_lives_on(client: FlaskClient, database: Database) -> None:
    client.post(REGISTER, data=FIELDS)
    path = letters(database)[0].details["path"]
    for password, sentence in (("van iemand anders", "niet het wachtwoord dat u koos"), ("", "Vul uw wachtwoord in.")):
        answer = client.post(path, data={"password": password})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'href="/account/wachtwoord-vergeten"' in answer.text
    assert not is_confirmed(database)
    assert client.post(path, data=CHOSEN).status_code == 303
