"""How it works, and the annual report."""

import pytest
from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import RESULT


def test_how_it_works_tells_how_the_vote_is_kept_secret(client: FlaskClient) -> None:
    page = client.get("/hoe-werkt-het").text
    for words in ("Uw stem is geheim", "Wat wij niet beloven", "Ik heb geen brief gekregen", "14070"):
        assert words in page


def test_the_report_adds_up_the_rounds_of_the_year(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    one, other = build.round(title="Een", eligible=10), build.round(title="Twee", eligible=100)
    build.result(one, {build.menu_plan(one): 5})
    build.result(other, {build.menu_plan(other): 10})
    build.plan(other, title="Niet geplaatst")
    build.commit()
    clock.move_to(RESULT)
    page = client.get("/jaarverslag/2026").text
    for words in ("50,00%", "10,00%", "30,00%", "13,64%", "<dd>3</dd>", "<dd>15</dd>"):
        assert words in page
    assert "Gebaseerd op de gegevens van vrijdag 11 december 2026 om 11.00 uur." in page


def test_a_round_without_a_published_result_has_no_turnout(client: FlaskClient, build: Builder) -> None:
    round_ = build.round()
    build.result(round_, {build.menu_plan(round_): 5}, published=False)
    build.commit()
    page = client.get("/jaarverslag/2026").text
    assert "De uitslag is nog niet bekendgemaakt." in page
    assert "0,50%" not in page


def test_a_year_without_rounds_says_so(client: FlaskClient) -> None:
    answer = client.get("/jaarverslag/2020")
    assert answer.status_code == 200
    assert "In 2020 sloot geen enkele ronde." in answer.text


@pytest.mark.parametrize(("year", "status"), [(1999, 404), (2000, 200), (2100, 200), (2101, 404)])
def test_the_report_exists_for_the_years_2000_to_2100(client: FlaskClient, year: int, status: int) -> None:
    assert client.get(f"/jaarverslag/{year}").status_code == status
