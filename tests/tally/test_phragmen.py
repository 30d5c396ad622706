"""Phragmén: hand-counted, against a plain twin, against pabutools and abcvoting, and what may never happen."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from random import Random
from time import process_time

import pytest
from abcvoting import abcrules
from abcvoting.preferences import Profile as Seats
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pabutools.rules import sequential_phragmen

from tests.tally.contests import ORDERS, Contest, all_draws, contests
from tests.tally.elections import real_election, small
from tests.tally.neighbours import SMALL_ELECTIONS, for_pabutools, rows
from tests.tally.twins_phragmen import story
from wijkbudget.tally.counting import rule_of
from wijkbudget.tally.instance import Instance, Plan, UnknownPlan
from wijkbudget.tally.outcome import Outcome, Tie, Verdict
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.phragmen import Phragmen
from wijkbudget.tally.profile import Profile, approval
from wijkbudget.tally.rule import NotForTheseBallots, Totals
from wijkbudget.tally.ties import Cheapest, CheapestFirst, Dearest, Lexicographic, LotNeeded, TieOrder
from wijkbudget.tally.turns import BadSettings, Misfit

RULES = st.sampled_from([Phragmen(), Phragmen(Misfit.SKIP)])
approvals = contests(plans=6, points=1, exclusive=False)


def counted(
    budget: int,
    costs: Mapping[str, int],
    ballots: Mapping[str, int],
    misfit: Misfit = Misfit.STOP,
    ties: TieOrder | None = None,
) -> Outcome:
    """The outcome of ballots written as 'ab' (blank as '') with how often each was cast."""
    instance = Instance(budget, tuple(Plan(*item) for item in costs.items()))
    profile = Profile.from_groups({approval(names): times for names, times in ballots.items()})
    return Phragmen(misfit).count(instance, profile, ties or Lexicographic())


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {plan_id: finding.verdict.value for plan_id, finding in outcome.findings.items()}


def prices(outcome: Outcome) -> dict[str, Fraction | None]:
    return {plan_id: outcome.findings[plan_id].price for plan_id in outcome.funded}


# By hand.


def test_supporters_buy_as_soon_as_they_hold_the_cost_and_begin_again() -> None:
    """a comes up at 60/3 = 20; b's two fans then hold 20 + 0 of 44: b at 20 + 24/2 = 32; c's one fan then holds 32."""
    outcome = counted(140, {"a": 60, "b": 44, "c": 35}, {"a": 2, "ab": 1, "b": 1, "c": 1})
    assert (outcome.rule, outcome.settings) == ("phragmen", {"misfit": "stop"})
    assert outcome.funded == ("a", "b", "c")
    assert prices(outcome) == {"a": 20, "b": 32, "c": 35}
    assert [(found.plan, found.rank, found.left_before, found.left_after) for found in outcome.steps] == [
        ("a", 1, 140, 80),
        ("b", 2, 80, 36),
        ("c", 3, 36, 1),
    ]
    assert (outcome.left, outcome.ties, outcome.ballots, outcome.ballots_with_funded) == (1, (), 5, 5)


def test_a_plan_for_which_no_money_is_left_ends_the_count_and_the_others_are_told_what_they_held() -> None:
    """c comes up at 35, when 26 is left; by then d's fan holds 35 of 50."""
    outcome = counted(130, {"a": 60, "b": 44, "c": 35, "d": 50}, {"a": 2, "ab": 1, "b": 1, "c": 1, "d": 1})
    assert outcome.funded == ("a", "b")
    assert verdicts(outcome) == {"a": "funded", "b": "funded", "c": "does_not_fit", "d": "not_affordable"}
    c, d = outcome.findings["c"], outcome.findings["d"]
    assert (c.rank, c.left_before, c.left_after) == (3, 26, 26)
    assert [c.held, c.short, c.price] == [35, 0, None]
    assert [d.rank, d.held, d.short] == [None, 35, 15]


def test_a_plan_for_which_no_money_is_left_can_be_passed_over() -> None:
    costs, ballots = {"a": 60, "b": 40, "c": 35, "d": 25}, {"a": 2, "ab": 1, "b": 1, "c": 1, "ad": 1}
    outcome = counted(130, costs, ballots, Misfit.SKIP)
    assert outcome.funded == ("a", "b", "d")
    assert prices(outcome) == {"a": 15, "b": Fraction(55, 2), "d": 40}
    assert outcome.findings["c"].verdict is Verdict.DOES_NOT_FIT
    assert outcome.findings["c"].held == 40
    assert [found.plan for found in outcome.steps] == ["a", "b", "c", "d"]


def test_a_plan_that_no_longer_fits_ends_the_count_also_if_another_that_comes_up_then_would_fit() -> None:
    """At 20 a's fan and b's two fans hold the cost; 35 is left, enough for a but not for b."""
    costs, ballots = {"a": 20, "b": 40, "c": 15}, {"a": 1, "b": 2, "c": 1}
    outcome = counted(50, costs, ballots)
    assert outcome.funded == ("c",)
    assert verdicts(outcome) == {"c": "funded", "b": "does_not_fit", "a": "after_the_end"}
    assert [outcome.findings[plan_id].held for plan_id in "cab"] == [None, 20, 40]
    assert outcome.ties == (Tie(("a", "b")),)
    passing = counted(50, costs, ballots, Misfit.SKIP)
    assert passing.funded == ("c", "a")
    assert [found.plan for found in passing.steps] == ["c", "b", "a"]


def test_plans_that_come_up_together_go_in_the_tie_order_and_the_others_wait_if_their_supporters_paid() -> None:
    """At 10 all three come up; ab pays one of a and b, so that the other waits until its fans hold 20 anew: at 20."""
    costs, ballots = {"a": 20, "b": 20, "c": 30}, {"ab": 2, "c": 3}
    outcome = counted(70, costs, ballots)
    assert outcome.funded == ("a", "c", "b")
    assert prices(outcome) == {"a": 10, "c": 10, "b": 20}
    assert outcome.ties == (Tie(("a", "b", "c")),)
    assert counted(70, costs, ballots, ties=Dearest()).funded == ("c", "a", "b")


def test_a_plan_dearer_than_the_whole_budget_never_comes_up() -> None:
    outcome = counted(50, {"a": 51, "b": 40}, {"a": 9, "ab": 1, "b": 1})
    assert outcome.funded == ("b",)
    assert verdicts(outcome) == {"b": "funded", "a": "does_not_fit"}
    assert [outcome.findings["a"].rank, outcome.findings["a"].held] == [None, 9 * 20]
    assert outcome.findings["a"].short == 0


def test_a_plan_without_votes_is_never_funded_and_a_blank_ballot_earns_for_nobody() -> None:
    outcome = counted(50, {"a": 10, "b": 10}, {"a": 1, "": 4})
    assert outcome.funded == ("a",)
    assert [outcome.findings["b"].verdict, outcome.findings["b"].held] == [Verdict.NO_VOTES, 0]
    assert prices(outcome) == {"a": 10}
    assert (outcome.ballots, outcome.ballots_without_funded) == (5, 4)


@pytest.mark.parametrize("misfit", [Misfit.STOP, Misfit.SKIP])
@pytest.mark.parametrize("costs", [{}, {"a": 10}])
def test_without_ballots_nothing_is_funded(misfit: Misfit, costs: Mapping[str, int]) -> None:
    outcome = counted(50, costs, {}, misfit)
    assert (outcome.funded, outcome.left, outcome.ties) == ((), 50, ())
    assert set(verdicts(outcome).values()) <= {"no_votes"}


def test_a_withdrawn_plan_takes_no_part_and_its_voters_buy_something_else() -> None:
    instance = Instance(50, (Plan("a", 10), Plan("b", 20)), withdrawn=frozenset("a"))
    outcome = Phragmen().count(instance, Profile.from_ballots([approval("ab")]), Lexicographic())
    assert prices(outcome) == {"b": 20}
    assert (outcome.findings["a"].verdict, outcome.findings["a"].held) == (Verdict.WITHDRAWN, None)


# What it refuses.


def test_it_takes_ballots_that_give_a_point_or_none() -> None:
    assert Phragmen().takes(is_approval=True)
    assert not Phragmen().takes(is_approval=False)
    with pytest.raises(NotForTheseBallots, match="a point or none"):
        Phragmen().count(Instance(5, (Plan("a", 1),)), Profile.from_ballots([(("a", 2),)]), Lexicographic())


def test_it_refuses_plans_that_exclude_each_other() -> None:
    instance = Instance(5, (Plan("a", 1), Plan("b", 1)), exclusive=(frozenset("ab"),))
    with pytest.raises(NotForTheseBallots, match="exclude each other"):
        Phragmen().count(instance, Profile.from_ballots([]), Lexicographic())


def test_it_refuses_a_plan_that_takes_no_part() -> None:
    with pytest.raises(UnknownPlan, match="'b'"):
        Phragmen().count(Instance(5, (Plan("a", 1),)), Profile.from_ballots([approval("b")]), Lexicographic())


def test_it_never_stretches_the_budget() -> None:
    assert rule_of("phragmen", {"misfit": "skip"}) == Phragmen(Misfit.SKIP)
    with pytest.raises(BadSettings, match="cannot stretch"):
        rule_of("phragmen", {"misfit": "stretch"})


# Against others.


@settings(max_examples=500, deadline=None)
@given(contest=approvals, rule=RULES, ties=ORDERS)
def test_it_is_what_happens_when_every_voter_has_a_purse(contest: Contest, rule: Phragmen, ties: TieOrder) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    totals = Totals.of(contest.instance, contest.profile)
    told = story(
        rule.misfit, contest.instance, contest.ballots, totals, ties.rank(contest.instance.plans, totals.points)
    )
    assert outcome.funded == tuple(told.funded)
    assert tuple(found.plan for found in outcome.steps) == tuple(told.came_up)
    assert {plan_id: found.verdict for plan_id, found in outcome.findings.items()} == told.verdicts
    assert {plan_id: found.price for plan_id, found in outcome.findings.items() if found.is_funded} == told.prices
    held = {plan_id: found.held for plan_id, found in outcome.findings.items() if found.held is not None}
    assert held == told.held
    assert outcome.ties == tuple(map(Tie, told.ties))


def generated(random: Random, *, plans: int, ballots: int) -> tuple[Instance, Profile]:
    """An election with plans of equal and of different costs, so large that moments become long fractions."""
    ids = [f"p{number:02}" for number in range(plans)]
    asked = tuple(Plan(plan_id, random.choice([1000, 2500, random.randint(1, 9999)])) for plan_id in ids)
    cast = [approval(random.sample(ids, random.randint(0, 6))) for _ in range(ballots)]
    return Instance(sum(plan.cost for plan in asked) * 2 // 3, asked), Profile.from_ballots(cast)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("misfit", [Misfit.STOP, Misfit.SKIP])
def test_long_fractions_stay_exact(seed: int, misfit: Misfit) -> None:
    instance, profile = generated(Random(seed), plans=30, ballots=200)
    outcome = Phragmen(misfit).count(instance, profile, Cheapest())
    totals = Totals.of(instance, profile)
    ballots = [approval(named) for named, times in rows(profile) for _ in range(times)]
    told = story(misfit, instance, ballots, totals, Cheapest().rank(instance.plans, totals.points))
    assert (prices(outcome), outcome.funded) == (told.prices, tuple(told.funded))
    assert max(price.denominator for price in told.prices.values()) > 2**53


@pytest.mark.oracle
@settings(max_examples=120, deadline=None)
@given(contest=contests(plans=7, points=1, exclusive=False))
def test_it_funds_what_pabutools_funds(contest: Contest) -> None:
    outcome = Phragmen().count(contest.instance, contest.profile, Lexicographic())
    theirs = sequential_phragmen(*for_pabutools(contest.instance, contest.profile))
    assert set(outcome.funded) == {project.name for project in theirs}


@pytest.mark.oracle
@pytest.mark.parametrize("name", SMALL_ELECTIONS)
def test_it_funds_what_pabutools_funds_in_real_elections(name: str) -> None:
    election = read_election(real_election(name))
    outcome = Phragmen().count(election.instance, election.profile, Lexicographic())
    theirs = sequential_phragmen(*for_pabutools(election.instance, election.profile))
    assert set(outcome.funded) == {project.name for project in theirs}


@pytest.mark.oracle
@settings(max_examples=200, deadline=None)
@given(ballots=st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=8), size=st.integers(1, 5), ties=ORDERS)
def test_with_equal_costs_it_is_phragmens_rule_for_committees(
    ballots: list[set[int]], size: int, ties: TieOrder
) -> None:
    named = set[int]().union(*ballots)
    assume(len(named) >= size)
    ids = "abcdef"
    instance = Instance(size, tuple(Plan(plan_id, 1) for plan_id in ids))
    profile = Profile.from_ballots(approval(ids[number] for number in ballot) for ballot in ballots)
    seats = Seats(len(ids))
    seats.add_voters(ballots)
    committees = abcrules.compute("seqphragmen", seats, committeesize=size, resolute=False)
    funded = Phragmen(Misfit.SKIP).count(instance, profile, ties).funded
    assert {ids.index(plan_id) for plan_id in funded} in [set(committee) for committee in committees]


# What always holds.


@settings(max_examples=120, deadline=None)
@given(contest=approvals, rule=RULES, ties=ORDERS, data=st.data())
def test_the_order_of_ballots_and_plans_means_nothing(
    contest: Contest, rule: Phragmen, ties: TieOrder, data: st.DataObject
) -> None:
    other = Contest(
        replace(contest.instance, plans=tuple(data.draw(st.permutations(contest.instance.plans)))),
        tuple(data.draw(st.permutations(contest.ballots))),
    )
    ours, theirs = (rule.count(one.instance, one.profile, ties) for one in (contest, other))
    assert ours == theirs


@settings(max_examples=120, deadline=None)
@given(contest=approvals, rule=RULES, ties=ORDERS, factor=st.integers(2, 7))
def test_money_in_other_units_and_every_ballot_more_often_change_no_winner(
    contest: Contest, rule: Phragmen, ties: TieOrder, factor: int
) -> None:
    plans = tuple(Plan(plan.id, plan.cost * factor) for plan in contest.instance.plans)
    richer = replace(contest.instance, budget=contest.instance.budget * factor, plans=plans)
    outcome = rule.count(contest.instance, contest.profile, ties)
    scaled = rule.count(richer, contest.profile, ties)
    assert scaled.funded == outcome.funded
    assert prices(scaled) == {plan_id: price * factor for plan_id, price in prices(outcome).items() if price}
    assert (
        rule.count(contest.instance, Contest(contest.instance, contest.ballots * factor).profile, ties).funded
        == outcome.funded
    )


@settings(max_examples=120, deadline=None)
@given(contest=approvals, rule=RULES, ties=ORDERS)
def test_it_spends_no_more_than_there_is_and_moments_never_fall(
    contest: Contest, rule: Phragmen, ties: TieOrder
) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    assert 0 <= outcome.left == contest.instance.budget - outcome.spent
    moments = [price for price in prices(outcome).values() if price]
    assert moments == sorted(moments)
    for found in outcome.findings.values():
        assert (found.price is not None) == found.is_funded
        if found.verdict is Verdict.NOT_AFFORDABLE:
            assert found.short


@settings(max_examples=120, deadline=None)
@given(contest=approvals, rule=RULES, ties=ORDERS, data=st.data())
def test_a_funded_plan_with_more_votes_stays_funded(
    contest: Contest, rule: Phragmen, ties: TieOrder, data: st.DataObject
) -> None:
    """It comes up earlier, and until then nothing is different."""
    funded = rule.count(contest.instance, contest.profile, ties).funded
    assume(funded)
    plan_id = data.draw(st.sampled_from(funded))
    voters = data.draw(st.sets(st.integers(0, len(contest.ballots) - 1)))
    more = tuple(
        tuple({**dict(ballot), plan_id: 1}.items()) if voter in voters else ballot
        for voter, ballot in enumerate(contest.ballots)
    )
    assert plan_id in rule.count(contest.instance, Contest(contest.instance, more).profile, ties).funded


# The lot.


@settings(max_examples=120, deadline=None)
@given(contest=contests(plans=4, points=1, exclusive=False, withdrawn=False), rule=RULES)
def test_a_lot_is_asked_for_exactly_if_it_changes_who_is_funded(contest: Contest, rule: Phragmen) -> None:
    results = {
        frozenset(rule.count(contest.instance, contest.profile, draw).funded) for draw in all_draws(contest.instance)
    }
    if len(results) == 1:
        undrawn = rule.count(contest.instance, contest.profile, CheapestFirst())
        assert {frozenset(undrawn.funded)} == results
        assert not undrawn.lots
    else:
        with pytest.raises(LotNeeded):
            rule.count(contest.instance, contest.profile, CheapestFirst())


# Speed.


def spent(count: Callable[[], object]) -> float:
    """The processor time of one count."""
    start = process_time()
    count()
    return process_time() - start


@pytest.mark.oracle
def test_it_is_far_faster_than_pabutools() -> None:
    """Measured side by side on one small real election; the whole comparison is in the benchmarks."""
    election = read_election(real_election("Poland_Warszawa_2022_Bemowo.pb"))
    ours = spent(lambda: Phragmen().count(election.instance, election.profile, Lexicographic()))
    theirs_instance, ballots = for_pabutools(election.instance, election.profile)
    theirs = spent(lambda: sequential_phragmen(theirs_instance, ballots))
    assert theirs > 20 * ours


def test_of_plans_that_come_up_together_the_first_is_bought_also_if_another_would_take_all_that_is_left() -> None:
    outcome = Phragmen().count(*small(4, {"a": 2, "b": 4}, {"a": 1, "b": 2}), CheapestFirst())
    assert outcome.funded == ("a",)
