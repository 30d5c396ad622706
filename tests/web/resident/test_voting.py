"""Voting with an account: the door, the declaration, and one vote for one person."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, REVIEWING, VOTING
from tests.web.voter.voters import HIDDEN, form_of
from wijkbudget.ballots.tables import Entitlement
from wijkbudget.database import Database
from wijkbudget.people.tables import Person, SignIn
from wijkbudget.places.tables import Postcode
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import Franchise, VotingTerms

VOTE = "/mijn/stemmen/wijkbudget-bezuidenhout-2026"
ROUND = "/rondes/wijkbudget-bezuidenhout-2026"


@pytest.fixture
def round_(build: Builder, clock: MovableClock, config: Config, request: pytest.FixtureRequest) -> Round:
    """A round in which accounts vote now, with a plan on its menu; votes are final if a test says so."""
    is_final = getattr(request, "param", False)
    made = build.round(voting=VotingTerms(franchise=Franchise.ACCOUNT, youngest=16, is_final=is_final))
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


def blank_vote(client: FlaskClient) -> TestResponse:
    """The whole walk; the receipt."""
    client.post(VOTE, data={"is_old_enough": "y"})
    page = client.get("/stemmen/kiezen")
    checked = client.post("/stemmen/controleren", data=dict(HIDDEN.findall(page.text)) | {"blank": "y"})
    return client.post("/stemmen/versturen", data=form_of(checked))


def test_who_declares_the_age_comes_to_the_ballot(client: FlaskClient, samira: Person, database: Database) -> None:
    page = client.get(VOTE)
    assert "Ik ben 16 jaar of ouder" in page.text
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


def test_who_is_done_with_voting_is_signed_out_as_well_also_with_a_copy_of_the_cookie(
    app: Flask, client: FlaskClient, samira: Person, database: Database
) -> None:
    assert "Wij loggen u dan ook uit" in blank_vote(client).text
    cookie = client.get_cookie("wijkbudget", path="/")
    assert cookie is not None
    client.post("/stemmen/stoppen")
    assert "U bent uitgelogd." in client.get("/").text
    copied = app.test_client()
    copied.set_cookie("wijkbudget", cookie.value)
    for browser in (client, copied):
        assert "/account/inloggen" in browser.get("/mijn/plannen").location
    with database.reading() as session:
        assert session.scalars(select(SignIn.ended_at)).one() is not None


def test_who_was_not_signed_in_is_not_told_to_be_signed_out(client: FlaskClient, round_: Round) -> None:
    client.post("/stemmen/stoppen")
    assert "U bent uitgelogd." not in client.get("/").text


@pytest.mark.parametrize("round_", [True], indirect=True)
def test_after_a_final_vote_the_start_page_says_that_the_account_voted_and_nobody_enters_again(
    client: FlaskClient, samira: Person
) -> None:
    assert "Stap 1 van 3" in client.get(VOTE).text
    assert blank_vote(client).status_code == 200
    for page, status in ((client.get(VOTE), 200), (client.post(VOTE, data={"is_old_enough": "y"}), 409)):
        assert page.status_code == status
        assert page.text.count("Met uw account is al gestemd.") == 1
        for words in ("Stap 1 van 3", "Met deze code", "is_old_enough"):
            assert words not in page.text


@pytest.mark.parametrize("round_", [True], indirect=True)
def test_a_second_final_vote_is_refused_in_words_for_an_account(client: FlaskClient, samira: Person) -> None:
    client.post(VOTE, data={"is_old_enough": "y"})
    page = client.get("/stemmen/kiezen")
    form = form_of(client.post("/stemmen/controleren", data=dict(HIDDEN.findall(page.text)) | {"blank": "y"}))
    assert client.post("/stemmen/versturen", data=form).status_code == 200
    again = client.post("/stemmen/versturen", data=form | {"nonce": "ab" * 16})
    assert (again.status_code, "Met uw account is al gestemd." in again.text) == (409, True)


def test_a_vote_that_may_be_changed_leaves_the_start_page_as_it_was(client: FlaskClient, samira: Person) -> None:
    blank_vote(client)
    assert "Stap 1 van 3" in client.get(VOTE).text


def test_the_page_for_codes_names_the_rounds_in_which_accounts_vote_now(
    client: FlaskClient, round_: Round, build: Builder, clock: MovableClock
) -> None:
    build.round(title="Wijkbudget Duinoord")
    build.commit()
    for page in (client.get("/stemmen"), client.post("/stemmen", data={"code": "x"})):
        assert f'<a class="nl-link" href="{VOTE}">{round_.title}</a>' in page.text
        assert "Wijkbudget Duinoord" not in page.text
    for moment in (REVIEWING, COUNTING):
        clock.move_to(moment)
        assert VOTE not in client.get("/stemmen").text
