"""The page that explains how to check a result, and the package."""

from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import RESULT, VOTING
from wijkbudget.results.tables import Publication
from wijkbudget.rounds.tables import Round

ROUND = "/rondes/wijkbudget-bezuidenhout-2026"
PACKAGE = b"PK of a package"


@pytest.fixture
def round_(build: Builder, clock: MovableClock) -> Round:
    """A published round in which sixty people voted, with a package."""
    made = build.round()
    build.result(made, {build.menu_plan(made): 60}, blank=3)
    build.session.add(Publication(round_id=made.id, package=PACKAGE, public_key=bytes(range(32)), made_at=RESULT))
    build.commit()
    clock.move_to(RESULT)
    return made


def test_the_page_tells_what_must_add_up_and_how_to_check_it(client: FlaskClient, round_: Round) -> None:
    page = unescape(client.get(f"{ROUND}/controleren").text)
    for words in (
        'Enveloppen in de stembus</th><td class="n">63<',
        'waarvan blanco</span></th><td class="n">3<',
        "python3 recount.py",
        f"--key {bytes(range(32)).hex()}",
        f'href="{ROUND}/pakket.zip"',
        f'href="{ROUND}/zoek-uw-stem"',
        "Daar kunnen wij niets tegen doen.",
    ):
        assert words in page


def test_the_package_comes_as_it_was_signed(client: FlaskClient, round_: Round) -> None:
    answer = client.get(f"{ROUND}/pakket.zip")
    assert (answer.data, answer.mimetype) == (PACKAGE, "application/zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wijkbudget-bezuidenhout-2026.zip"'


def test_the_result_leads_there(client: FlaskClient, round_: Round) -> None:
    assert f'href="{ROUND}/controleren"' in client.get(f"{ROUND}/uitslag").text


def test_a_package_that_is_not_made_yet_is_told_and_is_not_there(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    made = build.round()
    build.result(made, {build.menu_plan(made): 60})
    build.commit()
    clock.move_to(RESULT)
    page = client.get(f"{ROUND}/controleren")
    assert (page.status_code, "Het pakket wordt nu gemaakt." in page.text) == (200, True)
    assert client.get(f"{ROUND}/pakket.zip").status_code == 404


def test_few_ballots_are_said_to_be_published_as_totals(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    made = build.round()
    build.result(made, {build.menu_plan(made): 12})
    build.session.add(Publication(round_id=made.id, package=PACKAGE, public_key=bytes(32), made_at=RESULT))
    build.commit()
    clock.move_to(RESULT)
    page = client.get(f"{ROUND}/controleren").text
    assert "Minder dan 50 mensen stemden." in page
    assert "wijkbudget count" not in page


def test_before_publication_the_page_says_when(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    made = build.round()
    build.result(made, {build.menu_plan(made): 60}, published=False)
    build.commit()
    clock.move_to(VOTING)
    page = client.get(f"{ROUND}/controleren")
    assert (page.status_code, "Er is nog geen uitslag." in page.text, "Enveloppen" in page.text) == (200, True, False)
