from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tally.contests import ORDERS, Contest, all_draws, contests
from tests.tally.elections import small
from tests.tally.twins_equal_shares import fans, filled_in, final_run
from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.instance import Instance, Plan, UnknownPlan
from wijkbudget.tally.outcome import Outcome, Tie, Verdict
from wijkbudget.tally.profile import Profile
from wijkbudget.tally.rule import NotForTheseBallots, Totals, Utility
from wijkbudget.tally.ties import CheapestFirst, Lexicographic, LotNeeded, TieOrder

TIES = Lexicographic()
RULES = st.builds(EqualShares, st.sampled_from(Utility), st.sampled_from(Completion), st.sampled_from(StopAt))
CONTESTS = contests(plans=6, points=3, exclusive=False)


def prices(outcome: Outcome) -> dict[str, Fraction | None]:
    return {plan_id: outcome.findings[plan_id].price for plan_id in outcome.funded}


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {plan_id: finding.verdict.value for plan_id, finding in outcome.findings.items()}


def test_supporters_pay_alike_and_a_minority_gets_its_share() -> None:
    # 10 ballots hold 10 each. Six name the park, five of them the hall too, four the bench: hall has more than bench.
    election = small(100, {"park": 60, "hall": 40, "bench": 40}, {"park hall": 5, "park": 1, "bench": 4})
    outcome = EqualShares().count(*election, TIES)
    assert outcome.endowment == 10
    assert outcome.funded == ("park", "bench")
    assert prices(outcome) == {"park": 10, "bench": 10}
    assert outcome.findings["hall"].verdict is Verdict.NOT_AFFORDABLE
    assert outcome.findings["hall"].held == 0
    assert outcome.findings["hall"].short == 40
    assert (outcome.left, outcome.ballots_with_funded) == (0, 10)


def test_a_ballot_pays_no_more_than_it_holds_and_the_others_make_up_for_it() -> None:
    # 4 ballots hold 6 each. a: 3 pay 4 (a dearer plan with as many voters is as cheap for what it gives, and waits).
    # b: one holds 2, one holds 6, one needs (7 - 2) = 5 from the other.
    election = small(24, {"a": 12, "b": 7}, {"a": 2, "a b": 1, "b": 1})
    outcome = EqualShares().count(*election, TIES)
    assert prices(outcome) == {"a": 4, "b": 5}
    assert [(f.rank, f.left_before, f.left_after) for f in outcome.steps] == [(1, 24, 12), (2, 12, 5)]
    assert outcome.left == 5


def test_by_cost_a_dear_plan_with_more_voters_goes_first_and_by_one_the_cheap_plan_does() -> None:
    election = small(12, {"big": 9, "small": 1}, {"big": 3, "small": 1, "": 2})
    assert EqualShares().count(*small(12, {"big": 9, "small": 2}, {"big small": 3, "big": 1}), TIES).funded[0] == "big"
    assert EqualShares(Utility.ONE).count(
        *small(12, {"big": 9, "small": 2}, {"big small": 3, "big": 1}), TIES
    ).funded == (
        "small",
        "big",
    )
    assert verdicts(EqualShares().count(*election, TIES)) == {"small": "funded", "big": "not_affordable"}


def test_points_weigh_what_is_paid() -> None:
    # 2 ballots hold 6 each; 2 points pay twice as much as 1.
    profile = Profile.from_ballots([(("a", 2),), (("a", 1),)])
    outcome = EqualShares().count(Instance(12, (Plan("a", 6),)), profile, TIES)
    assert prices(outcome) == {"a": 2}


def test_a_blank_ballot_holds_its_share_and_buys_nothing() -> None:
    outcome = EqualShares().count(*small(8, {"a": 5}, {"a": 1, "": 1}), TIES)
    assert outcome.endowment == outcome.findings["a"].held == 4
    assert outcome.funded == ()


def test_without_ballots_nothing_is_funded() -> None:
    for completion in Completion:
        outcome = EqualShares(completion=completion).count(*small(8, {"a": 5}, {}), TIES)
        assert (outcome.endowment, outcome.funded, outcome.left) == (None, (), 8)
        assert verdicts(outcome) == {"a": "no_votes"}


def test_a_plan_without_points_is_never_funded_however_much_is_left() -> None:
    for completion in Completion:
        outcome = EqualShares(completion=completion).count(*small(8, {"a": 5, "b": 1}, {"a": 1, "": 1}), TIES)
        assert outcome.findings["b"].verdict is Verdict.NO_VOTES
        assert outcome.findings["b"].held is None


def test_a_plan_dearer_than_the_budget_is_not_affordable() -> None:
    for completion in Completion:
        outcome = EqualShares(completion=completion).count(*small(8, {"a": 9}, {"a": 2}), TIES)
        assert verdicts(outcome) == {"a": "not_affordable"}
        assert outcome.left == 8


def test_without_money_nothing_is_funded() -> None:
    for completion in Completion:
        assert EqualShares(completion=completion).count(*small(0, {"a": 1}, {"a": 2}), TIES).funded == ()


def test_a_withdrawn_plan_takes_no_part_and_its_supporters_keep_their_money() -> None:
    instance, profile = small(10, {"a": 10, "b": 10}, {"a b": 2})
    outcome = EqualShares().count(replace(instance, withdrawn=frozenset("a")), profile, TIES)
    assert verdicts(outcome) == {"b": "funded", "a": "withdrawn"}


def test_plans_that_exclude_each_other_are_refused() -> None:
    instance, profile = small(10, {"a": 10, "b": 10}, {"a b": 2})
    with pytest.raises(NotForTheseBallots, match="exclude"):
        EqualShares().count(replace(instance, exclusive=(frozenset("ab"),)), profile, TIES)


def test_a_ballot_for_a_stranger_is_refused() -> None:
    with pytest.raises(UnknownPlan):
        EqualShares().count(Instance(1, ()), Profile.from_ballots([(("a", 1),)]), TIES)


def test_more_points_than_can_be_added_up_are_refused() -> None:
    profile = Profile.from_groups({(("a", 10**6),): 10**12})
    with pytest.raises(NotForTheseBallots, match="more points"):
        EqualShares().count(Instance(1, (Plan("a", 1),)), profile, TIES)


def test_large_amounts_points_and_numbers_are_counted_exactly() -> None:
    # Each of two million ballots holds half of 1.000.000,000007. Ten thousand points empty the first million; the
    # second million make up for it, and keep exactly the 7 cents that b costs.
    budget = 10**12 + 7
    profile = Profile.from_groups({(("a", 10_000),): 10**6, (("a", 9_999), ("b", 1)): 10**6})
    outcome = EqualShares().count(Instance(budget, (Plan("a", 10**12), Plan("b", 7))), profile, TIES)
    assert prices(outcome) == {"a": Fraction(10**12 - 7, 2 * 9_999 * 10**6), "b": Fraction(7, 10**6)}
    dearer = EqualShares().count(Instance(budget, (Plan("a", 10**12), Plan("b", 8))), profile, TIES)
    assert dearer.funded == ("a",)
    assert dearer.findings["b"].held == 7


def test_equal_plans_go_by_the_tie_order_and_the_tie_is_told() -> None:
    outcome = EqualShares().count(*small(10, {"b": 10, "a": 10}, {"a b": 2}), TIES)
    assert (outcome.funded, outcome.ties) == (("a",), (Tie(("a", "b")),))


def test_a_tie_that_decides_who_is_funded_needs_the_lot() -> None:
    with pytest.raises(LotNeeded, match="a, b"):
        EqualShares().count(*small(10, {"b": 10, "a": 10}, {"a b": 2}), CheapestFirst())


def test_a_tie_that_changes_nothing_needs_no_lot() -> None:
    outcome = EqualShares().count(*small(10, {"b": 5, "a": 5}, {"a b": 2}), CheapestFirst())
    assert (outcome.funded, outcome.lots) == (("a", "b"), ())


def test_what_is_left_is_filled_in_by_points() -> None:
    # 4 ballots hold 5 each: a is bought; b, c and d are not affordable, then b does not fit and c does.
    election = small(20, {"a": 10, "b": 11, "c": 8, "d": 6}, {"a": 2, "b c d": 1, "": 1})
    outcome = EqualShares(completion=Completion.MOST_VOTES).count(*election, TIES)
    assert outcome.funded == ("a", "c")
    assert {f.plan: (f.verdict.value, f.left_before, f.left_after, f.held, f.is_filled_in) for f in outcome.steps} == {
        "a": ("funded", 20, 10, None, False),
        "b": ("not_affordable", 10, 10, 5, False),
        "c": ("funded", 10, 2, 5, True),
        "d": ("not_affordable", 2, 2, 5, False),
    }
    assert outcome.ties == (Tie(("b", "c", "d")),)


def test_one_more_for_every_ballot_until_it_would_cost_too_much() -> None:
    # 4 ballots hold 5 each; a is affordable at 6 (12 of 20); with 9 each the plan b would be too: 21.
    election = small(20, {"a": 12, "b": 9}, {"a": 2, "b": 1, "": 1})
    outcome = EqualShares(completion=Completion.ADD_ONE, stop=StopAt.OVERSPEND).count(*election, TIES)
    assert (outcome.funded, outcome.left) == (("a",), 8)
    assert outcome.endowment == 8
    assert outcome.findings["b"].held == 8


def test_stopping_at_the_first_result_to_which_nothing_can_be_added() -> None:
    election = small(20, {"a": 12, "b": 9}, {"a": 2, "b": 1, "": 1})
    outcome = EqualShares(completion=Completion.ADD_ONE).count(*election, TIES)
    assert outcome.funded == ("a",)
    assert outcome.endowment == 6


def test_adding_goes_by_whole_units_of_the_currency() -> None:
    instance, profile = small(20, {"a": 12, "b": 9}, {"a": 2, "b": 1, "": 1})
    outcome = EqualShares(completion=Completion.ADD_ONE).count(replace(instance, unit=3), profile, TIES)
    assert outcome.endowment == 8


def test_adding_stops_when_everything_with_a_point_is_funded() -> None:
    for stop in StopAt:
        rule = EqualShares(completion=Completion.ADD_ONE, stop=stop)
        outcome = rule.count(*small(100, {"a": 60, "b": 1}, {"a": 1, "": 9}), TIES)
        assert outcome.funded == ("a",)
        assert outcome.endowment == 60


def test_money_in_cents_and_a_hundred_million_steps_are_no_delay() -> None:
    rule = EqualShares(completion=Completion.ADD_ONE, stop=StopAt.OVERSPEND)
    outcome = rule.count(*small(10**9, {"a": 10**9, "b": 10**9}, {"a": 1, "b": 1, "": 8}), TIES)
    assert outcome.funded == ()
    assert outcome.endowment == 10**9 - 1


@settings(max_examples=300, deadline=None)
@given(CONTESTS, RULES, ORDERS)
def test_the_outcome_is_that_of_counting_all_in_fractions(contest: Contest, rule: EqualShares, ties: TieOrder) -> None:
    instance, ballots = contest.instance, contest.ballots
    outcome = rule.count(instance, contest.profile, ties)
    rank = ties.rank(instance.plans, Totals.of(instance, contest.profile).points)
    told = final_run(rule, instance, ballots, rank)
    extra = filled_in(rule, instance, ballots, told, rank)
    assert outcome.funded == (*told.prices, *extra)
    assert outcome.endowment == (told.endowment if ballots else None)
    assert outcome.ties[: len(told.ties)] == tuple(map(Tie, told.ties))
    for finding in outcome.findings.values():
        assert finding.price == told.prices.get(finding.plan)
        assert finding.is_filled_in == (finding.plan in extra)
        if finding.held is not None:
            plan = next(plan for plan in instance.plans if plan.id == finding.plan)
            assert finding.held == sum(told.purses[voter] for voter, _ in fans(plan, ballots))


@settings(max_examples=100, deadline=None)
@given(CONTESTS, RULES, ORDERS)
def test_what_is_paid_is_what_it_costs_and_never_more_than_there_is(
    contest: Contest, rule: EqualShares, ties: TieOrder
) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    assert outcome.spent + outcome.left == contest.instance.budget
    assert outcome.left >= 0
    purses = [outcome.endowment or Fraction() for _ in contest.ballots]
    for finding in outcome.findings.values():
        if finding.price is not None:
            plan = Plan(finding.plan, finding.cost)
            paid = [(voter, min(purses[voter], finding.price * given)) for voter, given in fans(plan, contest.ballots)]
            assert sum(amount for _, amount in paid) == finding.cost
            for voter, amount in paid:
                purses[voter] -= amount


@settings(max_examples=60, deadline=None)
@given(CONTESTS, RULES, st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_plans_leaves_no_trace(contest: Contest, rule: EqualShares, random: Random) -> None:
    ballots, plans = list(contest.ballots), list(contest.instance.plans)
    random.shuffle(ballots)
    random.shuffle(plans)
    shuffled = replace(contest.instance, plans=tuple(plans))
    outcome = rule.count(contest.instance, contest.profile, TIES)
    assert rule.count(shuffled, Profile.from_ballots(ballots), TIES) == outcome


@settings(max_examples=60, deadline=None)
@given(CONTESTS, RULES, st.sampled_from([2, 100, 10**9 + 7]))
def test_money_in_smaller_coins_funds_the_same(contest: Contest, rule: EqualShares, times: int) -> None:
    instance = contest.instance
    scaled = Instance(
        instance.budget * times,
        tuple(Plan(plan.id, plan.cost * times) for plan in instance.plans),
        unit=instance.unit * times,
        withdrawn=instance.withdrawn,
    )
    outcome, other = (rule.count(each, contest.profile, TIES) for each in (instance, scaled))
    assert other.funded == outcome.funded
    assert prices(other) == {plan: price and price * times for plan, price in prices(outcome).items()}


@settings(max_examples=60, deadline=None)
@given(CONTESTS, RULES, st.sampled_from([2, 3, 10**6]))
def test_every_ballot_as_often_again_funds_the_same(contest: Contest, rule: EqualShares, times: int) -> None:
    groups = {ballot: count * times for ballot, count in Counter(tuple(sorted(b)) for b in contest.ballots).items()}
    plain = replace(rule, completion=Completion.NONE)
    outcome = plain.count(contest.instance, contest.profile, TIES)
    assert plain.count(contest.instance, Profile.from_groups(groups), TIES).funded == outcome.funded


@settings(max_examples=100, deadline=None)
@given(contests(plans=4, points=1, exclusive=False), RULES)
def test_a_lot_is_asked_for_exactly_if_it_decides(contest: Contest, rule: EqualShares) -> None:
    results = {frozenset(rule.funded(contest.instance, contest.profile, draw)) for draw in all_draws(contest.instance)}
    try:
        outcome = rule.count(contest.instance, contest.profile, CheapestFirst())
        assert {frozenset(outcome.funded)} == results
    except LotNeeded:
        assert len(results) > 1


@settings(max_examples=100, deadline=None)
@given(CONTESTS, RULES)
def test_the_steps_are_numbered_from_one_on(contest: Contest, rule: EqualShares) -> None:
    steps = rule.count(contest.instance, contest.profile, TIES).steps
    assert [step.rank for step in steps] == list(range(1, len(steps) + 1))


def test_a_plan_that_was_filled_in_comes_after_those_that_were_bought() -> None:
    rule = EqualShares(completion=Completion.MOST_VOTES)
    outcome = rule.count(*small(10, {"a": 4, "b": 6}, {"a": 3, "b": 1}), TIES)
    assert [(step.plan, step.rank, step.is_filled_in) for step in outcome.steps] == [("a", 1, False), ("b", 2, True)]


def test_two_plans_that_stood_equal_when_the_rest_was_given_away_are_a_tie() -> None:
    rule = EqualShares(completion=Completion.MOST_VOTES)
    outcome = rule.count(*small(10, {"a": 5, "b": 4, "c": 4}, {"a": 3, "b": 1, "c": 1}), TIES)
    assert (outcome.funded, outcome.ties) == (("a", "b"), (Tie(("b", "c")),))


def test_plans_with_different_votes_are_no_tie_when_the_rest_is_given_away() -> None:
    rule = EqualShares(completion=Completion.MOST_VOTES)
    outcome = rule.count(*small(12, {"a": 7, "b": 5, "c": 4}, {"a": 4, "b": 2, "c": 1}), TIES)
    assert [step.plan for step in outcome.steps if step.is_filled_in] == ["a", "b"]
    assert outcome.ties == ()
