"""The front page, and finding a neighbourhood."""

import pytest
from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import RESULT, VOTING
from wijkbudget.places.tables import Postcode


@pytest.fixture
def bezuidenhout(build: Builder) -> None:
    here = build.neighbourhood()
    build.session.add(Postcode(code="2593AB", neighbourhood_id=here.id))
    build.neighbourhood("Duinoord", district="Scheveningen")
    build.commit()


def test_the_front_page_works_before_there_is_anything(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Wat is uw postcode?" in page.text


def test_the_front_page_says_what_can_be_done_now(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    build.placed_plan(build.round(), title="Een bank in de zon")
    build.commit()
    clock.move_to(VOTING)
    page = client.get("/").text
    assert "Wijkbudget Bezuidenhout 2026: Stemmen kan nu." in page
    assert "Een bank in de zon" in page


def test_plans_of_a_round_that_is_over_are_no_news(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    build.placed_plan(build.round(), title="Een bank in de zon")
    build.commit()
    clock.move_to(RESULT)
    assert "Een bank in de zon" not in client.get("/").text


def test_plans_that_are_not_placed_are_no_news(client: FlaskClient, build: Builder) -> None:
    build.plan(build.round(), title="Een bank in de zon")
    build.commit()
    assert "Een bank in de zon" not in client.get("/").text


@pytest.mark.usefixtures("bezuidenhout")
@pytest.mark.parametrize("typed", ["2593AB", "2593 ab", " 2593-Ab "])
def test_a_known_postcode_leads_to_its_neighbourhood(client: FlaskClient, typed: str) -> None:
    answer = client.get("/wijk", query_string={"postcode": typed})
    assert (answer.status_code, answer.location) == (303, "/wijken/bezuidenhout")


@pytest.mark.usefixtures("bezuidenhout")
def test_the_way_to_the_neighbourhood_keeps_the_language(client: FlaskClient) -> None:
    assert client.get("/en/wijk?postcode=2593AB").location == "/en/wijken/bezuidenhout"


@pytest.mark.parametrize("typed", ["", "   ", "2593", "0593AB", "12345678"])
def test_what_is_no_postcode_is_unprocessable_and_kept(client: FlaskClient, typed: str) -> None:
    answer = client.get("/wijk", query_string={"postcode": typed})
    assert answer.status_code == 422
    assert "2593 AB" in answer.text
    assert f'value="{typed.strip()}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.usefixtures("bezuidenhout")
def test_an_unknown_postcode_gets_the_neighbourhoods_with_the_same_digits(client: FlaskClient) -> None:
    answer = client.get("/wijk?postcode=2593ZZ")
    assert answer.status_code == 200
    assert "Deze postcode kennen wij niet" in answer.text
    near, _, everything = answer.text.partition("Alle wijken op een rij")
    assert "Bedoelt u een van deze wijken?" in near
    assert "/wijken/bezuidenhout" in near
    assert "/wijken/duinoord" not in near
    assert "/wijken/duinoord" in everything


@pytest.mark.usefixtures("bezuidenhout")
def test_an_unknown_postcode_far_away_gets_the_whole_list(client: FlaskClient) -> None:
    page = client.get("/wijk?postcode=9999ZZ").text
    assert "Bedoelt u" not in page
    assert "/wijken/duinoord" in page


def test_the_page_without_a_question_has_no_mistakes(client: FlaskClient) -> None:
    assert client.get("/wijk").status_code == 200
