"""One blueprint for each audience, with the views in its folder."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from tests.conftest import MovableClock
from wijkbudget import create_app
from wijkbudget.web import blueprints
from wijkbudget.web.access import AUDIENCES

PREFIXES = {
    "public": None, "account": "/account", "resident": "/mijn", "voter": "/stemmen", "moderator": "/moderator",
    "official": "/ambtenaar", "development": "/ontwikkel",
}  # fmt: skip


def test_every_audience_has_its_own_prefix(app: Flask) -> None:
    assert {name: blueprint.url_prefix for name, blueprint in app.blueprints.items()} == PREFIXES
    assert set(PREFIXES) == set(AUDIENCES)


def test_every_view_lies_in_the_folder_of_its_audience(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        audience, is_view, _ = endpoint.partition(".")
        if is_view:
            assert view.__module__.startswith(f"wijkbudget.web.{audience}."), endpoint


def test_every_module_with_views_is_registered(app: Flask) -> None:
    web = Path(blueprints.__file__).parent
    routed = {
        f"wijkbudget.web.{path.parent.name}.{path.stem}"
        for audience in AUDIENCES
        for path in (web / audience).glob("*.py")
        if f"\n@{audience}." in path.read_text()
    }
    assert routed == {view.__module__ for endpoint, view in app.view_functions.items() if "." in endpoint}


def test_the_pages_for_development_exist_in_development_only(config: Config, clock: MovableClock) -> None:
    for development in (True, False, True):
        app = create_app(replace(config, development=development), clock=clock)
        assert ("development" in app.blueprints) == development
        app.extensions["wijkbudget"].database.engine.dispose()


@pytest.mark.parametrize(
    "address",
    [
        "/plannen/9223372036854775808", "/plannen/3000000000", "/fotos/x/99999999999999999999.webp",
        "/rondes/%00", "/wijken/%00", "/fotos/%00/400.webp",
    ],
)  # fmt: skip
def test_an_address_that_no_database_can_hold_is_no_page(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404
