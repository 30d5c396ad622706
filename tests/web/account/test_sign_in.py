"""tests/web/account/test_sign_in.py tests wijkbudget/web/account/sign_in.py."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.builders import Builder
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter
from wijkbudget.people import proofs
from wijkbudget.people.passwords import hash_password, password_matches
from wijkbudget.people.tables import Person, SignIn
from wijkbudget.places.tables import District

EMAIL, PASSWORD = "samira@example.org", "een lang wachtwoord"
SIGN_IN = "/account/inloggen"
SENTENCE = "Klopt het adres en het wachtwoord? Hebt u uw adres al bevestigd?"


def samira(build: Builder, *, confirmed: bool = True) -> Person:
    person = build.person(EMAIL, confirmed=confirmed)
    person.password_hash = hash_password(PASSWORD)
    build.commit()
    return person


def data(email: str = EMAIL, password: str = PASSWORD) -> dict[str, str]:
    return {"email": email, "password": password}


def sign_ins(database: Database) -> list[SignIn]:
    with database.reading() as session:
        return list(session.scalars(select(SignIn)))


def test_who_signs_in_goes_to_the_home_page(client: FlaskClient, build: Builder, database: Database) -> None:
    person = samira(build)
    answer = client.post(SIGN_IN, data=data("Samira@Example.org"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert [row.person_id for row in sign_ins(database)] == [person.id]


@pytest.mark.parametrize(
    ("target", "location"),
    [("/plannen/7?pagina=2", "/plannen/7?pagina=2"), ("//elders.example.org", "/"), ("/\\elders.example.org", "/")],
)
def test_who_signs_in_goes_back_to_a_page_of_our_own(
    client: FlaskClient, build: Builder, target: str, location: str
) -> None:
    samira(build)
    answer = client.post(SIGN_IN, query_string={"verder": target}, data=data())
    assert answer.headers["Location"] == location


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_comes_to_vote_with_an_account_is_not_sent_to_the_page_for_codes(client: FlaskClient, prefix: str) -> None:
    to_vote = client.get(client.get(f"{prefix}/mijn/stemmen/wijkbudget").location).text
    to_read = client.get(client.get(f"{prefix}/mijn/plannen").location).text
    main = [page.partition("<main")[2].partition("</main>")[0] for page in (to_vote, to_read)]
    assert [f'href="{prefix}/stemmen"' in each for each in main] == [False, True]


def test_who_comes_to_vote_reads_that_the_account_is_what_it_takes(client: FlaskClient) -> None:
    page = client.get(client.get("/mijn/stemmen/wijkbudget").location).text
    assert "In deze ronde stemt u met uw account." in page
    assert "geen account nodig" not in page


def test_who_came_from_an_english_page_goes_back_to_it(client: FlaskClient, build: Builder) -> None:
    plan = build.placed_plan(build.round())
    samira(build)
    for asked in (
        client.get("/en/mijn/plannen"),
        client.post(f"/en/mijn/plannen/{plan.id}/like", headers={"Referer": f"http://localhost/en/plannen/{plan.id}"}),
    ):
        assert asked.location.startswith("/en/account/inloggen?verder=/en/")
        answer = client.post(asked.location, data=data())
        assert answer.location == asked.location.partition("verder=")[2]
        assert '<html lang="en"' in client.get(answer.location).text
        client.post("/en/account/uitloggen")


def test_the_like_link_of_an_english_page_leads_back_to_it(client: FlaskClient, build: Builder) -> None:
    plan = build.placed_plan(build.round())
    samira(build)
    page = client.get(f"/en/plannen/{plan.id}").text
    [link] = re.findall(r'class="wb-like" href="([^"]*)"', page)
    answer = client.post(unescape(link), data=data())
    assert answer.location == f"/en/plannen/{plan.id}"


def test_a_refusal_does_not_tell_what_was_wrong(client: FlaskClient, build: Builder) -> None:
    samira(build)
    wrong_password = client.post(SIGN_IN, data=data(password="een ander wachtwoord"))
    wrong_address = client.post(SIGN_IN, data=data(email="jan@example.org"))
    assert wrong_password.status_code == wrong_address.status_code == 422
    assert SENTENCE in wrong_password.text
    assert wrong_password.text.replace(EMAIL, "") == wrong_address.text.replace("jan@example.org", "")


def test_who_is_not_confirmed_gets_the_same_answer_and_a_letter(
    client: FlaskClient, build: Builder, database: Database
) -> None:
    samira(build, confirmed=False)
    right = client.post(SIGN_IN, data=data())
    wrong = client.post(SIGN_IN, data=data(password="een ander wachtwoord"))
    assert (right.status_code, right.text) == (wrong.status_code, wrong.text)
    assert sign_ins(database) == []
    with database.reading() as session:
        assert [letter.kind for letter in session.scalars(select(Letter))] == ["confirm-address"]


def test_nothing_of_the_browser_before_survives_signing_in(client: FlaskClient, build: Builder) -> None:
    samira(build)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["_user_id"] = "a" * 32
    client.post(SIGN_IN, data=data())
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != "a" * 32


def test_signing_out_ends_copies_of_the_cookie_too(client: FlaskClient, build: Builder, database: Database) -> None:
    samira(build)
    client.post(SIGN_IN, data=data())
    kept = client.get_cookie("wijkbudget")
    assert kept is not None
    assert "Uitloggen" in client.get(SIGN_IN).text
    assert client.post("/account/uitloggen").status_code == 303
    client.set_cookie("wijkbudget", kept.value)
    assert "Uitloggen" not in client.get(SIGN_IN).text
    assert [row.ended_at is not None for row in sign_ins(database)] == [True]


def test_who_is_not_signed_in_may_sign_out(client: FlaskClient) -> None:
    assert client.post("/account/uitloggen").status_code == 303


def test_a_link_cannot_sign_somebody_out(client: FlaskClient) -> None:
    assert client.get("/account/uitloggen").status_code == 405


def test_checking_a_password_holds_up_nobody_who_writes(
    client: FlaskClient, build: Builder, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    samira(build)

    def slowly(password: str, stored: str) -> bool:
        with database.transaction() as session:  # on SQLite this waits in vain for a lock that is held
            session.add(District(name="Segbroek", slug="segbroek"))
        return password_matches(password, stored)

    monkeypatch.setattr(proofs, "password_matches", slowly)
    assert client.post(SIGN_IN, data=data()).status_code == 303
