"""The count for whoever checks it with a pencil."""

import subprocess
from fractions import Fraction
from typing import Any

import pytest

from tests.tally.telling import DUTCH, LOT, Marks, found, told
from wijkbudget.tally.outcome import Outcome, Verdict
from wijkbudget.tally.pencil import draws, lot_in_words, measures_in_words, start_in_words, steps_in_words


def counted(rule: str, settings: dict[str, Any] | None = None, **more: Any) -> Outcome:
    """Two steps, the second of which does not fit."""
    first = found("a", points=4, cost=90, rank=1, left_before=100, left_after=10, price=Fraction(45, 2), **more)
    second = found("b", Verdict.DOES_NOT_FIT, points=3, cost=20, rank=2, left_before=10, left_after=10, **more)
    return told(second, first, found("c", Verdict.NO_VOTES, points=0), rule=rule, settings=settings)


def table(outcome: Outcome) -> dict[str, tuple[str, ...]]:
    return {column.title: column.cells for column in steps_in_words(outcome, DUTCH)}


MONEY = {"Er was": ("100 ct", "10 ct"), "Het plan kost": ("90 ct", "20 ct"), "Daarna is over": ("10 ct", "10 ct")}
VOTES = {"Aantal stemmen": ("4", "3")}
POINTS = {"ballots": 2}


@pytest.mark.parametrize(
    ("rule", "settings", "own"),
    [
        ("most-votes", {}, {}),
        ("votes-per-euro", {}, {"Kosten per stem": ("22.50 ct", "6.67 ct")}),
        ("equal-shares", {}, {"Ieder betaalt": ("22.50 ct", "–"), "Telt als": ("4", "–")}),
        ("equal-shares", {"utility": "one"}, {"Ieder betaalt": ("22.50 ct", "–")}),
        ("phragmen", {}, {"Ieder kreeg": ("22.50 ct", "–")}),
        ("best-value", {"utility": "one"}, {}),
        ("best-value", {"utility": "cost"}, {"Score": ("360 ct", "60 ct")}),
    ],
)
def test_the_columns_fit_the_rule_and_their_cells_are_the_outcomes_figures(
    rule: str, settings: dict[str, Any], own: dict[str, tuple[str, ...]]
) -> None:
    assert table(counted(rule, settings)) == VOTES | own | MONEY


@pytest.mark.parametrize(("rule", "title"), [("votes-per-euro", "Kosten per punt"), ("equal-shares", "Prijs per punt")])
def test_where_ballots_give_points_so_do_the_columns(rule: str, title: str) -> None:
    columns = table(counted(rule, ballots=2))
    assert {"Punten", title} <= columns.keys()
    assert "Aantal stemmen" not in columns


@pytest.mark.parametrize("rule", ["most-votes", "votes-per-euro", "equal-shares", "phragmen", "best-value"])
def test_every_column_says_what_it_means(rule: str) -> None:
    columns = steps_in_words(counted(rule), Marks())
    assert {(column.title, column.meaning) for column in columns} == {("#", "#")}


@pytest.mark.parametrize(
    ("rule", "more", "title", "meaning"),
    [
        ("most-votes", {}, "Aantal stemmen", "hoeveel mensen op het plan stemden"),
        ("most-votes", POINTS, "Punten", "alle punten voor het plan samen"),
        ("most-votes", {}, "Er was", "het geld dat er nog was"),
        ("most-votes", {}, "Het plan kost", "wat het plan kost"),
        ("most-votes", {}, "Daarna is over", "het geld dat daarna nog over is"),
        ("votes-per-euro", {}, "Kosten per stem", "de kosten gedeeld door de stemmen; het laagste bedrag gaat eerst"),
        (
            "votes-per-euro",
            POINTS,
            "Kosten per punt",
            "de kosten gedeeld door de punten; het laagste bedrag gaat eerst",
        ),
        ("equal-shares", {}, "Ieder betaalt", "wat iedere stemmer voor het plan betaalt"),
        ("equal-shares", POINTS, "Prijs per punt", "wat een stemmer voor elk punt betaalt"),
        ("equal-shares", {}, "Telt als", "de kosten gedeeld door die prijs; het hoogste gaat eerst"),
        (
            "phragmen",
            {},
            "Ieder kreeg",
            "hoeveel geld iedere stemmer toen had gekregen; het laagste bedrag gaat eerst",
        ),
        ("best-value", {}, "Score", "het aantal stemmen keer de kosten"),
        ("best-value", POINTS, "Score", "het aantal punten keer de kosten"),
    ],
)
def test_each_column_means_this(rule: str, more: dict[str, Any], title: str, meaning: str) -> None:
    columns = steps_in_words(counted(rule, {"utility": "cost"}, **more), DUTCH)
    assert {column.title: column.meaning for column in columns}[title] == meaning


def test_a_plan_that_was_filled_in_has_no_price() -> None:
    outcome = told(found("a", rank=1, left_before=90, left_after=80, is_filled_in=True), rule="equal-shares")
    assert table(outcome)["Ieder betaalt"] == ("uit de rest",)


def test_what_voters_began_with_is_told_where_they_hold_money() -> None:
    assert start_in_words(told(endowment=Fraction(5, 2)), DUTCH) == "In deze telling begon iedere stemmer met 2.50 ct."
    assert start_in_words(told(), DUTCH) == ""


def test_the_measures_tell_what_voters_got() -> None:
    assert measures_in_words(counted("most-votes"), DUTCH) == (
        "12 van de 20 stemmers kozen minstens 1 plan dat doorgaat.",
        "8 stemmers kozen geen plan dat doorgaat. Blanco stemmen tellen hier mee.",
        "Een stemmer krijgt gemiddeld voor 18 ct aan plannen die hij of zij koos.",
        "Van alle 7 stemmen gingen er 4 naar plannen die doorgaan.",
    )


def test_one_voter_is_one() -> None:
    some, none, *_ = measures_in_words(told(found("a"), ballots=2, ballots_with_funded=1), DUTCH)
    assert some == "1 van de 2 stemmers koos minstens 1 plan dat doorgaat."
    assert none == "1 stemmer koos geen plan dat doorgaat. Blanco stemmen tellen hier mee."


def test_without_ballots_there_is_nothing_to_measure() -> None:
    assert measures_in_words(told(ballots=0, ballots_with_funded=0), DUTCH) == ()


def test_without_need_no_lot_is_told() -> None:
    assert lot_in_words(told(found("a"), lot=LOT), DUTCH) == ("Er was geen loting nodig.",)
    assert list(draws(told(found("a"), lot=LOT))) == []


def test_a_lot_is_told_with_its_groups() -> None:
    assert lot_in_words(told(found("a"), lots=(("b", "a"), ("d", "e", "c")), lot=LOT), DUTCH) == (
        "Het lot bepaalde de volgorde tussen b en a.",
        "Het lot bepaalde de volgorde tussen d, e en c.",
        "Elk plan trok een getal. Het laagste getal ging eerst.",
    )


def test_every_number_of_the_lot_can_be_checked_in_a_shell() -> None:
    drawn = list(draws(told(found("a"), lots=(("b", "it's"),), lot=LOT)))
    assert [one.plan for one in drawn] == ["b", "it's"]
    for one in drawn:
        said = subprocess.run(["sh", "-c", one.check], capture_output=True, text=True, check=True)
        assert said.stdout.split()[0] == one.number == LOT.number(one.plan)


def test_nothing_left_is_written_as_nothing() -> None:
    last = found("a", cost=90, rank=1, left_before=90, left_after=0)
    late = found("b", Verdict.DOES_NOT_FIT, cost=1, rank=2, left_before=0, left_after=0)
    columns = table(told(last, late))
    assert (columns["Er was"], columns["Daarna is over"]) == (("90 ct", "0 ct"), ("0 ct", "0 ct"))


def test_where_ballots_give_points_the_measures_speak_of_points() -> None:
    outcome = told(found("a", points=9, ballots=4), found("b", Verdict.NO_VOTES, points=0))
    assert measures_in_words(outcome, DUTCH)[-1] == "Van alle 9 punten gingen er 9 naar plannen die doorgaan."
