"""tests/web/test_headers.py tests wijkbudget/web/headers.py."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from config import Config
from tests.conftest import MovableClock
from wijkbudget import create_app
from wijkbudget.database import Database
from wijkbudget.web.headers import CONTENT_SECURITY_POLICY, HEADERS

PATHS = ["/account/inloggen", "/mijn/plannen", "/bestaat-niet"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_every_header(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_only_our_own_host_is_trusted_and_nothing_inline() -> None:
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", PATHS)
def test_no_page_stays_behind_on_a_shared_computer(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_production_asks_for_https_for_a_year_and_its_cookie_travels_safely(
    config: Config, database: Database, clock: MovableClock
) -> None:
    app = create_app(replace(config, development=False), clock=clock)
    answer = app.test_client().get("/account/inloggen", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert [word for word in ("Secure", "HttpOnly", "SameSite=Lax") if word not in cookie] == []
    app.extensions["wijkbudget"].database.engine.dispose()


def test_a_development_machine_does_not_ask_for_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/account/inloggen").headers
