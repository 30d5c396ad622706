"""Real elections: the rule that each file declares funds the plans that were officially funded.

Read from the collection beside the project; where it is absent the tests are skipped.
"""

import csv
import json
from functools import cache
from typing import NamedTuple

import pytest

from tests.tally.elections import REAL_ELECTIONS, real_election
from wijkbudget.tally.counting import rule_of
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.instance import Instance
from wijkbudget.tally.outcome import Outcome
from wijkbudget.tally.pabulib import Election, read_election
from wijkbudget.tally.rule import Rule
from wijkbudget.tally.ties import CheapestFirst, Lexicographic, Lot
from wijkbudget.tally.turns import Misfit

pytestmark = pytest.mark.oracle

BEMOWO = "Poland_Warszawa_2022_Bemowo.pb"
GRUNWALD = "Poland_Poznan_2023_5_-_Grunwald_Polnoc_Grunwald_Poludnie_Stary_Grunwald.pb"
LAS = "Poland_Warszawa_2018_Las.pb"
LODZ = "Poland_Lodz_2020.pb"
POZNAN = MostVotes(Misfit.STRETCH, 80)
TIES = CheapestFirst(Lot("no real election here needs a lot", ""))


class Declared(NamedTuple):
    """What the index tells of a file: the rule it declares, its minimum of points, whether that explains the result."""

    name: str
    rule: str
    minimum: int
    is_reproduced: bool


def index() -> list[Declared]:
    """The files whose official result is known, by a rule in which plans take turns."""
    path = REAL_ELECTIONS / "index.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [
            row for row in csv.DictReader(lines) if row["rule"].startswith("greedy") and row["has_selected"] == "True"
        ]
    return [
        Declared(
            row["file"],
            row["rule"],
            int(row["min_project_score_threshold"] or 0),
            row["official_reproduced_by_declared_rule"] == "True",
        )
        for row in rows
    ]


def rule_as_declared(declared: Declared) -> Rule:
    """Poznań's own rule is the one with the stretch; the others skip, unless they say that they do not."""
    if "Poznan" in declared.name:
        return POZNAN
    return MostVotes(Misfit.STOP if declared.rule == "greedy-no-skip" else Misfit.SKIP, minimum=declared.minimum)


@cache
def read(name: str) -> Election:
    """A file of the collection; skips the test where that is absent."""
    return read_election(real_election(name), is_lenient=True)


def counted(name: str, rule: Rule, instance: Instance | None = None) -> Outcome:
    """The outcome of a file by a rule."""
    election = read(name)
    return rule.count(instance or election.instance, election.profile, TIES)


def official(name: str) -> set[str]:
    """The plans that the file marks as funded by the rule: in Poznań a mark of its own is for the one stretched to."""
    election = read(name)
    assert election.selected is not None
    return {*election.selected, *(election.stretched if "Poznan" in name else ())}


DECLARED = index()
EXPLAINED = [declared for declared in DECLARED if declared.is_reproduced or "Poznan" in declared.name]


@pytest.mark.skipif(not DECLARED, reason="the collection of real elections is not here")
def test_the_index_tells_of_32_official_results_and_three_that_no_rule_explains() -> None:
    assert len(EXPLAINED) == 32
    assert {declared.name for declared in DECLARED if declared not in EXPLAINED} == {BEMOWO, LAS, LODZ}


@pytest.mark.parametrize("declared", EXPLAINED, ids=lambda declared: declared.name)
def test_the_declared_rule_funds_the_official_plans(declared: Declared) -> None:
    outcome = counted(declared.name, rule_as_declared(declared))
    assert set(outcome.funded) == official(declared.name)
    assert not outcome.is_lot_needed


def test_in_bemowo_two_plans_excluded_each_other_as_the_comment_in_its_file_says() -> None:
    instance = read(BEMOWO).instance
    excluding = Instance(instance.budget, instance.plans, instance.unit, exclusive=(frozenset({"773", "153"}),))
    assert set(counted(BEMOWO, MostVotes()).funded) - official(BEMOWO) == {"153"}
    outcome = counted(BEMOWO, MostVotes(), excluding)
    assert set(outcome.funded) == official(BEMOWO)
    assert outcome.findings["153"].verdict.value == "excluded"


def test_in_las_one_plan_with_enough_votes_was_left_out_by_hand() -> None:
    assert set(counted(LAS, MostVotes(minimum=39)).funded) ^ official(LAS) == {"1649"}


def test_in_lodz_five_plans_were_chosen_otherwise_as_the_comment_in_its_file_says() -> None:
    funded = set(counted(LODZ, MostVotes(minimum=100)).funded)
    assert funded - official(LODZ) == {"L048"}
    assert official(LODZ) - funded == {"L099", "L155", "L163", "L249"}


def test_in_poznan_the_count_ends_at_the_first_plan_that_does_not_fit_whether_stretched_to_or_not() -> None:
    """In Grunwald V.5 was stretched to (95% was left) and V.7, which would have fitted before it, was passed by.

    In Nowe Winogrady half of the cost of I.1 was left: it was not funded, nor was any of the cheaper plans after it.
    """
    stretched = counted(GRUNWALD, POZNAN)
    assert (stretched.funded, stretched.left) == (("V.6", "V.5"), -15000)
    winogrady = next(d.name for d in DECLARED if "1_-_Nowe_Winogrady" in d.name)
    ended = counted(winogrady, POZNAN)
    assert (ended.funded, ended.left) == (("I.5",), 401000)
    assert any(found.cost <= ended.left and found.verdict.value == "after_the_end" for found in ended.findings.values())


VARIANTS = {
    "greedy_score_skip": MostVotes(),
    "greedy_score_noskip": MostVotes(Misfit.STOP),
    "greedy_score_per_cost_skip": VotesPerEuro(),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_file_comes_to_the_winners_of_an_independent_exact_count(variant: str) -> None:
    """That count funds plans without votes too if money is left; ours never does, so they are left out."""
    expected = json.loads(real_election("expected.json"))
    for name, known in expected.items():
        election = read(name)
        outcome = VARIANTS[variant].count(election.instance, election.profile, Lexicographic())
        supported = election.profile.points_by_plan()
        assert list(outcome.funded) == [plan for plan in known["rules"][variant] if plan in supported], name
    assert len(expected) == 60


@pytest.mark.parametrize(
    ("name", "stop"),
    [
        ("Netherlands_Assen_2024.pb", "overspend"),
        ("Poland_Wieliczka_2023_Green_Budget.pb", "overspend"),
    ],
)
def test_equal_shares_with_one_more_for_everyone_until_overspent_funded_the_official_plans(
    name: str, stop: str
) -> None:
    rule = rule_of("equal-shares", {"utility": "cost", "completion": "add-one", "stop": stop})
    assert set(counted(name, rule).funded) == official(name)


def test_in_wieliczka_an_earlier_stop_would_have_funded_other_plans() -> None:
    rule = rule_of("equal-shares", {"completion": "add-one", "stop": "exhaustive"})
    name = "Poland_Wieliczka_2023_Green_Budget.pb"
    assert set(counted(name, rule).funded) != official(name)
