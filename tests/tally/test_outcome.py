import dataclasses
from fractions import Fraction

import pytest

from tests.tally.elections import small
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.outcome import Finding, Verdict
from wijkbudget.tally.ties import CheapestFirst, Lot

ELECTION = small(10, {"a": 6, "b": 6, "c": 3, "d": 1}, {"b": 5, "a c": 3, "": 2})
OUTCOME = MostVotes().count(*ELECTION, CheapestFirst())


def test_the_steps_are_the_findings_whose_turn_came_in_that_order() -> None:
    assert [(step.rank, step.plan, step.left_before, step.left_after) for step in OUTCOME.steps] == [
        (1, "b", 10, 4),
        (2, "c", 4, 1),
        (3, "a", 1, 1),
    ]


def test_the_steps_do_not_depend_on_the_order_in_which_findings_are_kept() -> None:
    shuffled = dataclasses.replace(OUTCOME, findings=dict(reversed(OUTCOME.findings.items())))
    assert shuffled == OUTCOME
    assert shuffled.steps == OUTCOME.steps


def test_measures_tell_what_voters_got() -> None:
    """Five ballots hold b for 6, three hold c for 3, two are blank: 39 over ten ballots."""
    assert OUTCOME.funded == ("b", "c")
    assert (OUTCOME.spent, OUTCOME.points_funded) == (9, 8)
    assert (OUTCOME.ballots_with_funded, OUTCOME.ballots_without_funded) == (8, 2)
    assert OUTCOME.mean_amount == Fraction(39, 10)


def test_without_ballots_there_is_no_mean() -> None:
    assert MostVotes().count(*small(10, {"a": 6}, {}), CheapestFirst()).mean_amount is None


def test_what_a_plan_lacked_and_what_it_could_spare_follow_from_what_it_needed() -> None:
    lost = Finding("a", Verdict.DOES_NOT_FIT, 3, 3, 9, needed=5)
    won = Finding("a", Verdict.FUNDED, 7, 3, 9, needed=5)
    assert (lost.is_funded, lost.lacked, lost.spare) == (False, 2, None)
    assert (won.is_funded, won.lacked, won.spare) == (True, None, 2)
    for finding in (lost, won):
        unknown = dataclasses.replace(finding, needed=None)
        assert (unknown.lacked, unknown.spare) == (None, None)


def test_supporters_are_short_of_what_they_did_not_hold_and_never_of_less_than_nothing() -> None:
    finding = Finding("a", Verdict.NOT_AFFORDABLE, 3, 3, 9)
    assert finding.short is None
    assert dataclasses.replace(finding, held=Fraction(17, 2)).short == Fraction(1, 2)
    assert dataclasses.replace(finding, held=Fraction(10)).short == 0


def test_a_lot_that_changed_nothing_was_not_needed() -> None:
    outcome = MostVotes().count(*small(4, {"a": 2, "b": 2}, {"a b": 1}), CheapestFirst(Lot("1", "r")))
    assert not outcome.is_lot_needed
    assert outcome.lot == Lot("1", "r")


def test_a_lot_that_chose_was_needed() -> None:
    assert MostVotes().count(*small(3, {"a": 2, "b": 2}, {"a b": 1}), CheapestFirst(Lot("1", "r"))).is_lot_needed


def test_a_result_cannot_be_altered() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        OUTCOME.left = 0  # type: ignore[misc]


def test_verdicts_are_the_words_that_are_stored() -> None:
    assert " ".join(Verdict) == (
        "funded does_not_fit after_the_end below_minimum excluded not_affordable less_together no_votes withdrawn"
    )
