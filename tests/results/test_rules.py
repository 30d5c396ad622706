"""What ballots come to by frozen rules, without a database."""

import hashlib
from dataclasses import replace

import pytest

from wijkbudget.ballots.rules import Ballot, FrozenRules, MenuItem, chosen, counting_document
from wijkbudget.people.rules import TextMissing, TextTooLong
from wijkbudget.refusal import Refusal
from wijkbudget.results.rules import (
    LONGEST_SEED,
    AlreadyPublished,
    DrawEntered,
    DrawNotEntered,
    NoDrawNeeded,
    NotCounted,
    OtherSeed,
    SameOfficial,
    compared,
    counted,
    drawn_seed,
    lot_seed,
    other_rules,
)
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.tally.counting import RULES as ALL_RULES
from wijkbudget.tally.in_turn import VotesPerEuro
from wijkbudget.tally.outcome import Verdict
from wijkbudget.tally.ties import Lot, LotNeeded

RULES = FrozenRules(
    round_id=7, title="Wijkbudget", kind="wijkbudget", area="Bezuidenhout", budget=1000, schedule={},
    ballot_form=BallotForm(Form.BASKET), like_threshold=0, criteria=(), eligible=10, reference_date="2026-09-01",
    menu=(MenuItem(3, "Speeltuin", 600), MenuItem(5, "Bankje", 400), MenuItem(8, "Boom", 500)),
)  # fmt: skip
LOT = Lot("seed", "7")


def ballots(*choices: tuple[int, ...]) -> list[Ballot]:
    return [Ballot(chosen(plan_ids)) for plan_ids in choices]


@pytest.mark.parametrize(
    "refusal", [NotCounted, AlreadyPublished, NoDrawNeeded, DrawNotEntered, DrawEntered, SameOfficial, OtherSeed]
)
def test_a_refusal_of_the_results_needs_no_details(refusal: type[Refusal]) -> None:
    assert refusal().details == {}


def test_the_plans_with_most_votes_that_fit_win() -> None:
    outcome = counted(RULES, ballots((3, 5), (3,), (8,), ()), lot=LOT)
    assert outcome.funded == ("3", "5")
    assert outcome.findings["8"].verdict is Verdict.DOES_NOT_FIT
    assert (outcome.budget, outcome.ballots, outcome.lot) == (1000, 4, LOT)


def test_points_count_as_they_were_given() -> None:
    points = replace(RULES, ballot_form=BallotForm(Form.POINTS, total_points=9, most_points=9))
    outcome = counted(points, [Ballot(((3, 1), (8, 7))), Ballot(((3, 5),))], lot=LOT)
    assert {plan: finding.points for plan, finding in outcome.findings.items()} == {"3": 6, "5": 0, "8": 7}
    assert outcome.funded == ("8",)


def test_the_count_follows_the_frozen_rule_and_its_settings() -> None:
    cheap = replace(RULES, counting=counting_document(VotesPerEuro(minimum=2)))
    outcome = counted(cheap, ballots((3,), (3,), (3,), (5,), (5,), (5,), (8,)), lot=LOT)
    assert (outcome.rule, outcome.settings["minimum"]) == ("votes-per-euro", 2)
    assert outcome.funded == ("5", "3")
    assert outcome.findings["8"].verdict is Verdict.BELOW_MINIMUM


def test_a_withdrawn_plan_is_out_and_its_ballots_stay_valid() -> None:
    outcome = counted(RULES, ballots((3, 5), (3,)), lot=LOT, withdrawn=[3])
    assert outcome.findings["3"].verdict is Verdict.WITHDRAWN
    assert (outcome.funded, outcome.ballots) == (("5",), 2)


def test_without_a_lot_only_a_tie_that_decides_stops_the_count() -> None:
    alike = replace(RULES, menu=(MenuItem(3, "Speeltuin", 600), MenuItem(5, "Bankje", 600)))
    with pytest.raises(LotNeeded) as needed:
        counted(alike, ballots((3,), (5,)), lot=None)
    assert [set(group) for group in needed.value.groups] == [{"3", "5"}]
    assert counted(alike, ballots((3,), (5,), (5,)), lot=None).funded == ("5",)
    assert len(counted(alike, ballots((3,), (5,)), lot=LOT).lots) == 1


def test_the_same_ballots_are_compared_by_every_other_rule_that_can_count_them() -> None:
    outcomes = compared(RULES, ballots((3, 5), (3,), (8,), ()), lot=LOT, withdrawn=[8])
    assert [outcome.rule for outcome in outcomes] == [name for name in ALL_RULES if name != "most-votes"]
    assert all(outcome.findings["8"].verdict is Verdict.WITHDRAWN for outcome in outcomes)
    assert {outcome.ballots for outcome in outcomes} == {4}


def test_a_rule_that_cannot_count_the_ballots_is_not_compared() -> None:
    ranking = replace(RULES, ballot_form=BallotForm(Form.RANKING, 3))
    assert all(rule.takes(is_approval=False) for rule in other_rules(ranking))
    names = {rule.name for rule in other_rules(RULES)}
    assert names - {rule.name for rule in other_rules(ranking)} == {"phragmen"} & names


def test_the_seed_of_the_lot_can_be_computed_from_what_is_published() -> None:
    published = RULES.hash + "ab" * 32
    assert lot_seed(rules_hash=RULES.hash, merkle_root="ab" * 32) == hashlib.sha256(published.encode()).hexdigest()


@pytest.mark.parametrize(
    ("typed", "seed"), [("12 34", "12 34"), ("  12\n34\t", "12 34"), ("x" * LONGEST_SEED, "x" * LONGEST_SEED)]
)
def test_the_seed_of_a_draw_is_one_line_with_single_spaces(typed: str, seed: str) -> None:
    assert drawn_seed(typed) == seed


@pytest.mark.parametrize(("typed", "refusal"), [(" \n ", TextMissing), ("x" * (LONGEST_SEED + 1), TextTooLong)])
def test_a_seed_says_something_and_not_too_much(typed: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        drawn_seed(typed)
    assert refused.value.details["field"] == "seed"
