import dataclasses

import pytest

from tests.tally.elections import small
from wijkbudget.tally.most_votes import most_votes
from wijkbudget.tally.outcome import Verdict
from wijkbudget.tally.ties import CheapestFirst, Lot

ELECTION = small(10, {"a": 6, "b": 6, "c": 3, "d": 1}, {"b": 5, "a c": 3, "": 2})


def test_the_steps_are_the_findings_whose_turn_came_in_that_order() -> None:
    outcome = most_votes(*ELECTION, ties=CheapestFirst())
    assert [(step.rank, step.plan, step.left_before, step.left_after) for step in outcome.steps] == [
        (1, "b", 10, 4),
        (2, "c", 4, 1),
        (3, "a", 1, 1),
    ]


def test_the_steps_do_not_depend_on_the_order_in_which_findings_are_kept() -> None:
    outcome = most_votes(*ELECTION, ties=CheapestFirst())
    shuffled = dataclasses.replace(outcome, findings=dict(reversed(outcome.findings.items())))
    assert shuffled == outcome
    assert shuffled.steps == outcome.steps


def test_a_lot_that_changed_nothing_was_not_needed() -> None:
    outcome = most_votes(*small(4, {"a": 2, "b": 2}, {"a b": 1}), ties=CheapestFirst(Lot("1", "r")))
    assert not outcome.is_lot_needed
    assert outcome.lot == Lot("1", "r")


def test_a_lot_that_chose_was_needed() -> None:
    outcome = most_votes(*small(3, {"a": 2, "b": 2}, {"a b": 1}), ties=CheapestFirst(Lot("1", "r")))
    assert outcome.is_lot_needed


def test_a_result_cannot_be_altered() -> None:
    outcome = most_votes(*ELECTION, ties=CheapestFirst())
    with pytest.raises(dataclasses.FrozenInstanceError):
        outcome.left = 0  # type: ignore[misc]


def test_verdicts_are_the_words_that_are_stored() -> None:
    assert [verdict.value for verdict in Verdict] == ["funded", "does_not_fit", "no_votes", "withdrawn"]
