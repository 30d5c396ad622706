"""All rounds, and the page of one."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import ANNOUNCED, COUNTING, RESULT, REVIEWING, SUBMITTING, VOTING
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.voting import VotingTerms

PAGE = "/rondes/wijkbudget-bezuidenhout-2026"


def test_the_list_of_rounds_may_be_empty(client: FlaskClient) -> None:
    assert "Er zijn nog geen rondes." in client.get("/rondes").text


@pytest.mark.parametrize(
    ("moment", "heading"),
    [
        (ANNOUNCED, "Begint binnenkort"),
        (SUBMITTING, "Plannen indienen en liken kan nu"),
        (REVIEWING, "De gemeente bekijkt de plannen"),
        (VOTING, "Stemmen kan nu"),
        (COUNTING, "De stemmen worden geteld"),
        (RESULT, "Rondes van eerder"),
    ],
)
def test_a_round_stands_under_its_phase(
    client: FlaskClient, build: Builder, clock: MovableClock, moment: datetime, heading: str
) -> None:
    build.round()
    build.commit()
    clock.move_to(moment)
    assert f">{heading}</h2>" in client.get("/rondes").text


@pytest.mark.parametrize(
    ("moment", "calls"),
    [
        (ANNOUNCED, "Plannen indienen kan vanaf dinsdag 1 september 2026"),
        (SUBMITTING, "Dien uw plan in"),
        (REVIEWING, "Stemmen kan vanaf zondag 1 november 2026"),
        (VOTING, "Ik heb een stemcode"),
        (COUNTING, "De uitslag komt op donderdag 10 december 2026 om 11.00 uur."),
        (RESULT, "De uitslag komt binnenkort"),
    ],
)
def test_each_phase_says_what_to_do(
    client: FlaskClient, build: Builder, clock: MovableClock, moment: datetime, calls: str
) -> None:
    build.round()
    build.commit()
    clock.move_to(moment)
    assert calls in client.get(PAGE).text


def test_a_published_result_is_what_there_is_to_see(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    round_ = build.round()
    build.result(round_, {build.menu_plan(round_): 1})
    build.commit()
    clock.move_to(RESULT)
    assert f'href="{PAGE}/uitslag"' in client.get(PAGE).text


def test_the_rules_are_told_in_plain_words(client: FlaskClient, build: Builder) -> None:
    build.round(like_threshold=25, eligible=8530)
    build.commit()
    page = client.get(PAGE).text
    for words in (
        "minimaal 25 likes", "Op dinsdag 1 september 2026 telde de gemeente 8.530 mensen", "samen in het budget passen",
        "Het plan is goed voor de wijk", "beslist het lot", "Een plan zonder stemmen wint nooit",
    ):  # fmt: skip
        assert words in page


def test_an_approval_ballot_says_how_many_plans_may_be_chosen(client: FlaskClient, build: Builder) -> None:
    build.round(ballot_form=BallotForm(Form.APPROVAL, 5))
    build.commit()
    assert "Stemmers kiezen maximaal 5 plannen." in client.get(PAGE).text


@pytest.mark.parametrize(("is_final", "words"), [(True, "Nee. Wat u verstuurt, staat vast."), (False, "Ja, tot ")])
def test_a_round_says_whether_a_vote_can_be_changed(
    client: FlaskClient, build: Builder, is_final: bool, words: str
) -> None:
    slug = build.round(voting=VotingTerms(is_final=is_final)).slug
    build.commit()
    page = client.get(f"/rondes/{slug}").text
    assert words in page
    assert ("Alleen uw laatste stem telt." in page) is not is_final


def test_how_many_voted_is_told_while_voting_only(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    round_ = build.round()
    build.codes(round_, 10)
    build.commit()
    clock.move_to(SUBMITTING)
    assert "stemcodes" not in client.get(PAGE).text
    clock.move_to(VOTING)
    assert "van de 10 stemcodes" in client.get(PAGE).text


def test_an_unknown_round_is_not_found(client: FlaskClient) -> None:
    assert client.get("/rondes/nergens").status_code == 404


def test_every_winner_stands_on_the_page_of_a_round_with_a_result(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    round_ = build.round(budget=5_000_000)
    plans = [build.menu_plan(round_, title=f"Winnaar {number}", cost=1_000_000) for number in range(5)]
    build.result(round_, dict.fromkeys(plans, 2) | {build.menu_plan(round_, title="Verliezer"): 1})
    build.commit()
    clock.move_to(RESULT)
    page = client.get(f"/rondes/{round_.slug}").text
    assert [f"Winnaar {number}" in page for number in range(5)] == [True] * 5
    assert "Verliezer" not in page
