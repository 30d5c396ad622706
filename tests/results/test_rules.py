"""What ballots come to by frozen rules, without a database."""

import hashlib

import pytest

from wijkbudget.ballots.rules import FrozenRules, MenuItem
from wijkbudget.refusal import Refusal
from wijkbudget.results.rules import AlreadyPublished, NotCounted, counted, lot_seed
from wijkbudget.rounds.rules import BallotForm, Form
from wijkbudget.tally.outcome import Verdict
from wijkbudget.tally.ties import Lot

RULES = FrozenRules(
    round_id=7, title="Wijkbudget", kind="wijkbudget", area="Bezuidenhout", budget=1000, schedule={},
    ballot_form=BallotForm(Form.BASKET), like_threshold=0, criteria=(), eligible=10, reference_date="2026-09-01",
    menu=(MenuItem(3, "Speeltuin", 600), MenuItem(5, "Bankje", 400), MenuItem(8, "Boom", 500)),
)  # fmt: skip


@pytest.mark.parametrize("refusal", [NotCounted, AlreadyPublished])
def test_a_refusal_of_the_results_needs_no_details(refusal: type[Refusal]) -> None:
    assert refusal().details == {}


def test_the_plans_with_most_votes_that_fit_win() -> None:
    outcome = counted(RULES, [(3, 5), (3,), [8], ()], seed="seed")
    assert outcome.funded == ("3", "5")
    assert outcome.findings["8"].verdict is Verdict.DOES_NOT_FIT
    assert (outcome.budget, outcome.ballots, outcome.lot) == (1000, 4, Lot("seed", "7"))


def test_a_withdrawn_plan_is_out_and_its_ballots_stay_valid() -> None:
    outcome = counted(RULES, [(3, 5), (3,)], seed="seed", withdrawn=[3])
    assert outcome.findings["3"].verdict is Verdict.WITHDRAWN
    assert (outcome.funded, outcome.ballots) == (("5",), 2)


def test_the_seed_of_the_lot_can_be_computed_from_what_is_published() -> None:
    published = RULES.hash + "ab" * 32
    assert lot_seed(RULES, merkle_root="ab" * 32) == hashlib.sha256(published.encode()).hexdigest()
