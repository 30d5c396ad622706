"""Voting with an account: the door, the declaration, and one vote for one person."""

from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, REVIEWING, VOTING
from wijkbudget.ballots.tables import Entitlement
from wijkbudget.database import Database
from wijkbudget.people.tables import Person
from wijkbudget.places.tables import Postcode
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import Franchise, VotingTerms

VOTE = "/mijn/stemmen/wijkbudget-bezuidenhout-2026"
ROUND = "/rondes/wijkbudget-bezuidenhout-2026"


@pytest.fixture
def round_(build: Builder, clock: MovableClock, config: Config) -> Round:
    """A round in which accounts vote now, with a plan on its menu."""
    made = build.round(voting=VotingTerms(franchise=Franchise.ACCOUNT, youngest=16))
    build.session.add(Postcode(code="2593AB", neighbourhood_id=made.neighbourhoods[0].id))
    build.menu_plan(made)
    build.opened_urn(made, config.key_folder)
    build.commit()
    clock.move_to(VOTING)
    return made


@pytest.fixture
def samira(client: FlaskClient, build: Builder, round_: Round) -> Person:
    """Somebody who lives there, signed in."""
    person = build.person()
    build.sign_in(client, person)
    return person


def rights(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Entitlement)) or 0


def test_who_declares_the_age_comes_to_the_ballot(client: FlaskClient, samira: Person, database: Database) -> None:
    page = client.get(VOTE)
    assert "Stemmen mag vanaf 16 jaar." in page.text
    assert "2593AB" in page.text
    answer = client.post(VOTE, data={"is_old_enough": "y"})
    assert (answer.status_code, answer.location) == (303, "/stemmen/kiezen")
    assert "Nieuwe speeltuin" in client.get("/stemmen/kiezen").text
    assert rights(database) == 1


@pytest.mark.parametrize("off", [-36, 36])
def test_a_host_whose_clock_is_off_gives_the_right_to_vote_while_voting_is_on_by_the_database(
    client: FlaskClient, samira: Person, database: Database, clock: MovableClock, off: int
) -> None:
    clock.off = timedelta(hours=off)
    answer = client.post(VOTE, data={"is_old_enough": "y"})
    assert (answer.status_code, rights(database)) == (303, 1)
    clock.move_to(COUNTING)
    assert client.post(VOTE, data={"is_old_enough": "y"}).status_code == 409


def test_coming_back_gives_no_second_right(client: FlaskClient, samira: Person, database: Database) -> None:
    for _ in range(2):
        assert client.post(VOTE, data={"is_old_enough": "y"}).status_code == 303
    assert rights(database) == 1


def test_without_the_declaration_nobody_enters(client: FlaskClient, samira: Person, database: Database) -> None:
    answer = client.post(VOTE, data={})
    assert (answer.status_code, "Kruis aan dat u 16 jaar of ouder bent." in unescape(answer.text)) == (422, True)
    assert rights(database) == 0


def test_who_lives_elsewhere_is_told_what_to_do(
    client: FlaskClient, samira: Person, build: Builder, database: Database
) -> None:
    samira.postcode = "2512AA"
    build.commit()
    answer = client.post(VOTE, data={"is_old_enough": "y"})
    assert (answer.status_code, "Uw postcode ligt niet in het gebied" in answer.text) == (403, True)
    assert rights(database) == 0


def test_who_is_not_signed_in_signs_in_first_and_comes_back(client: FlaskClient, round_: Round) -> None:
    answer = client.get(VOTE)
    assert (answer.status_code, "verder=/mijn/stemmen/" in str(answer.location)) == (302, True)


def test_before_voting_nobody_enters(client: FlaskClient, samira: Person, clock: MovableClock) -> None:
    clock.move_to(REVIEWING)
    assert client.post(VOTE, data={"is_old_enough": "y"}).status_code == 409


def test_a_round_with_letters_says_that_the_code_is_needed(client: FlaskClient, samira: Person, build: Builder) -> None:
    build.round(title="Wijkbudget Duinoord")
    build.commit()
    answer = client.get("/mijn/stemmen/wijkbudget-duinoord")
    assert (answer.status_code, "met de code uit uw brief" in answer.text) == (409, True)


def test_the_page_of_the_round_leads_there_and_asks_for_no_code(client: FlaskClient, round_: Round) -> None:
    page = unescape(client.get(ROUND).text)
    assert VOTE in page
    assert "Iedereen van 16 jaar en ouder met een account op deze site" in page
    assert "Stem met uw code" not in page
    assert "Ik heb een stemcode" not in page
