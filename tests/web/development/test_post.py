"""tests/web/development/test_post.py tests wijkbudget/web/development/post.py."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config import Config
from tests.moments import DAY, SUBMITTING, Standing
from wijkbudget import create_app
from wijkbudget.database import Database
from wijkbudget.mail.outbox import post_letter
from wijkbudget.mail.postman import deliver_post


@pytest.fixture
def names(database: Database, config: Config) -> list[str]:
    """The names of two letters, a day apart."""
    for day, title in enumerate(["Park", "Brug <hoog>"]):
        with database.transaction() as session:
            details = {"name": "Samira", "title": title, "round": "Duinoord", "path": "/rondes/duinoord/uitslag"}
            post_letter(session, kind="plan-won", recipient="samira@example.org", now=SUBMITTING, **details)
        deliver_post(database, config, Standing(SUBMITTING + day * DAY))
    assert config.mail_folder is not None
    return sorted(file.name for file in config.mail_folder.glob("*.eml"))


def test_the_newest_letter_stands_first(client: FlaskClient, names: list[str]) -> None:
    page = client.get("/ontwikkel/post").text
    assert page.index("Brug &lt;hoog&gt;") < page.index("Park")
    assert "samira@example.org" in page
    assert "donderdag 3 september 2026" in page


def test_a_letter_has_links_that_can_be_followed(client: FlaskClient, names: list[str]) -> None:
    page = client.get(f"/ontwikkel/post/{names[0]}").text
    assert "Uw plan is gekozen: Park" in page
    assert '<a href="http://localhost/rondes/duinoord/uitslag"' in page


def test_what_people_wrote_is_no_html(client: FlaskClient, names: list[str]) -> None:
    assert "<hoog>" not in client.get(f"/ontwikkel/post/{names[1]}").text


def test_a_machine_without_post_says_so(client: FlaskClient) -> None:
    assert "Er is nog geen post." in client.get("/ontwikkel/post").text


@pytest.mark.parametrize("name", ["..%2F..%2Fsecret.eml", "%2e%2e%2fsecret.eml", "secret.eml", "..", "x.eml"])
def test_no_name_leads_out_of_the_folder(client: FlaskClient, names: list[str], tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.eml").write_text("Subject: geheim\n\ngeheim")
    answer = client.get(f"/ontwikkel/post/{name}")
    assert answer.status_code == 404
    assert "geheim" not in answer.text


@pytest.mark.parametrize("path", ["/ontwikkel/post", "/ontwikkel/post/x.eml"])
def test_production_has_no_such_page(config: Config, database: Database, path: str) -> None:
    app = create_app(replace(config, development=False))
    assert app.test_client().get(path).status_code == 404
    app.extensions["wijkbudget"].database.engine.dispose()
