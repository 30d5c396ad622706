"""Every page that says no is a page of ours, without a stack trace."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from tests.builders import Builder
from wijkbudget.people.rules import Role
from wijkbudget.web.transactions import session


def raising(app: Flask, error: Exception) -> None:
    """Let the page where a vote is left raise this."""

    def view() -> str:
        raise error

    app.view_functions["voter.stop"] = app.view_functions["public.home"] = view


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for address in ("/stemmen", "/stemmen/stoppen", "/account/inloggen"):
        answer = client.post(address, data={"code": "x"})
        assert answer.status_code == 400
        assert "Deze pagina stond te lang open" in answer.text


def test_an_unknown_address_has_a_page(client: FlaskClient) -> None:
    answer = client.get("/bestaat-niet")
    assert answer.status_code == 404
    assert "Pagina niet gevonden" in answer.text


def test_another_method_has_a_page(client: FlaskClient) -> None:
    answer = client.get("/stemmen/stoppen")
    assert answer.status_code == 405
    assert "Deze pagina kunt u niet zo openen" in answer.text


def test_a_request_that_is_too_large_has_a_page(app: Flask, client: FlaskClient) -> None:
    app.config.update(MAX_CONTENT_LENGTH=1000, MAX_FORM_MEMORY_SIZE=1000)
    answer = client.post("/stemmen", data={"code": "x" * 1001})
    assert answer.status_code == 413
    assert "Bestand te groot" in answer.text


@pytest.mark.parametrize("address", ["/", "/en/"])
def test_an_error_of_ours_says_that_nothing_is_stored_and_shows_no_trace(
    app: Flask, client: FlaskClient, address: str
) -> None:
    raising(app, ValueError("the secret text of an error"))
    answer = client.get(address)
    assert answer.status_code == 500
    for trace in ("Traceback", "ValueError", "secret text", ".py"):
        assert trace not in answer.text
    assert address != "/" or "NIET opgeslagen" in answer.text


def test_a_redirect_of_the_router_is_no_refusal(client: FlaskClient) -> None:
    assert client.get("/stemmen/").status_code in (301, 308, 404)


@pytest.mark.parametrize("address", ["/", "/mijn/plannen"])
def test_the_page_about_a_failing_database_asks_nothing_of_it(
    app: Flask, client: FlaskClient, build: Builder, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    build.sign_in(client, build.appointed(Role.OFFICIAL))

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(Session, "scalar", fail)
    monkeypatch.setattr(Session, "scalars", fail)
    monkeypatch.setattr(Session, "execute", fail)
    answer = client.get(address)
    assert answer.status_code == 500
    assert "NIET opgeslagen" in answer.text
    assert "Content-Security-Policy" in answer.headers


BROKEN = DBAPIError("COMMIT", {}, Exception("gone"), connection_invalidated=True)


def test_a_connection_that_broke_before_the_commit_stored_nothing(app: Flask, client: FlaskClient) -> None:
    raising(app, BROKEN)
    answer = client.post("/stemmen/stoppen")
    assert answer.status_code == 500
    assert "NIET opgeslagen" in answer.text


def test_a_connection_that_broke_during_the_commit_promises_nothing(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Session) -> None:
        raise BROKEN

    app.view_functions["voter.stop"] = lambda: str(session())
    monkeypatch.setattr(Session, "commit", fail)
    answer = client.post("/stemmen/stoppen")
    assert answer.status_code == 500
    assert "Wij weten niet of het gelukt is" in answer.text
    assert "NIET opgeslagen" not in answer.text
