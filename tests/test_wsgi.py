"""Production as it runs: gunicorn on both databases, and a start that is refused in words."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest

from config import DEMONSTRATION_SECRET
from tests.ports import free_port
from tests.production import gunicorn, settings
from wijkbudget.database import Database
from wijkbudget.mail.addresses import confirmation, new_password


@pytest.fixture
def served(database: Database, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a running production server."""
    port = free_port()
    process = gunicorn(settings(database_url, tmp_path), port)
    assert process.stderr is not None
    for line in process.stderr:
        if "Booting worker" in line:
            break
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.communicate(timeout=30)


def answer(address: str | urllib.request.Request) -> HTTPResponse:
    """What the server answers; the connection waits in the backlog until a worker is ready."""
    response: HTTPResponse = urllib.request.urlopen(address, timeout=30)
    response.read()
    response.close()
    return response


def test_gunicorn_serves_the_site_with_its_protections(served: str) -> None:
    home = answer(f"{served}/")
    assert home.status == 200
    assert home.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "'unsafe" not in home.headers["Content-Security-Policy"]
    assert home.headers["Set-Cookie"] is None
    cookie = answer(f"{served}/account/inloggen").headers["Set-Cookie"]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))


def test_production_has_no_development_pages(served: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        answer(f"{served}/ontwikkel/post")
    refused.value.close()
    assert refused.value.code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": DEMONSTRATION_SECRET}, "SECRET_KEY must be a secret of your own"),
        ({"KEY_FOLDER": ""}, "KEY_FOLDER is missing"),
        ({"CODE_PEPPER": "", "SMTP_HOST": ""}, "CODE_PEPPER is missing; SMTP_HOST is missing"),
    ],
)
def test_production_does_not_start_and_says_why(tmp_path: Path, change: dict[str, str], words: str) -> None:
    process = gunicorn(settings(f"sqlite:///{tmp_path / 'new.db'}", tmp_path) | change, free_port())
    assert words in process.communicate(timeout=60)[1]
    assert process.returncode != 0


def test_production_does_not_start_on_a_database_that_may_lose_votes(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("the application itself sets what SQLite needs; tests/test_database.py holds it to that")
    process = gunicorn(settings(f"{database_url}?options=-csynchronous_commit%3Doff", tmp_path), free_port())
    assert "synchronous_commit is 'off'" in process.communicate(timeout=60)[1]
    assert process.returncode != 0


TOKEN = "eyJhIjoxfQ.Z0-x_Y"


def followed(database_url: str, folder: Path, application: str = "wsgi:app") -> str:
    """All that gunicorn wrote while somebody followed links that work once, and knocked at the booth."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = gunicorn(settings(database_url, folder), listener, application=application, logs=folder)
        port = listener.getsockname()[1]
    try:
        for link in (confirmation(TOKEN), new_password(TOKEN)):
            asked = urllib.request.Request(f"http://127.0.0.1:{port}{link}?a=b", headers={"Referer": link})
            with pytest.raises(urllib.error.HTTPError) as refused:
                answer(asked)
            refused.value.close()
        answer(f"http://127.0.0.1:{port}/stemmen")
    finally:
        process.terminate()
        process.wait(30)
    return "".join(log.read_text() for log in folder.glob("*.log"))


def test_no_log_holds_a_link_that_works_once_or_a_request_in_a_booth(database_url: str, tmp_path: Path) -> None:
    logs = followed(database_url, tmp_path)
    assert holds_links(logs) == (True, False)
    assert "/stemmen" not in logs


def test_a_site_that_logs_all_requests_and_whole_links_is_found_out(database_url: str, tmp_path: Path) -> None:
    logs = followed(database_url, tmp_path, "tests.faults.broken:talkative()")
    assert holds_links(logs) == (True, True)
    assert "/stemmen" in logs


def holds_links(logs: str) -> tuple[bool, bool]:
    """Whether requests for such links are in the logs at all, and with what opens them."""
    return confirmation("") in logs and new_password("") in logs, TOKEN in logs
