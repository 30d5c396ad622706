"""Best value: hand-counted, against every possible set, against pabutools, and what may never happen."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import process_time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pabutools.election import Cardinality_Sat, Cost_Sat
from pabutools.rules import max_additive_utilitarian_welfare

from tests.tally.contests import LOT, ORDERS, Contest, all_draws, cast, contests
from tests.tally.elections import real_election
from tests.tally.neighbours import SMALL_ELECTIONS, for_pabutools
from tests.tally.twins_best_value import best_of_all
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.counting import rule_of
from wijkbudget.tally.instance import Instance, Plan, UnknownPlan
from wijkbudget.tally.knapsack import TooMuchToCount
from wijkbudget.tally.outcome import Outcome, Tie, Verdict
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.profile import Profile, approval
from wijkbudget.tally.rule import NotForTheseBallots, Utility
from wijkbudget.tally.ties import Cheapest, CheapestFirst, Dearest, Lexicographic, LotNeeded, TieOrder
from wijkbudget.tally.turns import BadSettings

ONE, COST = BestValue(Utility.ONE), BestValue(Utility.COST)
RULES = st.sampled_from([ONE, COST])
choices = contests(plans=6, exclusive=False)


def counted(
    budget: int,
    costs: Mapping[str, int],
    points: Mapping[str, int],
    rule: BestValue = ONE,
    ties: TieOrder | None = None,
) -> Outcome:
    """The outcome of an election in which plans got these points."""
    return rule.count(Instance(budget, tuple(Plan(*item) for item in costs.items())), cast(points), ties or LOT)


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {plan_id: finding.verdict.value for plan_id, finding in outcome.findings.items()}


def needed(outcome: Outcome) -> dict[str, int | None]:
    return {plan_id: finding.needed for plan_id, finding in outcome.findings.items()}


# By hand.


def test_two_plans_that_are_worth_more_together_go_before_the_one_with_most_points() -> None:
    outcome = counted(100, {"park": 60, "hall": 50, "bench": 40}, {"park": 9, "hall": 7, "bench": 5})
    assert (outcome.rule, outcome.settings) == ("best-value", {"utility": "one"})
    assert outcome.funded == ("park", "bench")
    outcome = counted(100, {"park": 70, "hall": 50, "bench": 40}, {"park": 9, "hall": 7, "bench": 5})
    assert outcome.funded == ("hall", "bench")
    assert verdicts(outcome) == {"hall": "funded", "bench": "funded", "park": "less_together"}
    assert [(found.plan, found.rank, found.left_before, found.left_after) for found in outcome.steps] == [
        ("hall", 1, 100, 50),
        ("bench", 2, 50, 10),
    ]
    assert (outcome.left, outcome.spent, outcome.points_funded, outcome.ties) == (10, 90, 12, ())


def test_what_a_plan_lacked_and_what_it_had_to_spare_is_told() -> None:
    """park with 12 equals hall and bench, but bench, the cheapest, goes first: so park needs 13, and they need 9."""
    outcome = counted(100, {"park": 70, "hall": 50, "bench": 40}, {"park": 9, "hall": 7, "bench": 5})
    assert needed(outcome) == {"park": 13, "hall": 4, "bench": 2}
    assert (outcome.findings["park"].lacked, outcome.findings["hall"].spare) == (4, 3)


def test_points_times_cost_can_be_what_counts() -> None:
    costs, points = {"dear": 90, "fair": 50, "cheap": 40}, {"dear": 6, "fair": 4, "cheap": 5}
    assert counted(100, costs, points).funded == ("cheap", "fair")
    outcome = counted(100, costs, points, COST)
    assert outcome.funded == ("dear",)
    assert needed(outcome) == {"dear": 5, "fair": 7, "cheap": 9}


def test_among_equals_the_first_in_the_tie_order_is_kept_whenever_the_best_stays_within_reach() -> None:
    """6 points: a and d, b and c, or e alone; the cheapest is a."""
    costs, points = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, {"a": 1, "b": 2, "c": 4, "d": 5, "e": 6}
    outcome = counted(5, costs, points)
    assert outcome.funded == ("d", "a")
    assert outcome.ties == (Tie(("a", "b", "c", "d", "e")),)
    assert counted(5, costs, points, ties=Dearest()).funded == ("e",)


def test_plans_with_equal_cost_and_points_wait_for_the_lot_only_if_not_all_can_be_funded() -> None:
    costs, points = {"a": 4, "b": 4}, {"a": 2, "b": 2}
    assert counted(8, costs, points, ties=CheapestFirst()).funded == ("a", "b")
    with pytest.raises(LotNeeded, match="among: a, b"):
        counted(7, costs, points, ties=CheapestFirst())
    assert len(counted(7, costs, points).lots) == 1


def test_a_plan_dearer_than_the_budget_is_told_so_and_no_number_of_points_would_do() -> None:
    outcome = counted(5, {"a": 6, "b": 5, "c": 1}, {"a": 9, "b": 1})
    assert verdicts(outcome) == {"b": "funded", "a": "does_not_fit", "c": "no_votes"}
    assert needed(outcome) == {"b": 1, "a": None, "c": 1}


def test_a_withdrawn_plan_takes_no_part() -> None:
    instance = Instance(5, (Plan("a", 5), Plan("b", 5)), withdrawn=frozenset("a"))
    outcome = ONE.count(instance, cast({"a": 9, "b": 1}), LOT)
    assert outcome.funded == ("b",)
    assert outcome.findings["a"].verdict is Verdict.WITHDRAWN
    assert needed(outcome) == {"b": 1, "a": None}


@pytest.mark.parametrize("costs", [{}, {"a": 10, "b": 60}])
@pytest.mark.parametrize("rule", [ONE, COST])
def test_without_ballots_nothing_is_funded(rule: BestValue, costs: Mapping[str, int]) -> None:
    outcome = counted(50, costs, {}, rule)
    assert (outcome.funded, outcome.left, outcome.ties) == ((), 50, ())
    assert set(verdicts(outcome).values()) <= {"no_votes"}


def test_without_money_nothing_is_funded() -> None:
    assert verdicts(counted(0, {"a": 1}, {"a": 1})) == {"a": "does_not_fit"}


# What it refuses.


def test_it_takes_any_points() -> None:
    assert ONE.takes(is_approval=False)


def test_it_refuses_plans_that_exclude_each_other() -> None:
    instance = Instance(5, (Plan("a", 1), Plan("b", 1)), exclusive=(frozenset("ab"),))
    with pytest.raises(NotForTheseBallots, match="exclude each other"):
        ONE.count(instance, cast({}), LOT)


def test_it_refuses_a_plan_that_takes_no_part() -> None:
    with pytest.raises(UnknownPlan, match="'b'"):
        ONE.count(Instance(5, (Plan("a", 1),)), Profile.from_ballots([approval("b")]), LOT)


def test_it_refuses_amounts_that_do_not_fit_64_bits() -> None:
    with pytest.raises(TooMuchToCount):
        counted(2**62, {"a": 2**61, "b": 2**61 - 1, "c": 1}, {"a": 1, "b": 1, "c": 1})
    assert counted(2**62, {"a": 2**61, "b": 2**61 - 1}, {"a": 1, "b": 1}).left == 1


def test_its_setting_is_read_from_words() -> None:
    assert rule_of("best-value", {"utility": "cost"}) == COST
    with pytest.raises(BadSettings):
        rule_of("best-value", {"utility": "none"})


# Against others.


@settings(max_examples=500, deadline=None)
@given(contest=choices, rule=RULES, ties=ORDERS)
def test_it_is_the_best_of_all_sets(contest: Contest, rule: BestValue, ties: TieOrder) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    _, winners, best = best_of_all(rule.utility, contest.instance, contest.points, ties)
    assert frozenset(outcome.funded) == winners
    rank = ties.rank(contest.instance.plans, contest.points)
    contested = frozenset[str]().union(*best) - best[0].intersection(*best)
    assert outcome.ties == ((Tie(tuple(sorted(contested, key=rank.__getitem__))),) if contested else ())


@settings(max_examples=200, deadline=None)
@given(contest=contests(plans=5, exclusive=False), rule=RULES, ties=ORDERS)
def test_what_a_plan_needed_is_what_counting_again_finds(contest: Contest, rule: BestValue, ties: TieOrder) -> None:
    def is_funded(plan_id: str, points: int) -> bool:
        return plan_id in best_of_all(rule.utility, contest.instance, {**contest.points, plan_id: points}, ties)[1]

    outcome = rule.count(contest.instance, contest.profile, ties)
    for plan_id, least in needed(outcome).items():
        enough = [points for points in range(80) if is_funded(plan_id, points)]
        assert least == (enough[0] if enough else None)
        assert enough == list(range(least, 80)) if least else not enough


@settings(max_examples=150, deadline=None)
@given(contest=contests(plans=4, exclusive=False, withdrawn=False), rule=RULES)
def test_with_what_a_plan_needed_no_undrawn_lot_can_take_it_away(contest: Contest, rule: BestValue) -> None:
    try:
        outcome = rule.count(contest.instance, contest.profile, CheapestFirst())
    except LotNeeded:
        assume(False)
    draws = list(all_draws(contest.instance))

    def is_safe(plan_id: str, points: int) -> bool:
        more = {**contest.points, plan_id: points}
        return all(plan_id in best_of_all(rule.utility, contest.instance, more, draw)[1] for draw in draws)

    for plan_id, least in needed(outcome).items():
        if least is not None:
            assert is_safe(plan_id, least)
            assert not is_safe(plan_id, least - 1)


@pytest.mark.oracle
@settings(max_examples=200, deadline=None)
@given(contest=contests(plans=7, points=1, exclusive=False), rule=RULES)
def test_its_total_is_that_of_pabutools(contest: Contest, rule: BestValue) -> None:
    assert_equal_total(contest.instance, contest.profile, rule)


@pytest.mark.oracle
@pytest.mark.parametrize("name", SMALL_ELECTIONS)
@pytest.mark.parametrize("rule", [ONE, COST])
def test_its_total_is_that_of_pabutools_in_real_elections(name: str, rule: BestValue) -> None:
    election = read_election(real_election(name))
    assert_equal_total(election.instance, election.profile, rule)


def assert_equal_total(instance: Instance, profile: Profile, rule: BestValue) -> None:
    outcome = rule.count(instance, profile, Lexicographic())
    measure = Cost_Sat if rule.utility is Utility.COST else Cardinality_Sat
    election, ballots = for_pabutools(instance, profile)
    # without plans it comes to an IndexError
    theirs = max_additive_utilitarian_welfare(election, ballots, sat_class=measure) if election else []
    worth = {
        plan_id: finding.points * (finding.cost if rule.utility is Utility.COST else 1)
        for plan_id, finding in outcome.findings.items()
    }
    assert sum(worth[plan_id] for plan_id in outcome.funded) == sum(worth[project.name] for project in theirs)


# What always holds.


@settings(max_examples=120, deadline=None)
@given(contest=choices, rule=RULES, ties=ORDERS, data=st.data())
def test_the_order_of_ballots_and_plans_means_nothing(
    contest: Contest, rule: BestValue, ties: TieOrder, data: st.DataObject
) -> None:
    other = Contest(
        replace(contest.instance, plans=tuple(data.draw(st.permutations(contest.instance.plans)))),
        tuple(data.draw(st.permutations(contest.ballots))),
    )
    ours, theirs = (rule.count(one.instance, one.profile, ties) for one in (contest, other))
    assert ours == theirs


@settings(max_examples=120, deadline=None)
@given(contest=choices, rule=RULES, ties=ORDERS, factor=st.integers(2, 7))
def test_money_in_other_units_and_every_ballot_more_often_change_no_winner(
    contest: Contest, rule: BestValue, ties: TieOrder, factor: int
) -> None:
    plans = tuple(Plan(plan.id, plan.cost * factor) for plan in contest.instance.plans)
    richer = replace(contest.instance, budget=contest.instance.budget * factor, plans=plans)
    funded = rule.count(contest.instance, contest.profile, ties).funded
    assert rule.count(richer, contest.profile, ties).funded == funded
    more = Contest(contest.instance, contest.ballots * factor)
    assert rule.count(contest.instance, more.profile, ties).funded == funded


@settings(max_examples=120, deadline=None)
@given(contest=choices, rule=RULES, ties=ORDERS, more=st.integers(1, 5), data=st.data())
def test_it_spends_no_more_than_there_is_and_a_funded_plan_with_more_points_stays_funded(
    contest: Contest, rule: BestValue, ties: TieOrder, more: int, data: st.DataObject
) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    assert 0 <= outcome.left == contest.instance.budget - outcome.spent
    for finding in outcome.findings.values():
        assert finding.spare is None or finding.spare >= 0
        assert finding.lacked is None or finding.lacked > 0
    assume(outcome.funded)
    plan_id = data.draw(st.sampled_from(outcome.funded))
    louder = Contest(contest.instance, (*contest.ballots, ((plan_id, more),)))
    assert plan_id in rule.count(contest.instance, louder.profile, ties).funded


# The lot.


@settings(max_examples=120, deadline=None)
@given(contest=contests(plans=4, points=2, exclusive=False, withdrawn=False), rule=RULES)
def test_a_lot_is_asked_for_exactly_if_it_changes_who_is_funded(contest: Contest, rule: BestValue) -> None:
    draws = all_draws(contest.instance)
    results = {frozenset(rule.count(contest.instance, contest.profile, draw).funded) for draw in draws}
    if len(results) == 1:
        undrawn = rule.count(contest.instance, contest.profile, CheapestFirst())
        assert {frozenset(undrawn.funded)} == results
        assert not undrawn.lots
    else:
        with pytest.raises(LotNeeded):
            rule.count(contest.instance, contest.profile, CheapestFirst())


# Speed.


@pytest.mark.oracle
def test_a_large_real_election_takes_less_than_a_second() -> None:
    election = read_election(real_election("Poland_Lodz_2022.pb"))
    instance, profile = election.instance, election.profile
    assert spent(lambda: ONE.count(instance, profile, LOT)) < 1
    assert spent(lambda: COST.count(instance, profile, LOT)) < 1


def spent(count: Callable[[], object]) -> float:
    """The processor time of one count."""
    start = process_time()
    count()
    return process_time() - start


def test_equal_sets_are_told_apart_by_the_first_plan_in_the_tie_order_and_not_by_the_first_name() -> None:
    """With 5 points for a, a and d are worth as much as b and c; d is the cheapest of the four."""
    costs, points = {"a": 3, "b": 2, "c": 2, "d": 1}, {"a": 3, "b": 3, "c": 3, "d": 1}
    assert needed(counted(4, costs, points, ties=Cheapest()))["a"] == 5
    assert counted(4, costs, points | {"a": 5}, ties=Cheapest()).funded == ("a", "d")
