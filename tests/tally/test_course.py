from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tally.contests import Contest, contests
from tests.tally.elections import real_election, small
from wijkbudget.tally.course import Market
from wijkbudget.tally.instance import Instance
from wijkbudget.tally.outcome import Tie
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.profile import Profile
from wijkbudget.tally.rule import Totals, Utility
from wijkbudget.tally.ties import Lexicographic, Rank

CAREFUL = [2.0**20, 2.0**60]
"""So many times the error bound: nearly all, or all, is decided in exact numbers."""


def rank_of(instance: Instance, profile: Profile) -> Rank:
    return Lexicographic().rank(instance.plans, Totals.of(instance, profile).points)


@settings(max_examples=150, deadline=None)
@given(contests(plans=6, exclusive=False), st.sampled_from(Utility), st.sampled_from(CAREFUL), st.integers(0, 9))
def test_floats_decide_nothing_that_exact_numbers_would_not(
    contest: Contest, utility: Utility, caution: float, endowment: int
) -> None:
    instance, profile = contest.instance, contest.profile
    courses = [
        Market.of(instance, profile, utility, caution).course(Fraction(endowment, 7), rank_of(instance, profile))
        for caution in (1.0, caution)
    ]
    assert courses[0].prices == courses[1].prices
    assert list(courses[0].prices) == list(courses[1].prices)
    assert courses[0].ties == courses[1].ties


@pytest.mark.oracle
@pytest.mark.parametrize(
    "name", ["Netherlands_Amsterdam_166.pb", "Switzerland_Zurich_D5.pb", "Netherlands_Assen_2024.pb"]
)
def test_in_real_elections_floats_decide_nothing_else_either(name: str) -> None:
    election = read_election(real_election(name), is_lenient=True)
    instance, profile = election.instance, election.profile
    share, rank = Fraction(instance.budget, profile.ballots), rank_of(instance, profile)
    courses = [Market.of(instance, profile, Utility.ONE, caution).course(share, rank) for caution in (1.0, *CAREFUL)]
    assert courses[0].prices == courses[1].prices == courses[2].prices


def test_plans_equal_to_the_last_digit_are_a_tie() -> None:
    election = small(90, {"a": 30, "b": 30, "c": 30}, {"a b": 7, "c": 7})
    course = Market.of(*election, Utility.COST).course(Fraction(90, 14), rank_of(*election))
    assert course.ties == [Tie(("a", "b", "c"))]
    assert course.prices == {"a": Fraction(30, 7), "c": Fraction(30, 7)}
