from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tally.contests import Contest, contests
from tests.tally.elections import small
from wijkbudget.tally import completion
from wijkbudget.tally.completion import Completion, Increments, StopAt, Stride, TooManyIncrements
from wijkbudget.tally.course import Market
from wijkbudget.tally.rule import Utility


def test_each_completion_says_what_it_does() -> None:
    assert [(each.adds_one, each.takes_turns) for each in Completion] == [
        (False, False),
        (False, True),
        (True, False),
        (True, True),
    ]


@settings(max_examples=100, deadline=None)
@given(contests(plans=5, exclusive=False), st.sampled_from(Utility), st.sampled_from(StopAt), st.integers(1, 3))
def test_in_spans_or_one_by_one_the_same_course_counts(
    contest: Contest, utility: Utility, stop: StopAt, unit: int
) -> None:
    rank = {plan_id: place for place, plan_id in enumerate(sorted(contest.instance.costs))}
    start = Fraction(contest.instance.budget, max(1, contest.profile.ballots))
    courses = [
        Increments(Market.of(contest.instance, contest.profile, utility, caution), rank, start, unit, stop).final()
        for caution in (1.0, 2.0**60)
    ]
    assert courses[0].purses.endowment == courses[1].purses.endowment
    assert courses[0].prices == courses[1].prices


def test_ties_on_the_way_are_told_even_if_the_course_that_counts_has_none() -> None:
    # With 5 or 6 each, a and b wait for a tie of which one is bought; with 10 both are, for more than there is.
    market = Market.of(*small(10, {"a": 10, "b": 10}, {"a b": 2}), Utility.COST)
    increments = Increments(market, {"a": 0, "b": 1}, Fraction(5), 1, StopAt.OVERSPEND)
    assert list(increments.final().prices) == ["a"]
    assert increments.ties


def test_ties_of_one_course_are_not_forgotten_in_the_next() -> None:
    increments = Increments(
        Market.of(*small(10, {"a": 10, "b": 10}, {"a b": 2}), Utility.COST),
        {"a": 0, "b": 1}, Fraction(0), 1, StopAt.OVERSPEND,
    )  # fmt: skip
    met = increments.course(5).ties
    assert increments.course(0).ties == []
    assert increments.ties == met != []


def test_a_stride_grows_with_success_and_shrinks_with_failure() -> None:
    stride = Stride()
    for _ in range(20):
        stride.learn(is_too_wide=False)
    assert stride.width > 20
    for _ in range(20):
        stride.learn(is_too_wide=True)
    assert stride.width == 1


def test_a_stride_that_cannot_grow_seldom_tries() -> None:
    stride, tries = Stride(), 0
    for _ in range(200):
        tries += stride.width > 1
        stride.learn(is_too_wide=stride.width > 1)
    assert tries < 15


def test_after_a_failed_attempt_a_stride_is_as_wide_as_before_and_waits_twice_as_long() -> None:
    stride = Stride()
    while stride.width < 8:
        stride.learn(is_too_wide=False)
    before = stride.last
    stride.learn(is_too_wide=True)
    assert (stride.width, stride.last, stride.patience) == (before, before, 2)
    stride.learn(is_too_wide=True)
    assert (stride.width, stride.last, stride.patience) == (before // 2, before // 2, 2)


def test_one_more_is_added_as_long_as_a_plan_that_costs_just_what_is_left_can_be_had() -> None:
    """With 2 each a is bought for 1, which leaves the 3 that b costs; with 3 each b is bought too."""
    instance, profile = small(4, {"a": 1, "b": 3}, {"a": 1, "b": 1})
    market = Market.of(instance, profile, Utility.COST)
    course = Increments(market, {"a": 0, "b": 1}, Fraction(2), 1, StopAt.EXHAUSTIVE).final()
    assert (set(course.prices), course.purses.endowment) == ({"a", "b"}, Fraction(3))


def test_adding_that_comes_to_no_end_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred more are added before b can be had: in fewer looks than that, or in as few as are allowed not."""
    instance, profile = small(200, {"a": 1, "b": 150}, {"a": 1, "b": 1, "": 8})
    increments = Increments(
        Market.of(instance, profile, Utility.COST), {"a": 0, "b": 1}, Fraction(20), 1, StopAt.EXHAUSTIVE
    )
    assert set(increments.final().prices) == {"a", "b"}
    monkeypatch.setattr(completion, "MOST_SPANS", 3)
    with pytest.raises(TooManyIncrements, match="no end after 3 looks"):
        increments.final()


def test_a_stride_learns_how_many_successes_to_wait_for_before_it_tries_more() -> None:
    stride, seen = Stride(), []
    for outcome in "++-++-+++++-":
        stride.learn(is_too_wide=outcome == "-")
        seen.append((outcome, stride.width, stride.last, stride.successes, stride.patience))
    assert seen == [
        ("+", 2, 1, 0, 1),
        ("+", 3, 2, 0, 1),
        ("-", 2, 2, 0, 2),
        ("+", 2, 2, 1, 2),
        ("+", 3, 2, 0, 2),
        ("-", 2, 2, 0, 4),
        ("+", 2, 2, 1, 4),
        ("+", 2, 2, 2, 4),
        ("+", 2, 2, 3, 4),
        ("+", 3, 2, 0, 4),
        ("+", 3, 3, 1, 2),
        ("-", 1, 1, 0, 2),
    ]


def test_a_wide_stride_grows_by_a_quarter() -> None:
    stride = Stride(width=8, last=8)
    stride.learn(is_too_wide=False)
    assert stride == Stride(width=11, last=8)
