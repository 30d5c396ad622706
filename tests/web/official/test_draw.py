"""The public draw: the first official types what came out and where to see it, a second one types it again."""

from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING
from tests.web.official.conftest import page
from wijkbudget.database import Database
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.results.tables import Draw
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.rounds.tables import Round

ROUND = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026"
DRAW = f"{ROUND}/loting"
CONFIRM = f"{DRAW}/bevestigen"
ENTRY = {"seed": "4 17 23", "proof": "De notaris, te zien op de site van de gemeente."}


@pytest.fixture
def official(client: FlaskClient, build: Builder, clock: MovableClock) -> FlaskClient:
    """A browser in which an official is signed in while votes are counted."""
    clock.move_to(COUNTING)
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    return client


def waiting(build: Builder, *, by: Person | None = None) -> Round:
    """A round whose count waits for a draw, typed in by this person if there is one."""
    made = build.round(counting=Counting(seed=SeedSource.DRAW))
    plans = [build.menu_plan(made, title=title) for title in ("Speeltuin", "Banken")]
    entry = {"seed": "4 17 23", "proof": ENTRY["proof"], "entered_by": by.id, "entered_at": COUNTING} if by else {}
    build.session.add(Draw(round_id=made.id, groups=[[plan.id for plan in plans]], needed_at=COUNTING, **entry))
    build.commit()
    return made


def stored(database: Database, round_: Round) -> Draw:
    with database.reading() as session:
        return session.get_one(Draw, round_.id)


def text(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def test_the_round_asks_for_the_draw_and_the_letter_leads_to_it(official: FlaskClient, build: Builder) -> None:
    waiting(build)

    assert "Vul de uitkomst van de loting in" in page(official, ROUND)
    assert official.get(f"{ROUND}/uitslag").location == DRAW


def test_the_page_says_what_it_is_for_and_which_plans_wait(official: FlaskClient, build: Builder) -> None:
    waiting(build)

    shown = page(official, DRAW)

    for words in ("Een openbare loting beslist.", "Deze plannen wachten", "Speeltuin", "Banken", "Vul de uitkomst in"):
        assert words in shown
    assert "Bevestig de uitkomst" not in shown


def test_the_first_official_types_what_came_out(official: FlaskClient, build: Builder, database: Database) -> None:
    round_ = waiting(build)

    answer = official.post(DRAW, data=ENTRY)

    assert (answer.status_code, answer.location) == (303, DRAW)
    assert (stored(database, round_).seed, stored(database, round_).proof) == ("4 17 23", ENTRY["proof"])
    assert "Vraag nu een collega" in page(official, DRAW)
    assert "Bevestig de uitkomst" not in page(official, DRAW)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("seed", "", "Vul in wat er geloot is."),
        ("seed", "x" * 201, "maximaal 200 tekens"),
        ("proof", "", "Vertel welke loting het was"),
        ("proof", "x" * 501, "maximaal 500 tekens"),
    ],
)
def test_what_is_missing_is_told_at_its_field(
    official: FlaskClient, build: Builder, database: Database, field: str, value: str, sentence: str
) -> None:
    round_ = waiting(build)

    answer = official.post(DRAW, data=ENTRY | {field: value})

    assert answer.status_code == 422
    assert text(answer).count(sentence) == 2
    assert stored(database, round_).seed is None


def test_a_colleague_types_it_again_without_seeing_it(
    official: FlaskClient, build: Builder, database: Database
) -> None:
    round_ = waiting(build, by=build.appointed(Role.OFFICIAL))

    shown = page(official, DRAW)
    answer = official.post(CONFIRM, data={"again": " 4  17 23 "})

    assert "Bevestig de uitkomst" in shown
    assert ENTRY["proof"] in shown
    assert "4 17 23" not in shown.replace("4 17 23 31 38 44", "")
    assert (answer.status_code, answer.location) == (303, ROUND)
    assert stored(database, round_).confirmed_at is not None
    assert "De uitkomst ligt vast" in page(official, DRAW)


@pytest.mark.parametrize(
    ("again", "status", "sentence"),
    [("4 17 24", 409, "Uw collega vulde iets anders in."), ("", 422, "Vul in wat er geloot is.")],
)
def test_what_differs_is_refused_and_kept(
    official: FlaskClient, build: Builder, database: Database, again: str, status: int, sentence: str
) -> None:
    round_ = waiting(build, by=build.appointed(Role.OFFICIAL))

    answer = official.post(CONFIRM, data={"again": again})

    assert answer.status_code == status
    assert sentence in text(answer)
    assert f'value="{again}"' in text(answer)
    assert stored(database, round_).confirmed_at is None


def test_one_official_cannot_do_both(official: FlaskClient, build: Builder, database: Database) -> None:
    round_ = waiting(build)
    official.post(DRAW, data=ENTRY)

    answer = official.post(CONFIRM, data={"again": "4 17 23"})

    assert answer.status_code == 409
    assert "Vraag een collega" in text(answer)
    assert stored(database, round_).confirmed_at is None


def test_a_draw_that_nobody_entered_cannot_be_confirmed(official: FlaskClient, build: Builder) -> None:
    waiting(build)

    assert official.post(CONFIRM, data={"again": "4 17 23"}).status_code == 409


def test_a_round_that_waits_for_no_draw_has_no_such_page(official: FlaskClient, build: Builder) -> None:
    build.round()
    build.commit()

    for answer in (official.get(DRAW), official.post(DRAW, data=ENTRY), official.post(CONFIRM, data={"again": "4"})):
        assert answer.status_code == 409
        assert "Er is geen loting nodig voor deze ronde." in text(answer)
    assert "Vul de uitkomst van de loting in" not in page(official, ROUND)


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.RESIDENT, 403), (Role.MODERATOR, 403)])
def test_only_officials_come_in(client: FlaskClient, build: Builder, role: Role | None, status: int) -> None:
    waiting(build)
    if role:
        build.sign_in(client, build.person() if role is Role.RESIDENT else build.appointed(role, "Haagse Hout"))

    assert client.get(DRAW).status_code == status
    assert client.post(DRAW, data=ENTRY).status_code == status
    assert client.post(CONFIRM, data={"again": "4"}).status_code == status
