"""A counted round in words and figures."""

from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import VOTING
from wijkbudget.rounds.tables import Round
from wijkbudget.web.outcome import OutcomeView, outcome_view, published_result

pytestmark = pytest.mark.usefixtures("dutch")
NO_BREAK = "\N{NO-BREAK SPACE}"


def view(session: Session, build: Builder, round_: Round, blank: int = 0, **votes: tuple[int, int]) -> OutcomeView:
    """The outcome when plans named after the keywords have (votes, cost in euros)."""
    plans = {build.menu_plan(round_, title=title, cost=cost * 100): count for title, (count, cost) in votes.items()}
    return outcome_view(session, round_, build.result(round_, plans, blank=blank))


def verdicts(outcome: OutcomeView) -> dict[str, str]:
    return {plan.card.title: plan.verdict for plan in outcome.plans}


def test_every_plan_gets_the_reason_why_it_won_or_not(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), park=(9, 38_000), muur=(5, 4_500), bank=(0, 100))
    assert verdicts(outcome) == {
        "park": "Gaat door",
        "muur": f"Past niet meer: er was nog €{NO_BREAK}2.000 over",
        "bank": "Niemand stemde op dit plan",
    }


def test_a_plan_withdrawn_during_the_vote_is_said_to_be(session: Session, build: Builder) -> None:
    round_ = build.round()
    gone, stays = build.menu_plan(round_, title="gone"), build.menu_plan(round_, title="stays")
    gone.withdrawn_at = VOTING
    outcome = outcome_view(session, round_, build.result(round_, {gone: 5, stays: 3}))
    assert verdicts(outcome)["gone"] == "Ingetrokken tijdens de stemming"
    assert [plan.card.title for plan in outcome.winners] == ["stays"]
    assert [plan.card.title for plan in outcome.plans] == ["stays", "gone"]


def test_a_losing_plan_is_told_how_many_votes_it_lacked(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), park=(9, 38_000), muur=(5, 4_500), bank=(0, 100))
    advice = {plan.card.title: plan.advice for plan in outcome.plans}
    assert advice["park"] == ""
    assert advice["muur"] == "Had met 4 stemmen meer wel gewonnen."
    assert advice["bank"] == "Had met 1 stem meer wel gewonnen."


def test_the_steps_follow_the_money(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), park=(9, 38_000), muur=(5, 4_500), bank=(2, 1_000))
    assert [(step.rank, step.left_before, step.left_after) for step in outcome.steps] == [
        (1, 4_000_000, 200_000),
        (2, 200_000, 200_000),
        (3, 200_000, 100_000),
    ]
    assert (outcome.spent, outcome.left, outcome.budget) == (3_900_000, 100_000, 4_000_000)


def test_blank_votes_count_for_turnout(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(eligible=100), blank=4, park=(6, 1_000))
    assert (outcome.voted, outcome.blank, outcome.turnout) == (10, 4, Fraction(1, 10))


def test_it_is_told_how_many_voters_chose_a_plan_that_won(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), blank=4, park=(9, 38_000), muur=(5, 4_500), bank=(3, 1_000))
    assert (outcome.voted_for_winner, outcome.voted) == (12, 21)


def test_a_lot_that_decided_names_its_plans(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), one=(3, 30_000), other=(3, 30_000))
    assert [sorted(group) for group in outcome.lots] == [["one", "other"]]
    assert view(session, build, build.round(title="Zonder"), park=(1, 100)).lots == ()


def test_the_facts_of_the_urn_can_be_checked(session: Session, build: Builder) -> None:
    urn = view(session, build, build.round(), park=(6, 1_000)).urn
    assert urn is not None
    assert (urn.envelopes, urn.rejected, urn.merkle_root) == (6, 0, "ab" * 32)


def test_cards_show_the_cost_that_was_voted_on(session: Session, build: Builder) -> None:
    (plan,) = view(session, build, build.round(), park=(6, 1_000)).winners
    assert (plan.card.votes, plan.card.won, plan.card.cost) == (6, True, 100_000)


def test_an_unpublished_result_is_nobodys_to_see(session: Session, build: Builder) -> None:
    counted, published, voting = build.round(title="A"), build.round(title="B"), build.round(title="C")
    build.result(counted, {build.menu_plan(counted): 1}, published=False)
    result = build.result(published, {build.menu_plan(published): 1})
    assert [published_result(session, round_) for round_ in (counted, published, voting)] == [None, result, None]
