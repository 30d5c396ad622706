"""A vote that is lost, double or late does not escape the tally."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.faults.tally import Attempt, Found, Kept, Points, Tally, tally, wrongly_denied
from tests.moments import SCHEDULE, SECOND

pytestmark = pytest.mark.faults

CLOSING = SCHEDULE.counting
RECEIPTS = {1: "first receipt", 2: "second receipt", 3: "third receipt"}


def attempt(number: int, *, replaces: Attempt | None = None, ago: timedelta = SECOND, seen: bool = True) -> Attempt:
    """A ballot for plan 7, that began so long before the closing."""
    before = replaces.mark if replaces else b""
    receipts = [RECEIPTS[number]] if seen else []
    return Attempt(5, (7,), bytes([number] * 16), before, CLOSING - ago, sendings=1, receipts=receipts)


def urn(*top: Attempt, number: int = 1) -> Found:
    """An urn with these ballots, all of them counted."""
    kept = [Kept(each.entitlement, each.mark, RECEIPTS[each.nonce[0]]) for each in top]
    return Found(kept, [(each.tracker, ((7, 1),)) for each in top], len(top))


FIRST = attempt(1)
SECOND_BALLOT = attempt(2, replaces=FIRST)


def test_a_ballot_that_came_in_the_place_of_another_keeps_both_promises() -> None:
    assert tally([FIRST, SECOND_BALLOT], urn(SECOND_BALLOT), closing=CLOSING) == Tally(2, 1, 0, 0, 0)


def test_a_later_ballot_whose_answer_got_lost_may_lie_in_the_urn() -> None:
    unseen = attempt(2, replaces=FIRST, seen=False)
    assert tally([FIRST, unseen], urn(unseen), closing=CLOSING) == Tally(1, 1, 0, 0, 0)


def test_an_acknowledged_ballot_that_is_not_there_is_lost() -> None:
    assert tally([FIRST], urn(), closing=CLOSING).lost == 1
    assert tally([FIRST, SECOND_BALLOT], urn(FIRST), closing=CLOSING).lost == 1


def test_an_acknowledged_ballot_that_a_later_one_never_saw_is_lost() -> None:
    rival = attempt(3, replaces=FIRST)
    assert tally([FIRST, SECOND_BALLOT, rival], urn(rival), closing=CLOSING).lost == 1


def test_an_envelope_with_another_receipt_is_lost() -> None:
    other = replace(FIRST, receipts=["another receipt"])
    assert tally([other], urn(other), closing=CLOSING).lost == 1


@pytest.mark.parametrize("ballots", [[], [(FIRST.tracker, ((8, 1),))]])
def test_an_envelope_that_is_not_counted_as_it_was_chosen_is_lost(ballots: list[tuple[str, Points]]) -> None:
    assert tally([FIRST], replace(urn(FIRST), ballots=ballots), closing=CLOSING).lost == 1


def test_an_envelope_that_the_result_leaves_out_is_lost() -> None:
    assert tally([FIRST], replace(urn(FIRST), voted=0), closing=CLOSING).lost == 1


def test_a_second_envelope_or_ballot_for_one_right_to_vote_is_double() -> None:
    assert tally([FIRST, SECOND_BALLOT], urn(FIRST, SECOND_BALLOT), closing=CLOSING).double == 1
    twice = replace(urn(SECOND_BALLOT), ballots=urn(FIRST, SECOND_BALLOT).ballots)
    assert tally([FIRST, SECOND_BALLOT], twice, closing=CLOSING).double == 1


def test_an_envelope_or_ballot_of_nobody_is_double() -> None:
    assert tally([FIRST], urn(FIRST, attempt(3)), closing=CLOSING).double == 1
    stranger = replace(urn(FIRST), ballots=[*urn(FIRST).ballots, ("a tracker", ((7, 1),))])
    assert tally([FIRST], stranger, closing=CLOSING).double == 1


@pytest.mark.parametrize("seen", [True, False])
def test_a_stored_ballot_that_began_at_the_closing_is_late(seen: bool) -> None:
    late = attempt(1, ago=timedelta(), seen=seen)
    assert tally([late], urn(late), closing=CLOSING).late == 1


def test_a_ballot_that_began_after_the_closing_and_was_refused_is_not_late() -> None:
    assert tally([attempt(1, ago=-SECOND, seen=False)], urn(), closing=CLOSING).late == 0


def test_a_stored_ballot_of_which_each_answer_said_that_it_is_not_is_noticed() -> None:
    denied = replace(attempt(1, seen=False), denials=1)
    assert wrongly_denied([denied], urn(denied)) == [denied]
    assert wrongly_denied([replace(denied, sendings=2)], urn(denied)) == []


@pytest.mark.parametrize("numbers", [(0, 0, 0, 0, 0), (1, 1, 1, 0, 0), (1, 1, 0, 1, 0), (1, 1, 0, 0, 1)])
def test_a_run_without_votes_or_with_a_fault_is_not_sound(numbers: tuple[int, int, int, int, int]) -> None:
    assert not Tally(*numbers).is_sound
