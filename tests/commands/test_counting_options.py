import click
import pytest

from tests.tally.elections import FILE
from wijkbudget.commands.counting_options import (
    BY_LOT,
    Asked,
    known_settings,
    read_groups,
    read_misfit,
    read_ties,
)
from wijkbudget.tally.counting import RULES
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.instance import UnknownPlan
from wijkbudget.tally.outcome import Settings
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.ties import Cheapest, CheapestFirst, Dearest, Lexicographic, Lot, TieOrder
from wijkbudget.tally.turns import BadSettings, Misfit

CONTEXT, OPTION = click.Context(click.Command("count")), click.Option(["--it"])
STRETCH: Settings = {"misfit": "stretch", "percent": 80}


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (None, {}),
        ("skip", {"misfit": "skip"}),
        ("stop", {"misfit": "stop"}),
        ("stretch:80", {"misfit": "stretch", "percent": 80}),
        ("stretch:1", {"misfit": "stretch", "percent": 1}),
        ("stretch:99", {"misfit": "stretch", "percent": 99}),
    ],
)
def test_a_misfit_is_a_word_or_a_word_with_a_percentage(text: str | None, settings: Settings) -> None:
    assert read_misfit(CONTEXT, OPTION, text) == settings


@pytest.mark.parametrize(
    "text",
    ["", "jump", "skip:", "stop:80", "stretch", "stretch:", "stretch:0", "stretch:100", "stretch:-8", "stretch:²"],
)
def test_another_misfit_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not skip, stop, or stretch:PERCENT"):
        read_misfit(CONTEXT, OPTION, text)


def asked(**options: object) -> Asked:
    """The options, nothing given but these."""
    nothing = dict.fromkeys(["rule", "minimum", "utility", "completion", "stop"])
    flags = dict.fromkeys(["is_lenient", "is_compared", "has_margins", "is_json"], False)
    usual = {"misfit": {}, "ties": (BY_LOT, ""), "round_name": "", "exclusive": (), "language": "en"}
    return Asked(**{**nothing, **flags, **usual, **options})  # type: ignore[arg-type]


def ordered(text: str) -> TieOrder:
    """The tie order that this text asks for in round r."""
    return asked(ties=read_ties(CONTEXT, OPTION, text), round_name="r").tie_order()


def test_a_tie_order_is_a_word_and_the_one_with_a_lot_may_have_a_seed() -> None:
    orders = [ordered(text) for text in ("lexicographic", "cheapest", "dearest")]
    assert orders == [Lexicographic(), Cheapest(), Dearest()]
    assert ordered(BY_LOT) == CheapestFirst()
    assert ordered("cheapest-then-lot:a:b") == CheapestFirst(Lot("a:b", "r"))


@pytest.mark.parametrize("text", ["", "random", "cheapest:", "lexicographic:5", "cheapest-then-lot:"])
def test_another_tie_order_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="cheapest-then-lot:SEED"):
        read_ties(CONTEXT, OPTION, text)


def test_groups_are_ids_with_commas_between_them() -> None:
    assert read_groups(CONTEXT, OPTION, ("a, b", "c,d,e")) == (frozenset("ab"), frozenset("cde"))
    assert read_groups(CONTEXT, OPTION, ()) == ()


def test_plans_that_exclude_each_other_are_added_to_those_of_the_file() -> None:
    election = read_election(FILE.encode())
    assert asked().instance(election) == election.instance
    assert asked(exclusive=(frozenset({"3", "7"}),)).instance(election).exclusive == (frozenset({"3", "7"}),)
    with pytest.raises(UnknownPlan, match="'9'"):
        asked(exclusive=(frozenset({"3", "9"}),)).instance(election)


def test_a_rule_is_made_with_the_options_that_were_given() -> None:
    assert asked().chosen_rule() == MostVotes()
    assert asked(misfit=STRETCH, minimum=3).chosen_rule() == MostVotes(Misfit.STRETCH, 80, 3)
    assert asked(minimum=0).settings == {"minimum": 0}
    shares = {"utility": "one", "completion": "add-one", "stop": "overspend"}
    assert asked(rule="equal-shares", **shares).chosen_rule().settings == shares


def test_an_option_that_the_rule_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(click.UsageError, match="the rule most-votes has no option --completion"):
        asked(utility="cost", completion="none").chosen_rule()
    with pytest.raises(click.UsageError, match="the rule best-value has no option --misfit"):
        asked(rule="best-value", misfit=STRETCH).chosen_rule()
    with pytest.raises(BadSettings, match="cannot stretch"):
        asked(rule="phragmen", misfit=STRETCH).chosen_rule()


def test_of_all_rules_each_takes_the_options_that_it_knows_or_tells_why_it_cannot() -> None:
    rules, refused = asked(misfit={"misfit": "stop"}, minimum=2).every_rule()
    assert [rule.name for rule in rules] == list(RULES)
    assert rules[0] == MostVotes(Misfit.STOP, minimum=2)
    assert refused == {}
    rules, refused = asked(misfit=STRETCH).every_rule()
    assert refused == {"phragmen": "phragmen cannot stretch the budget"}
    assert "phragmen" not in [rule.name for rule in rules]
    assert known_settings("best-value", {"utility": "one", "minimum": 1}) == {"utility": "one"}
