from fractions import Fraction
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tally.contests import Contest, contests
from tests.tally.elections import small
from wijkbudget.tally.course import Market
from wijkbudget.tally.rule import Utility
from wijkbudget.tally.spans import Span


@settings(max_examples=150, deadline=None)
@given(contests(plans=4, exclusive=False), st.sampled_from(Utility), st.integers(0, 30), st.integers(0, 20))
def test_what_a_span_says_is_bought_is_bought_from_every_endowment_in_it_by_every_tie_order(
    contest: Contest, utility: Utility, first: int, width: int
) -> None:
    market = Market.of(contest.instance, contest.profile, utility)
    start, end = Fraction(first, 4), Fraction(first + width, 4)
    funded = Span(market, start, end).funded()
    if funded is None:
        return
    for order in permutations(contest.instance.costs):
        rank = {plan_id: place for place, plan_id in enumerate(order)}
        for eighths in range(2 * first, 2 * (first + width) + 1):
            assert market.course(Fraction(eighths, 8), rank).prices.keys() == funded


def test_a_span_of_one_endowment_is_sure_where_nothing_is_equal() -> None:
    market = Market.of(*small(40, {"a": 10, "b": 9, "c": 99}, {"a": 3, "b": 2, "c": 1}), Utility.COST)
    assert Span(market, Fraction(20, 3), Fraction(20, 3)).funded() == frozenset("ab")


def test_a_span_in_which_a_plan_becomes_affordable_is_not_sure() -> None:
    market = Market.of(*small(40, {"a": 10}, {"a": 1}), Utility.COST)
    assert Span(market, Fraction(9), Fraction(11)).funded() is None
    assert Span(market, Fraction(1), Fraction(9)).funded() == frozenset()
    assert Span(market, Fraction(11), Fraction(10**9)).funded() == frozenset("a")


def test_equal_plans_that_are_bought_in_any_order_do_not_make_a_span_unsure() -> None:
    market = Market.of(*small(40, {"a": 10, "b": 10}, {"a b": 1, "a": 1, "b": 1}), Utility.COST)
    assert Span(market, Fraction(21, 2), Fraction(30)).funded() == frozenset("ab")


def test_equal_plans_of_which_only_one_can_be_bought_do() -> None:
    market = Market.of(*small(40, {"a": 10, "b": 10}, {"a b": 2}), Utility.COST)
    assert Span(market, Fraction(6), Fraction(7)).funded() is None
