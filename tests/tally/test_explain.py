"""Why a plan won or lost, in sentences; each verdict of each rule."""

from fractions import Fraction
from typing import Any

import pytest

from tests.tally.telling import DUTCH, LOT, Marks, found, tied, told
from wijkbudget.tally.explain import REASONS, advice, explain, in_points
from wijkbudget.tally.outcome import Finding, Outcome, Verdict
from wijkbudget.tally.ties import Cheapest, Dearest, Lexicographic

MIN, STOP, STRETCH = {"minimum": 50}, {"misfit": "stop"}, {"misfit": "stretch", "percent": 80}
ONE, COST = {"utility": "one"}, {"utility": "cost"}
IN_POINTS: dict[str, Any] = {"points": 9, "ballots": 5}
TOO_DEAR = "Kost meer dan het hele budget."

CASES: list[tuple[str, dict[str, Any], Verdict, dict[str, Any], str]] = [
    ("most-votes", {}, Verdict.FUNDED, {"left_before": 30}, "Gaat door."),
    (
        "most-votes", STRETCH, Verdict.FUNDED, {"cost": 40, "left_before": 32, "left_after": -8},
        "Gaat door. Er was nog 32 ct over, minimaal 80% van de kosten.",
    ),
    (
        "most-votes", {}, Verdict.DOES_NOT_FIT, {"cost": 40, "left_before": 32},
        "Past niet meer: er was nog 32 ct over. Dat is 8 ct te weinig.",
    ),
    ("most-votes", {}, Verdict.DOES_NOT_FIT, {"cost": 40, "left_before": 0}, "Past niet meer: het geld was op."),
    ("votes-per-euro", {}, Verdict.DOES_NOT_FIT, {"cost": 101, "left_before": 32}, TOO_DEAR),
    (
        "most-votes", STRETCH, Verdict.DOES_NOT_FIT, {"cost": 101, "left_before": 32},
        "Past niet meer: er was nog 32 ct over. Dat is 69 ct te weinig.",
    ),
    ("most-votes", MIN, Verdict.BELOW_MINIMUM, {}, "Te weinig: een plan had minimaal 50 stemmen nodig."),
    ("most-votes", MIN, Verdict.BELOW_MINIMUM, IN_POINTS, "Te weinig: een plan had minimaal 50 punten nodig."),
    ("most-votes", {}, Verdict.NO_VOTES, {"points": 0}, "Niemand stemde op dit plan."),
    ("most-votes", {}, Verdict.WITHDRAWN, {}, "Ingetrokken tijdens de stemming."),
    ("most-votes", {}, Verdict.EXCLUDED, {"beside": "r"}, "Kan niet naast r, en dat plan gaat door."),
    ("most-votes", STOP, Verdict.AFTER_THE_END, {}, "Kwam niet meer aan de beurt."),
    (
        "equal-shares", COST, Verdict.FUNDED, {"price": Fraction(2)},
        "Gaat door. Iedere stemmer voor dit plan betaalde 2 ct.",
    ),
    (
        "equal-shares", COST, Verdict.FUNDED, {"price": Fraction(5, 2)},
        "Gaat door. Iedere stemmer voor dit plan betaalde 2.50 ct. Wie dat niet meer had, betaalde wat er over was.",
    ),
    (
        "equal-shares", COST, Verdict.FUNDED, {"price": Fraction(10, 9), **IN_POINTS},
        "Gaat door. De stemmers voor dit plan betaalden 1.11 ct per punt.",
    ),
    (
        "equal-shares", COST, Verdict.FUNDED, {"is_filled_in": True},
        "Gaat door. Het kreeg geld dat over was. Dat ging naar de meeste stemmen.",
    ),
    (
        "equal-shares", COST, Verdict.NOT_AFFORDABLE, {"held": Fraction(29, 3)},
        "De stemmers voor dit plan hadden samen nog 9 ct. Er was 1 ct te weinig.",
    ),
    ("equal-shares", COST, Verdict.NOT_AFFORDABLE, {"cost": 101, "held": Fraction(9)}, TOO_DEAR),
    (
        "equal-shares", COST, Verdict.NOT_AFFORDABLE, {},
        "De stemmers voor dit plan hadden samen te weinig geld.",
    ),
    (
        "equal-shares", COST, Verdict.DOES_NOT_FIT, {"held": Fraction(7), "left_before": 4},
        "De stemmers voor dit plan hadden samen nog 7 ct. Er was 3 ct te weinig. "
        "Past niet meer: er was nog 4 ct over. Dat is 6 ct te weinig.",
    ),
    (
        "equal-shares", COST, Verdict.NOT_AFFORDABLE, {"held": Fraction(7), "left_before": 4},
        "De stemmers voor dit plan hadden samen nog 7 ct. Er was 3 ct te weinig. "
        "Het paste ook niet in de 4 ct die over was.",
    ),
    (
        "equal-shares", COST, Verdict.NOT_AFFORDABLE, {"held": Fraction(7), "left_before": 0},
        "De stemmers voor dit plan hadden samen nog 7 ct. Er was 3 ct te weinig. "
        "Er was ook geen geld meer over.",
    ),
    (
        "phragmen", STOP, Verdict.FUNDED, {"price": Fraction(2)},
        "Gaat door. De stemmers konden dit plan kopen toen iedereen 2 ct had gekregen.",
    ),
    (
        "phragmen", STOP, Verdict.NOT_AFFORDABLE, {"held": Fraction(7)},
        "Aan het eind hadden de stemmers voor dit plan samen 7 ct. Er was 3 ct te weinig.",
    ),
    (
        "phragmen", STOP, Verdict.DOES_NOT_FIT, {"held": Fraction(10), "left_before": 4},
        "Past niet meer: er was nog 4 ct over. Dat is 6 ct te weinig.",
    ),
    (
        "best-value", ONE, Verdict.FUNDED, {},
        "Gaat door. Het hoort bij de groep plannen die samen de meeste stemmen krijgt.",
    ),
    (
        "best-value", COST, Verdict.FUNDED, {},
        "Gaat door. Het hoort bij de groep plannen die samen de hoogste score krijgt.",
    ),
    (
        "best-value", ONE, Verdict.LESS_TOGETHER, IN_POINTS,
        "De gekozen plannen krijgen samen meer punten dan elke groep met dit plan.",
    ),
    (
        "best-value", COST, Verdict.LESS_TOGETHER, {},
        "De gekozen plannen krijgen samen een hogere score dan elke groep met dit plan.",
    ),
    ("best-value", ONE, Verdict.DOES_NOT_FIT, {"cost": 101}, TOO_DEAR),
]  # fmt: skip


def case(rule: str, settings: dict[str, Any], verdict: Verdict, more: dict[str, Any]) -> tuple[Finding, Outcome]:
    finding = found("a", verdict, **more)
    return finding, told(finding, rule=rule, settings=settings)


@pytest.mark.parametrize(("rule", "settings", "verdict", "more", "sentence"), CASES)
def test_each_verdict_of_each_rule_has_its_sentence(
    rule: str, settings: dict[str, Any], verdict: Verdict, more: dict[str, Any], sentence: str
) -> None:
    finding, outcome = case(rule, settings, verdict, more)
    assert explain(finding, outcome, DUTCH) == sentence
    assert set(explain(finding, outcome, Marks())) <= {"#", " "}, "all that is said can be put in another language"


def test_no_verdict_is_without_words() -> None:
    assert set(REASONS) == set(Verdict) == {verdict for _, _, verdict, _, _ in CASES}


def test_where_nobody_gave_points_it_is_told_in_points() -> None:
    loser = found("b", Verdict.NO_VOTES, points=0)
    assert explain(loser, told(loser, found("a", points=9, ballots=5)), DUTCH) == "Niemand gaf dit plan punten."


def test_ballots_give_points_as_soon_as_one_gave_more_than_one() -> None:
    assert not in_points(told(found("a"), found("b", points=0)))
    assert in_points(told(found("a"), found("b", points=6, ballots=5)))


def test_it_is_told_at_which_plan_the_count_stopped() -> None:
    struck = found("s", Verdict.EXCLUDED, cost=99, rank=1, left_before=30)
    last = found("l", Verdict.DOES_NOT_FIT, cost=40, rank=2, left_before=30)
    late = found("a", Verdict.AFTER_THE_END, rank=3, left_before=30)
    outcome = told(struck, last, late, settings=STOP)
    assert explain(late, outcome, DUTCH) == "Kwam niet meer aan de beurt: de telling stopte bij l."


def test_a_plan_that_took_just_what_was_there_did_not_stop_the_count() -> None:
    took = found("t", cost=30, rank=1, left_before=30)
    last = found("l", Verdict.DOES_NOT_FIT, cost=1, rank=2, left_before=0)
    late = found("a", Verdict.AFTER_THE_END, rank=3, left_before=0)
    assert explain(late, told(took, last, late, settings=STOP), DUTCH).endswith("de telling stopte bij l.")


@pytest.mark.parametrize(
    ("tie_order", "cost", "points", "words"),
    [
        (told().tie_order, 9, 5, "Het goedkoopste plan ging voor."),
        (told().tie_order, 10, 6, "Het plan met de meeste stemmen ging voor."),
        (told().tie_order, 10, 5, "Het lot bepaalde de volgorde."),
        (Cheapest.name, 9, 5, "Het goedkoopste plan ging voor."),
        (Cheapest.name, 10, 6, "De code die het eerst komt ging voor."),
        (Dearest.name, 9, 5, "Het duurste plan ging voor."),
        (Dearest.name, 10, 5, "De code die het eerst komt ging voor."),
        (Lexicographic.name, 9, 6, "De code die het eerst komt ging voor."),
    ],
)
def test_a_tie_that_parted_plans_is_told_with_what_decided_it(
    tie_order: str, cost: int, points: int, words: str
) -> None:
    winner, loser = found("a", cost=cost, points=points), found("b", Verdict.NO_VOTES)
    outcome = told(winner, loser, ties=tied("a", "b"), tie_order=tie_order)
    assert explain(winner, outcome, DUTCH) == f"Gaat door. Het stond gelijk met b. {words}"
    assert explain(loser, outcome, DUTCH).endswith(f"Het stond gelijk met a. {words}")


def test_a_lot_that_decided_is_told() -> None:
    outcome = told(found("a"), loser := found("b", Verdict.NO_VOTES), ties=tied("a", "b"), lots=(("a", "b"),), lot=LOT)
    assert explain(loser, outcome, DUTCH).endswith("Het stond gelijk met a. Het lot besliste.")


def test_a_tie_among_winners_is_not_worth_a_word() -> None:
    outcome = told(winner := found("a"), found("b"), ties=tied("a", "b"))
    assert explain(winner, outcome, DUTCH) == "Gaat door."


def test_of_best_value_whole_groups_stand_equal() -> None:
    winner, loser = found("a", cost=9), found("b", Verdict.LESS_TOGETHER)
    outcome = told(winner, loser, rule="best-value", ties=tied("a", "b"))
    assert explain(winner, outcome, DUTCH).endswith(
        "Een groep zonder dit plan is even goed. Het goedkoopste plan ging voor."
    )
    assert explain(loser, outcome, DUTCH) == (
        "Hoort niet bij de gekozen groep plannen. Een groep met dit plan is even goed. Het goedkoopste plan ging voor."
    )


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        (found("a", needed=1), "Had ook met 1 stem gewonnen."),
        (found("a", points=1, needed=1), "Had met 1 stem minder niet gewonnen."),
        (found("a", needed=5), "Had met 1 stem minder niet gewonnen."),
        (found("a", needed=3), "Had met 3 stemmen minder niet gewonnen."),
        (found("a", **IN_POINTS, needed=3), "Had met 7 punten minder niet gewonnen."),
        (found("a", Verdict.DOES_NOT_FIT, needed=6), "Had met 1 stem meer wel gewonnen."),
        (found("a", Verdict.DOES_NOT_FIT, **IN_POINTS, needed=12), "Had met 3 punten meer wel gewonnen."),
        (
            found("a", Verdict.NOT_AFFORDABLE, more_voters=1),
            "Had gewonnen met 1 stemmer meer die alleen dit plan koos.",
        ),
        (
            found("a", Verdict.NOT_AFFORDABLE, more_voters=34),
            "Had gewonnen met 34 stemmers meer die alleen dit plan kozen.",
        ),
        (found("a"), ""),
    ],
)
def test_it_is_told_what_would_have_made_the_difference(finding: Finding, sentence: str) -> None:
    assert advice(finding, told(finding), DUTCH) == sentence


def test_a_plan_that_takes_just_what_was_left_was_not_stretched_for() -> None:
    winner = found("a", cost=30, left_before=30)
    assert explain(winner, told(winner), DUTCH) == "Gaat door."


def test_where_ballots_give_points_advice_is_in_points() -> None:
    winner = found("a", points=4, ballots=2, needed=1)
    assert advice(winner, told(winner), DUTCH) == "Had ook met 1 punt gewonnen."
