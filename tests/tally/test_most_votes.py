import dataclasses
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tally.elections import Small, elections, small
from wijkbudget.tally.instance import Instance, Plan, Profile, UnknownPlan, approval
from wijkbudget.tally.most_votes import RULE, most_votes
from wijkbudget.tally.outcome import Outcome, Tie, Verdict
from wijkbudget.tally.ties import CheapestFirst, Lexicographic, Lot, LotNeeded, TieOrder

LOT = CheapestFirst(Lot("seed", "round"))
ORDERS = st.sampled_from([LOT, CheapestFirst(Lot("other", "round")), Lexicographic()])


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {plan_id: finding.verdict.value for plan_id, finding in outcome.findings.items()}


def lacked(outcome: Outcome) -> dict[str, int | None]:
    return {plan_id: finding.lacked for plan_id, finding in outcome.findings.items()}


def test_a_plan_that_does_not_fit_is_skipped_and_a_later_one_that_fits_is_funded() -> None:
    election = small(100, {"park": 60, "hall": 50, "bench": 40}, {"park": 9, "hall": 7, "bench": 2})
    outcome = most_votes(*election, ties=CheapestFirst())
    assert outcome.rule == RULE
    assert outcome.funded == ("park", "bench")
    assert outcome.left == 0
    assert verdicts(outcome) == {"park": "funded", "hall": "does_not_fit", "bench": "funded"}
    assert lacked(outcome) == {"park": None, "hall": 2, "bench": None}


def test_without_votes_nothing_is_funded_however_much_money_is_left() -> None:
    outcome = most_votes(*small(100, {"a": 1, "b": 1}, {"a": 1, "": 5}), ties=CheapestFirst())
    assert outcome.funded == ("a",)
    assert outcome.left == 99
    assert (outcome.ballots, outcome.ballots_with_funded) == (6, 1)
    assert outcome.findings["b"].verdict is Verdict.NO_VOTES
    assert outcome.findings["b"].rank is None
    assert outcome.findings["b"].lacked == 1


def test_no_ballots_fund_nothing() -> None:
    outcome = most_votes(*small(10, {"a": 1, "b": 11}, {}), ties=CheapestFirst())
    assert (outcome.funded, outcome.left, outcome.ballots, outcome.steps) == ((), 10, 0, ())
    assert lacked(outcome) == {"a": 1, "b": None}


def test_no_plans_leave_the_budget() -> None:
    outcome = most_votes(*small(10, {}, {"": 2}), ties=CheapestFirst())
    assert (outcome.funded, outcome.left, outcome.findings) == ((), 10, {})


def test_a_plan_dearer_than_the_budget_never_fits_and_takes_nothing_from_the_others() -> None:
    outcome = most_votes(*small(10, {"a": 11, "b": 10}, {"a": 9, "b": 1}), ties=CheapestFirst())
    assert outcome.funded == ("b",)
    assert outcome.findings["a"].verdict is Verdict.DOES_NOT_FIT
    assert outcome.findings["a"].lacked is None


def test_a_plan_that_costs_exactly_what_is_left_fits() -> None:
    assert most_votes(*small(10, {"a": 10}, {"a": 1}), ties=CheapestFirst()).left == 0


def test_a_withdrawn_plan_is_passed_over_and_its_ballots_stay_valid() -> None:
    election = small(10, {"a": 10, "b": 10}, {"a b": 2, "a": 5})
    outcome = most_votes(*election, ties=CheapestFirst(), withdrawn=frozenset("a"))
    assert outcome.funded == ("b",)
    assert outcome.ballots == 7
    finding = outcome.findings["a"]
    assert (finding.verdict, finding.votes, finding.rank, finding.lacked) == (Verdict.WITHDRAWN, 7, None, None)


def test_among_equal_votes_the_cheapest_goes_first_and_needs_no_lot() -> None:
    outcome = most_votes(*small(10, {"a": 9, "b": 8}, {"a b": 3}), ties=CheapestFirst())
    assert outcome.funded == ("b",)
    assert outcome.ties == (Tie(3, ("b", "a")),)
    assert outcome.lots == ()
    assert lacked(outcome) == {"b": None, "a": 1}


def test_a_plan_that_would_win_the_tie_lacks_no_more_than_the_tie() -> None:
    election = small(10, {"a": 9, "b": 8}, {"a": 5, "b": 3})
    assert most_votes(*election, ties=CheapestFirst()).findings["b"].lacked == 2


def test_counting_waits_for_a_lot_that_changes_who_is_funded() -> None:
    election = small(5, {"b": 2, "a": 2, "c": 2, "d": 5}, {"a b c": 3, "d": 1})
    with pytest.raises(LotNeeded) as needed:
        most_votes(*election, ties=CheapestFirst())
    assert needed.value.groups == (("a", "b", "c"),)
    outcome = most_votes(*election, ties=LOT)
    assert sorted(outcome.lots[0]) == ["a", "b", "c"]
    assert outcome.funded == outcome.lots[0][:2]
    assert LOT.lot is not None
    assert list(outcome.lots[0]) == sorted("abc", key=LOT.lot.number)


@pytest.mark.parametrize("budget", [6, 7, 1])
def test_a_tie_of_which_all_or_none_are_funded_needs_no_lot(budget: int) -> None:
    outcome = most_votes(*small(budget, {"a": 2, "b": 2, "c": 2}, {"a b c": 3}), ties=CheapestFirst())
    assert not outcome.is_lot_needed
    assert [tie.plans for tie in outcome.ties] == [("a", "b", "c")]


def test_withdrawn_plans_tie_with_nobody() -> None:
    outcome = most_votes(*small(2, {"a": 2, "b": 2}, {"a b": 3}), ties=CheapestFirst(), withdrawn=frozenset("a"))
    assert (outcome.funded, outcome.ties) == (("b",), ())


def test_a_ballot_or_a_withdrawal_that_names_a_stranger_is_refused() -> None:
    with pytest.raises(UnknownPlan, match="'x'"):
        most_votes(*small(2, {"a": 2}, {"a x": 3}), ties=CheapestFirst())
    with pytest.raises(UnknownPlan, match="'y'"):
        most_votes(*small(2, {"a": 2}, {"a": 3}), ties=CheapestFirst(), withdrawn=frozenset("y"))


@given(elections(), ORDERS)
def test_the_money_always_adds_up(election: Small, ties: TieOrder) -> None:
    outcome = most_votes(*election, ties=ties)
    spent = sum(outcome.findings[plan_id].cost for plan_id in outcome.funded)
    assert outcome.left == outcome.budget - spent >= 0
    for earlier, later in zip(outcome.steps, outcome.steps[1:], strict=False):
        assert earlier.left_after == later.left_before
        assert earlier.votes >= later.votes


@given(elections(), ORDERS, st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_plans_is_irrelevant(election: Small, ties: TieOrder, random: Random) -> None:
    plans, groups = list(election.instance.plans), list(election.profile.groups.items())
    random.shuffle(plans)
    random.shuffle(groups)
    shuffled = most_votes(Instance(election.instance.budget, tuple(plans)), Profile(dict(groups)), ties=ties)
    assert shuffled == most_votes(*election, ties=ties)


@given(elections(), ORDERS, st.integers(1, 1000), st.integers(1, 1000))
def test_another_currency_or_more_of_the_same_ballots_fund_the_same(
    election: Small, ties: TieOrder, money: int, times: int
) -> None:
    plans = tuple(Plan(plan.id, plan.cost * money) for plan in election.instance.plans)
    instance = Instance(election.instance.budget * money, plans)
    profile = Profile({ballot: count * times for ballot, count in election.profile.groups.items()})
    scaled, outcome = most_votes(instance, profile, ties=ties), most_votes(*election, ties=ties)
    assert (scaled.funded, scaled.left, scaled.lots) == (outcome.funded, outcome.left * money, outcome.lots)
    assert verdicts(scaled) == verdicts(outcome)


@given(elections(), ORDERS)
def test_every_plan_has_a_finding_that_tells_the_truth(election: Small, ties: TieOrder) -> None:
    outcome = most_votes(*election, ties=ties)
    votes = election.profile.points()
    assert outcome.findings.keys() == election.instance.ids
    for plan in election.instance.plans:
        finding = outcome.findings[plan.id]
        assert (finding.plan, finding.votes, finding.cost) == (plan.id, votes.get(plan.id, 0), plan.cost)
        assert (finding.verdict is Verdict.FUNDED) == (plan.id in outcome.funded)
        assert (finding.verdict is Verdict.NO_VOTES) == (finding.votes == 0)
        if finding.verdict is Verdict.DOES_NOT_FIT:
            assert finding.left_before is not None
            assert finding.left_before < plan.cost


@given(elections(), ORDERS)
def test_lacked_is_exactly_the_least_number_of_further_ballots_that_funds(election: Small, ties: TieOrder) -> None:
    outcome = most_votes(*election, ties=ties)
    for plan_id, finding in outcome.findings.items():
        expected = None if finding.verdict is Verdict.FUNDED else least_that_funds(election, plan_id, ties)
        assert finding.lacked == expected


def least_that_funds(election: Small, plan_id: str, ties: TieOrder) -> int | None:
    """By trying: one more ballot that names only this plan, two more … until it has more votes than any other."""
    for more in range(1, election.profile.ballots + 2):
        groups = dict(election.profile.groups)
        groups[approval([plan_id])] = groups.get(approval([plan_id]), 0) + more
        if plan_id in most_votes(election.instance, Profile(groups), ties=ties).funded:
            return more
    return None


@given(elections())
def test_a_lot_is_needed_exactly_if_two_lots_could_fund_different_plans(election: Small) -> None:
    outcomes = [most_votes(*election, ties=CheapestFirst(Lot(str(seed), "r"))) for seed in range(30)]
    funded = {frozenset(outcome.funded) for outcome in outcomes}
    try:
        waiting = most_votes(*election, ties=CheapestFirst())
    except LotNeeded:
        assert all(outcome.is_lot_needed for outcome in outcomes)
        assert len(funded) > 1
    else:
        assert not any(outcome.is_lot_needed for outcome in outcomes)
        assert funded == {frozenset(waiting.funded)}


@given(elections())
def test_without_a_lot_lacked_is_enough_whatever_lot_is_drawn(election: Small) -> None:
    try:
        waiting = most_votes(*election, ties=CheapestFirst())
    except LotNeeded:
        return
    drawn = most_votes(*election, ties=LOT)
    assert dataclasses.replace(drawn, findings={}, lot=None, funded=(), ties=()) == dataclasses.replace(
        waiting, findings={}, funded=(), ties=()
    )
    for plan_id, finding in waiting.findings.items():
        assert (finding.lacked is None) == (drawn.findings[plan_id].lacked is None)
        assert (finding.lacked or 0) >= (drawn.findings[plan_id].lacked or 0)


def test_thousands_of_plans_are_counted_at_once() -> None:
    costs = {f"{number:05}": 1 + number % 97 for number in range(20_000)}
    profile = Profile.from_ballots(approval([plan_id]) for plan_id in costs for _ in range(int(plan_id) % 7))
    instance = Instance(100_000, tuple(Plan(plan_id, cost) for plan_id, cost in costs.items()))
    outcome = most_votes(instance, profile, ties=LOT)
    assert outcome.left < 97
    assert sum(finding.verdict is Verdict.NO_VOTES for finding in outcome.findings.values()) == 2858
