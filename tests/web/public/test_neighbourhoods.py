"""The neighbourhoods and their pages."""

from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import RESULT, VOTING


def test_neighbourhoods_stand_under_their_district(client: FlaskClient, build: Builder) -> None:
    build.neighbourhood("Bezuidenhout", district="Haagse Hout")
    build.neighbourhood("Duindorp", district="Scheveningen")
    build.commit()
    page = client.get("/wijken").text
    order = ('id="haagse-hout"', "</b>Bezuidenhout", 'id="scheveningen"', "</b>Duindorp")
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_a_neighbourhood_shows_its_running_round(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    build.round()
    build.commit()
    clock.move_to(VOTING)
    page = client.get("/wijken/bezuidenhout").text
    assert "Wijkbudget Bezuidenhout 2026" in page
    assert "Ik heb een stemcode" in page
    assert "Eerdere rondes" not in page


def test_a_round_with_a_result_is_one_of_before(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    build.round()
    build.commit()
    clock.move_to(RESULT)
    page = client.get("/wijken/bezuidenhout").text
    assert "loopt nu geen ronde" in page
    assert "Eerdere rondes" in page


def test_a_neighbourhood_without_inhabitants_has_a_page(client: FlaskClient, build: Builder) -> None:
    build.neighbourhood("Oostduinen").inhabitants = 0
    build.commit()
    page = client.get("/wijken/oostduinen")
    assert page.status_code == 200
    assert "loopt nu geen ronde" in page.text


def test_an_unknown_neighbourhood_is_not_found(client: FlaskClient) -> None:
    assert client.get("/wijken/nergens").status_code == 404
