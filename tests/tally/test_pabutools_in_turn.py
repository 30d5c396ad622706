"""The same winners as pabutools 1.2.3, which counts the same two rules as greedy choice by satisfaction per cost."""

import pytest
from hypothesis import given, settings
from pabutools import election as pb
from pabutools.election.satisfaction import SatisfactionMeasure
from pabutools.rules import greedy_utilitarian_welfare
from pabutools.tiebreaking import lexico_tie_breaking

from tests.tally.contests import Contest, contests
from tests.tally.elections import real_election
from wijkbudget.tally.in_turn import InTurn, MostVotes, VotesPerEuro
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.profile import Ballot
from wijkbudget.tally.ties import Lexicographic

pytestmark = pytest.mark.oracle

APPROVAL: dict[InTurn, type[SatisfactionMeasure]] = {MostVotes(): pb.Cost_Sat, VotesPerEuro(): pb.Cardinality_Sat}
"""Approvals times the cost, per cost, are approvals; a number of approvals, per cost, is votes per euro."""

FILES = [
    "Netherlands_Amsterdam_166.pb",
    "Netherlands_Amsterdam_643.pb",
    "Netherlands_Assen_2024.pb",
    "Poland_Katowice_2022_Koszutka.pb",
    "Poland_Warszawa_2019_Brodno.pb",
    "Poland_Warszawa_2019_Kamionek.pb",
    "Switzerland_Zurich_D5.pb",
    "Switzerland_Zurich_SN.pb",
    "US_Stanford_Dataset_PB_Rochester_NY_2019_vote_knapsacks.pb",
    "Worldwide_Mechanical_Turk_Knapsack_3.pb",
    "Worldwide_Mechanical_Turk_Utilities_8.pb",
]


def theirs(
    instance: Instance, ballots: tuple[Ballot, ...], satisfaction: type[SatisfactionMeasure], *, is_approval: bool
) -> list[str]:
    """What pabutools funds, in its order, among ties in the string order of the ids."""
    projects = {plan.id: pb.Project(plan.id, plan.cost) for plan in instance.plans}
    election = pb.Instance(projects.values(), budget_limit=instance.budget)
    if is_approval:
        cast = [pb.ApprovalBallot([projects[plan_id] for plan_id, _ in ballot]) for ballot in ballots]
        profile = pb.ApprovalProfile(cast, instance=election)
    else:
        points = [pb.CumulativeBallot({projects[plan_id]: given for plan_id, given in ballot}) for ballot in ballots]
        profile = pb.CumulativeProfile(points, instance=election)
    chosen = greedy_utilitarian_welfare(election, profile, sat_class=satisfaction, tie_breaking=lexico_tie_breaking)
    return [project.name for project in chosen]


def ours(rule: InTurn, contest: Contest) -> list[str]:
    """What our rule funds, in its order."""
    return list(rule.count(contest.instance, contest.profile, Lexicographic()).funded)


def supported(contest: Contest, plan_ids: list[str]) -> list[str]:
    """Those of the plans that have a vote: pabutools funds others as well, after them, if money is left."""
    return [plan_id for plan_id in plan_ids if contest.points[plan_id]]


@pytest.mark.parametrize("rule", APPROVAL)
@settings(deadline=None)
@given(contests(points=1, plans=6, exclusive=False, withdrawn=False))
def test_pabutools_funds_the_same_approved_plans_in_the_same_order(rule: InTurn, contest: Contest) -> None:
    chosen = theirs(contest.instance, contest.ballots, APPROVAL[rule], is_approval=True)
    assert ours(rule, contest) == supported(contest, chosen)


@settings(deadline=None)
@given(contests(points=4, plans=6, exclusive=False, withdrawn=False))
def test_pabutools_funds_the_same_plans_by_points_per_euro(contest: Contest) -> None:
    chosen = theirs(contest.instance, contest.ballots, pb.Additive_Cardinal_Sat, is_approval=False)
    assert ours(VotesPerEuro(), contest) == supported(contest, chosen)


@pytest.mark.parametrize("name", FILES)
def test_pabutools_funds_the_same_plans_of_real_elections(name: str) -> None:
    election = read_election(real_election(name), is_lenient=True)
    contest, is_approval = Contest(election.instance, election.ballots), election.profile.is_approval
    for rule, satisfaction in APPROVAL.items() if is_approval else [(VotesPerEuro(), pb.Additive_Cardinal_Sat)]:
        chosen = theirs(contest.instance, contest.ballots, satisfaction, is_approval=is_approval)
        assert ours(rule, contest) == supported(contest, chosen)


def test_pabutools_funds_plans_that_nobody_voted_for_and_we_do_not() -> None:
    contest = Contest(Instance(10, (Plan("a", 5), Plan("b", 4))), ((("a", 1),),))
    assert theirs(contest.instance, contest.ballots, pb.Cost_Sat, is_approval=True) == ["a", "b"]
    assert ours(MostVotes(), contest) == ["a"]
