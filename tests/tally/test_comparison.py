import json
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from tests.tally.elections import FILE
from wijkbudget.commands.words import PlainWords
from wijkbudget.tally.comparison import (
    Comparison,
    compared,
    comparison_text,
    comparison_values,
    measure_cells,
    measure_titles,
)
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.instance import Instance
from wijkbudget.tally.outcome import Outcome
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.profile import Profile
from wijkbudget.tally.report import as_values
from wijkbudget.tally.rule import NotForTheseBallots, Rule
from wijkbudget.tally.ties import CheapestFirst, Lexicographic, LotNeeded, TieOrder

ELECTION = read_election(FILE.encode())
WORDS = PlainWords(ELECTION.amount, language="nl")


@dataclass(frozen=True)
class Unwilling(Rule):
    """Counts nothing."""

    name: ClassVar[str] = "unwilling"

    def count(self, instance: Instance, profile: Profile, ties: TieOrder) -> Outcome:
        """Refuses."""
        raise NotForTheseBallots("none of these")


def side_by_side(*rules: Rule) -> Comparison:
    return compared(rules, ELECTION.instance, ELECTION.profile, Lexicographic(), heard.append)


heard: list[float] = []


def test_every_rule_counts_the_same_ballots_or_tells_why_not() -> None:
    heard.clear()
    comparison = side_by_side(MostVotes(), Unwilling(), VotesPerEuro())
    assert {name: outcome.funded for name, outcome in comparison.outcomes.items()} == {
        "most-votes": ("12", "7"),
        "votes-per-euro": ("3", "7"),
    }
    assert comparison.left_out == {"unwilling": "none of these"}
    assert heard == [1 / 3, 2 / 3, 1]


def test_a_lot_that_is_needed_is_asked_for() -> None:
    election = read_election(FILE.replace("12;60;", "12;50;").replace("budget;100", "budget;60").encode())
    with pytest.raises(LotNeeded):
        compared([MostVotes()], election.instance, election.profile, CheapestFirst(), heard.append)


def test_a_program_gets_what_each_rule_alone_would_give() -> None:
    comparison = side_by_side(MostVotes(), Unwilling())
    values = comparison_values(ELECTION, comparison)
    assert (
        json.loads(json.dumps(values))
        == values
        == {
            "budget": "100",
            "ballots": 4,
            "rules": {"most-votes": as_values(ELECTION, comparison.outcomes["most-votes"])},
            "left_out": {"unwilling": "none of these"},
        }
    )


def test_a_reader_sees_plan_by_plan_which_rules_fund_it_and_what_voters_got() -> None:
    lines = comparison_text(ELECTION, side_by_side(MostVotes(), Unwilling(), VotesPerEuro()), WORDS).splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines[1:4]}
    assert rows == {"12": ["*"], "3": ["*"], "7": ["*", "*"]}
    assert lines[2].index("*") < lines[1].rindex("*") or lines[1].index("*") < lines[2].rindex("*")
    figures = {line.split("  ")[0].strip() or line.strip(): line.split()[-2:] for line in lines[4:10]}
    assert ["100", "90"] in figures.values()
    assert ["0", "10"] in figures.values()
    assert "unwilling: none of these" in lines
    assert lines[-3:] == ["12  Speeltuin; met water", "3  Buurthuis", "7  Bankje"]


def test_where_no_rule_counts_only_the_reasons_are_told() -> None:
    assert comparison_text(ELECTION, side_by_side(Unwilling()), WORDS) == "unwilling: none of these\n"


def test_every_measure_has_its_title() -> None:
    outcome = side_by_side(MostVotes()).outcomes["most-votes"]
    assert dict(zip(measure_titles(WORDS), measure_cells(outcome, WORDS), strict=True)) == {
        "plannen die doorgaan": "2",
        "uitgegeven": "100",
        "over": "0",
        "stembiljetten met een plan dat doorgaat": "3",
        "stemmen of punten voor plannen die doorgaan": "3",
        "gemiddeld per stembiljet": "40",
    }


def test_without_ballots_the_mean_is_nothing() -> None:
    outcome = MostVotes().count(ELECTION.instance, Profile.from_ballots([]), Lexicographic())
    assert measure_cells(outcome, WORDS) == ("0", "0", "100", "0", "0", "0")


def test_a_plan_without_a_name_is_told_by_its_id() -> None:
    nameless = replace(ELECTION, names={})
    lines = comparison_text(nameless, side_by_side(MostVotes()), WORDS).splitlines()
    assert lines[0].split() == ["Meeste", "stemmen"]
    assert lines[1].startswith(" " * len("stemmen of punten voor plannen die doorga") + "12  ")
    assert lines[-3:] == ["12", "3", "7"]
