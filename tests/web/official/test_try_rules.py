"""Trying rules before voting, on invented voters or on a file: repeatable, by phase, and nothing is stored."""

from datetime import datetime
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import ANNOUNCED, COUNTING, REVIEWING, SCHEDULE, SECOND, SUBMITTING, VOTING
from tests.web.official.conftest import page
from wijkbudget.people.rules import Role
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.web.official import try_rules

RULES = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026/telregels"
FILE = """META
key;value
num_projects;3
num_votes;4
budget;100
vote_type;{kind}
currency;PLN
PROJECTS
project_id;cost;name
1;60;Plac zabaw
2;50;Boisko
3;40;Drzewa
VOTES
voter_id;vote{extra}
1;1,3
2;1
3;2,3
4;{last}
"""
PLAIN = FILE.format(kind="approval", extra="", last="1")


@pytest.fixture
def official(client: FlaskClient, build: Builder, clock: MovableClock) -> FlaskClient:
    """A browser in which an official is signed in while plans are submitted."""
    clock.move_to(SUBMITTING)
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    return client


def send(client: FlaskClient, content: bytes | str) -> TestResponse:
    stream = BytesIO(content.encode() if isinstance(content, str) else content)
    return client.post(RULES, data={"file": (stream, "verkiezing.pb")})


def text(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")


def test_the_plans_of_the_round_are_counted_by_every_rule(official: FlaskClient, build: Builder) -> None:
    made = build.round()
    for title, cost in [("Speeltuin", 2_000_000), ("Banken", 500_000), ("Bomen", 1_500_000)]:
        build.placed_plan(made, title=title, cost=cost)
    build.commit()

    shown = page(official, RULES)

    for words in (
        "Speeltuin",
        "€ 20.000",
        "Meeste stemmen",
        "Gelijke delen",
        "Samen sparen (Phragmén)",
        "van deze ronde",
    ):
        assert words in shown
    assert "1.000 verzonnen stemmen, budget € 40.000" in shown
    assert "Verzonnen plan" not in shown


def test_with_fewer_than_three_plans_plans_are_invented_too(official: FlaskClient, build: Builder) -> None:
    made = build.round()
    build.placed_plan(made, title="Speeltuin")
    build.commit()

    shown = page(official, RULES)

    assert "Verzonnen plan 8" in shown
    assert "Speeltuin" not in shown


def test_the_same_number_gives_the_same_page_and_another_number_another(official: FlaskClient, build: Builder) -> None:
    build.round()
    build.commit()

    one, again, other = (page(official, f"{RULES}?stemmers=500&begingetal={seed}") for seed in (3, 3, 4))

    assert one == again != other
    assert 'value="500"' in one


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stemmers=99&begingetal=1", "van 100 tot en met 10.000."),
        ("stemmers=10001&begingetal=1", "van 100 tot en met 10.000."),
        ("stemmers=veel&begingetal=1", "van 100 tot en met 10.000."),
        ("stemmers=500&begingetal=", "Vul een heel getal in: 0 of meer."),
        ("stemmers=500&begingetal=-1", "Vul een heel getal in: 0 of meer."),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_at_its_field(
    official: FlaskClient, build: Builder, query: str, sentence: str
) -> None:
    build.round()
    build.commit()

    answer = official.get(f"{RULES}?{query}")

    assert answer.status_code == 422
    assert "utrecht-form-field-error-message" in text(answer)
    assert sentence in text(answer)
    assert "Wat elke telregel geeft" not in text(answer)


@pytest.mark.parametrize(
    "ballot",
    [
        BallotForm(Form.APPROVAL, 3), BallotForm(Form.ONE), BallotForm(Form.RANKING, 3),
        BallotForm(Form.POINTS, total_points=5, most_points=3),
    ],
)  # fmt: skip
def test_voters_fill_in_the_ballot_of_the_round(official: FlaskClient, build: Builder, ballot: BallotForm) -> None:
    build.round(ballot_form=ballot)
    build.commit()

    shown = page(official, RULES)

    assert ("Samen sparen (Phragmén) telt alleen stemmen" in shown) is not ballot.is_approval


def test_a_file_is_counted_with_its_own_plans_and_currency(official: FlaskClient, build: Builder) -> None:
    build.round()
    build.commit()

    answer = send(official, PLAIN)

    assert answer.status_code == 200
    for words in ("Plac zabaw", "PLN 100", "4 stemmen uit het bestand", "Wat elke telregel geeft"):
        assert words in text(answer)


def test_what_was_passed_over_is_listed_by_line(official: FlaskClient, build: Builder) -> None:
    build.round()
    build.commit()

    answer = send(official, FILE.format(kind="approval", extra="", last="1,1"))

    assert answer.status_code == 200
    assert "Niet alles in het bestand telt mee" in text(answer)
    assert "Regel 18:" in text(answer)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Kies een bestand."),
        (b"niets", "Wij kunnen regel 1 van dit bestand niet lezen. De reden, in het Engels:"),
        (PLAIN.replace("2;50", "2;gratis"), "Wij kunnen regel 11 van dit bestand niet lezen."),
        (PLAIN.replace("approval", "loterij"), "Wij kunnen regel 6 van dit bestand niet lezen."),
    ],
)
def test_a_file_that_cannot_be_counted_is_refused_at_its_field(
    official: FlaskClient, build: Builder, content: bytes | str, sentence: str
) -> None:
    build.round()
    build.commit()

    answer = send(official, content)

    assert answer.status_code == 422
    assert text(answer).count(sentence) == 2


@pytest.mark.parametrize(("spare", "status"), [(0, 200), (-1, 422)])
def test_a_file_may_be_as_large_as_is_said_and_no_larger(
    official: FlaskClient, build: Builder, monkeypatch: pytest.MonkeyPatch, spare: int, status: int
) -> None:
    build.round()
    build.commit()
    assert try_rules.LARGEST_FILE == 5 * 1024 * 1024  # what the sentence says
    monkeypatch.setattr(try_rules, "LARGEST_FILE", len(PLAIN) + spare)

    answer = send(official, PLAIN)

    assert answer.status_code == status
    assert ("Dit bestand is te groot. Kies een bestand van maximaal 5 MB." in text(answer)) is (status == 422)


def test_without_a_file_the_page_asks_for_one(official: FlaskClient, build: Builder) -> None:
    build.round()
    build.commit()

    answer = official.post(RULES, data={})

    assert answer.status_code == 422
    assert "Kies een bestand." in text(answer)


def test_ballots_with_points_in_a_file_leave_out_what_cannot_count_them(official: FlaskClient, build: Builder) -> None:
    build.round()
    build.commit()

    content = FILE.format(kind="ordinal", extra="", last="1")

    assert "Samen sparen (Phragmén) telt alleen stemmen" in text(send(official, content))


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (ANNOUNCED, 200), (SUBMITTING, 200), (REVIEWING, 200), (SCHEDULE.voting - SECOND, 200),
        (SCHEDULE.voting, 409), (VOTING, 409), (COUNTING, 409),
    ],
)  # fmt: skip
def test_rules_are_tried_until_voting_opens(
    official: FlaskClient, build: Builder, clock: MovableClock, moment: datetime, status: int
) -> None:
    build.round()
    build.commit()
    clock.move_to(moment)

    assert official.get(RULES).status_code == status
    assert send(official, PLAIN).status_code == status
    assert ("Telregels vergelijken" in page(official, RULES.removesuffix("/telregels"))) is (status == 200)


def test_a_round_that_does_not_exist_is_not_found(official: FlaskClient) -> None:
    assert official.get("/ambtenaar/rondes/nergens/telregels").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.RESIDENT, 403), (Role.MODERATOR, 403)])
def test_only_officials_come_in(client: FlaskClient, build: Builder, role: Role | None, status: int) -> None:
    build.round()
    if role:
        build.sign_in(client, build.person() if role is Role.RESIDENT else build.appointed(role, "Haagse Hout"))
    build.commit()

    assert client.get(RULES).status_code == status
    assert send(client, PLAIN).status_code == status
