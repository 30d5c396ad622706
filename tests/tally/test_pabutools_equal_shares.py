"""The same plans as pabutools 1.2.3 funds by equal shares, in its order, among ties in the string order of the ids.

It differs where it is meant to: when money is left and plans take turns, pabutools funds plans without any vote too.
"""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pabutools import election as pb
from pabutools.election.satisfaction import SatisfactionMeasure
from pabutools.rules import completion_by_rule_combination, greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import lexico_tie_breaking

from tests.tally.contests import Contest, contests
from tests.tally.elections import REAL_ELECTIONS, real_election
from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.instance import Instance
from wijkbudget.tally.pabulib import Election, read_election
from wijkbudget.tally.profile import Ballot
from wijkbudget.tally.rule import Utility
from wijkbudget.tally.ties import Lexicographic

pytestmark = pytest.mark.oracle

SATISFACTION: dict[bool, dict[Utility, type[SatisfactionMeasure]]] = {
    True: {Utility.COST: pb.Cost_Sat, Utility.ONE: pb.Cardinality_Sat},
    False: {Utility.ONE: pb.Additive_Cardinal_Sat},
}
"""By whether ballots are approvals; points times the cost it does not know."""

SMALL = ["Netherlands_Amsterdam_643.pb", "Netherlands_Assen_2024.pb", "Poland_Warszawa_2019_Kamionek.pb"]
SLOW = {"Hungary_Budapest_2024.pb", "France_Toulouse_2024.pb", "Poland_Warszawa_2024_Mokotow.pb"}
"""Hundreds of increments or more, nearly each with another order: several seconds, so not in every test run."""


def theirs(
    instance: Instance,
    ballots: tuple[Ballot, ...],
    utility: Utility,
    completion: Completion,
    *,
    is_approval: bool = True,
) -> list[str]:
    """What pabutools funds."""
    projects = {plan.id: pb.Project(plan.id, plan.cost) for plan in instance.plans}
    election = pb.Instance(projects.values(), budget_limit=instance.budget)
    profile: Any
    if is_approval:
        profile = pb.ApprovalProfile([pb.ApprovalBallot([projects[p] for p, _ in ballot]) for ballot in ballots])
    else:
        profile = pb.CumulativeProfile([pb.CumulativeBallot({projects[p]: n for p, n in b}) for b in ballots])
    profile.instance = election
    shares: dict[str, Any] = {
        "sat_class": SATISFACTION[is_approval][utility],
        "tie_breaking": lexico_tie_breaking,
        "voter_budget_increment": instance.unit if completion.adds_one else None,
    }
    if not completion.takes_turns:
        return [project.name for project in method_of_equal_shares(election, profile, **shares)]
    turns = {"sat_class": pb.Cost_Sat if is_approval else pb.Additive_Cardinal_Sat, "tie_breaking": lexico_tie_breaking}
    rules = [method_of_equal_shares, greedy_utilitarian_welfare]
    funded = completion_by_rule_combination(election, profile, rules, [shares, turns])
    named = {plan_id for ballot in ballots for plan_id, _ in ballot}
    return [project.name for project in funded if project.name in named]


@settings(max_examples=150, deadline=None)
@given(contests(points=1, exclusive=False, withdrawn=False), st.sampled_from(Utility), st.sampled_from(Completion))
def test_approvals_fund_the_same(contest: Contest, utility: Utility, completion: Completion) -> None:
    if not contest.ballots:
        return
    outcome = EqualShares(utility, completion).count(contest.instance, contest.profile, Lexicographic())
    assert list(outcome.funded) == theirs(contest.instance, contest.ballots, utility, completion)


@settings(max_examples=100, deadline=None)
@given(contests(exclusive=False, withdrawn=False), st.sampled_from([Completion.NONE, Completion.ADD_ONE]))
def test_points_fund_the_same(contest: Contest, completion: Completion) -> None:
    if not contest.ballots:
        return
    outcome = EqualShares(Utility.ONE, completion).count(contest.instance, contest.profile, Lexicographic())
    expected = theirs(contest.instance, contest.ballots, Utility.ONE, completion, is_approval=False)
    assert list(outcome.funded) == expected


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("utility", Utility)
def test_real_elections_fund_the_same(name: str, utility: Utility) -> None:
    election = read(name)
    ballots = tuple(
        ballot for ballot, times in zip(ballots_of(election), election.profile.times, strict=True) for _ in range(times)
    )
    outcome = EqualShares(utility).count(election.instance, election.profile, Lexicographic())
    assert list(outcome.funded) == theirs(election.instance, ballots, utility, Completion.NONE)


def ballots_of(election: Election) -> list[Ballot]:
    """The different ballots of an election, in the order of its profile."""
    profile = election.profile
    rows: list[list[tuple[str, int]]] = [[] for _ in profile.times]
    for row, column, points in zip(profile.rows, profile.columns, profile.points, strict=True):
        rows[row].append((profile.ids[column], int(points)))
    return [tuple(row) for row in rows]


@cache
def read(name: str) -> Election:
    """A file of the collection; skips the test where that is absent."""
    return read_election(real_election(name), is_lenient=True)


def expected() -> dict[str, dict[str, Any]]:
    """What an independent exact count, checked with pabutools where that could be, came to."""
    path = REAL_ELECTIONS / "expected.json"
    return {name: known["rules"] for name, known in json.loads(path.read_text()).items()} if path.is_file() else {}


@pytest.mark.parametrize("name", expected())
def test_all_real_elections_fund_what_was_found_before(name: str) -> None:
    election, known = read(name), expected()[name]
    for utility, key in ((Utility.COST, "mes_cost"), (Utility.ONE, "mes_card")):
        outcome = EqualShares(utility).count(election.instance, election.profile, Lexicographic())
        assert list(outcome.funded) == known[key]
    adding = known["mes_cost_add1_exact_exhaustive"]
    if name not in SLOW and adding["increment"] * 10**election.decimals == election.instance.unit:
        rule = EqualShares(completion=Completion.ADD_ONE)
        outcome = rule.count(election.instance, election.profile, Lexicographic())
        assert list(outcome.funded) == adding["winners"]


@pytest.mark.parametrize(
    ("name", "stop"),
    [("Netherlands_Assen_2024.pb", stop) for stop in StopAt]
    + [("Poland_Wieliczka_2023_Green_Budget.pb", StopAt.OVERSPEND)],
)
def test_the_official_results_of_equal_shares_are_reproduced(name: str, stop: StopAt) -> None:
    election = read(name)
    rule = EqualShares(completion=Completion.ADD_ONE, stop=stop)
    outcome = rule.count(election.instance, election.profile, Lexicographic())
    assert set(outcome.funded) == set(election.selected or ())


def test_in_wieliczka_stopping_at_an_exhaustive_result_would_have_funded_others() -> None:
    election = read("Poland_Wieliczka_2023_Green_Budget.pb")
    rule = EqualShares(completion=Completion.ADD_ONE)
    outcome = rule.count(election.instance, election.profile, Lexicographic())
    assert len(outcome.funded) == 31
    assert set(outcome.funded) != set(election.selected or ())
