from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.tally.turnout import (
    MoreVotersThanElectorate,
    NegativeVoters,
    NoElectorate,
    NoRounds,
    mean_turnout,
    turnout,
    weighted_turnout,
)

DUINOORD, SCHEVENINGEN = (1460, 6364), (907, 3422)


def test_turnout_is_an_exact_share() -> None:
    assert turnout(*DUINOORD) == Fraction(365, 1591)
    assert turnout(0, 3) == 0
    assert turnout(3, 3) == 1


@pytest.mark.parametrize("eligible", [0, -1])
def test_without_an_electorate_there_is_no_turnout(eligible: int) -> None:
    with pytest.raises(NoElectorate):
        turnout(0, eligible)


def test_more_voters_than_electorate_is_refused() -> None:
    with pytest.raises(MoreVotersThanElectorate, match="4 people voted, 3"):
        turnout(4, 3)


def test_fewer_voters_than_none_is_refused() -> None:
    with pytest.raises(NegativeVoters):
        turnout(-1, 3)


def test_the_two_means_differ_and_each_is_exact() -> None:
    rounds = [(1, 2), (1, 4)]
    assert mean_turnout(rounds) == Fraction(3, 8)
    assert weighted_turnout(rounds) == Fraction(1, 3)


def test_a_mean_may_be_taken_of_a_stream() -> None:
    assert mean_turnout(iter([DUINOORD, SCHEVENINGEN])) == (turnout(*DUINOORD) + turnout(*SCHEVENINGEN)) / 2
    assert weighted_turnout(iter([DUINOORD, SCHEVENINGEN])) == Fraction(1460 + 907, 6364 + 3422)


def test_there_is_no_mean_over_no_rounds() -> None:
    with pytest.raises(NoRounds):
        mean_turnout([])
    with pytest.raises(NoRounds):
        weighted_turnout([])


def test_one_impossible_round_is_not_hidden_in_a_mean() -> None:
    with pytest.raises(MoreVotersThanElectorate):
        weighted_turnout([(5, 4), (0, 100)])
    with pytest.raises(NoElectorate):
        mean_turnout([(0, 0), (1, 2)])


@given(st.lists(st.integers(1, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1))
def test_both_means_lie_between_the_lowest_and_the_highest_turnout(rounds: list[tuple[int, int]]) -> None:
    turnouts = [turnout(*one) for one in rounds]
    assert min(turnouts) <= mean_turnout(rounds) <= max(turnouts)
    assert min(turnouts) <= weighted_turnout(rounds) <= max(turnouts)
