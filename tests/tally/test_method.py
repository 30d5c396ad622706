"""How a rule counts, in words."""

from typing import Any

import pytest

from tests.tally.telling import DUTCH, Marks
from wijkbudget.tally.counting import RULES
from wijkbudget.tally.method import RULES as TOLD
from wijkbudget.tally.method import rule_in_words, rule_title, ties_in_words
from wijkbudget.tally.ties import Cheapest, CheapestFirst, Dearest, Lexicographic

TURNS: dict[str, Any] = {"misfit": "skip", "percent": 0, "minimum": 0}
SHARES: dict[str, Any] = {"utility": "cost", "completion": "none", "stop": "exhaustive"}
DEFAULTS: dict[str, dict[str, Any]] = {
    "most-votes": TURNS, "votes-per-euro": TURNS, "equal-shares": SHARES,
    "phragmen": {"misfit": "stop"}, "best-value": {"utility": "one"},
}  # fmt: skip


def test_every_rule_has_a_title_and_words() -> None:
    assert set(RULES) <= set(TOLD) == set(DEFAULTS)
    assert all(rule_title(rule, DUTCH) != rule for rule in TOLD)


@pytest.mark.parametrize("rule", RULES)
def test_the_settings_of_every_rule_can_be_told(rule: str) -> None:
    assert set(rule_in_words(rule, RULES[rule]().settings, Marks())) == {"#", " "}


def test_a_rule_without_words_keeps_its_name() -> None:
    assert (rule_title("new", DUTCH), rule_in_words("new", {}, DUTCH)) == ("new", "")


@pytest.mark.parametrize(
    ("rule", "settings", "part"),
    [
        ("most-votes", {}, "de meeste stemmen eerst. Past een plan"),
        ("most-votes", {}, "Dan slaan we het over en kijken we naar het volgende."),
        ("most-votes", {"misfit": "stop"}, "Past het niet? Dan stopt de telling."),
        (
            "most-votes",
            {"misfit": "stretch", "percent": 80},
            "Past het niet? Dan gaat het toch door als er minimaal 80% van de kosten is. Daarna stopt de telling.",
        ),
        ("most-votes", {"minimum": 50}, "Een plan heeft minimaal 50 stemmen nodig."),
        ("votes-per-euro", {}, "Het plan met de meeste stemmen per euro gaat eerst."),
        ("equal-shares", {}, "het kleinste deel van de kosten"),
        ("equal-shares", {"utility": "one"}, "het minste geld betaalt"),
        ("equal-shares", {"completion": "most-votes"}, "gaat naar de plannen met de meeste stemmen die nog passen."),
        ("equal-shares", {"completion": "add-one"}, "in het budget passen, en er nog een plan bij kan."),
        (
            "equal-shares",
            {"completion": "add-one", "stop": "overspend"},
            "zolang de plannen samen in het budget passen.",
        ),
        ("equal-shares", {"completion": "add-one-then-most-votes"}, "1 euro meer"),
        ("equal-shares", {"completion": "add-one-then-most-votes"}, "meeste stemmen die nog passen."),
        ("phragmen", {}, "Past een plan niet meer in het budget? Dan stopt de telling."),
        ("phragmen", {"misfit": "skip"}, "Past een plan niet meer in het budget? Dan slaan we het over."),
        ("best-value", {}, "De score van een plan is het aantal stemmen."),
        ("best-value", {"utility": "cost"}, "De score van een plan is het aantal stemmen keer de kosten."),
    ],
)
def test_settings_change_what_is_told(rule: str, settings: dict[str, Any], part: str) -> None:
    assert part in rule_in_words(rule, DEFAULTS[rule] | settings, DUTCH)


def test_a_setting_at_its_default_adds_nothing() -> None:
    assert "minimaal" not in rule_in_words("most-votes", TURNS | {"minimum": 1}, DUTCH)
    shares = rule_in_words("equal-shares", SHARES, DUTCH)
    assert "over" not in shares.replace("voor", "")


@pytest.mark.parametrize("rule", ["most-votes", "votes-per-euro", "equal-shares", "best-value"])
def test_where_ballots_give_points_no_rule_speaks_of_votes(rule: str) -> None:
    settings: dict[str, Any] = {**DEFAULTS[rule], "completion": "most-votes", "minimum": 5}
    words = rule_in_words(rule, settings, DUTCH, in_points=True)
    assert "punten" in words
    assert "stemmen" not in words


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (
            CheapestFirst.name,
            "Staan plannen gelijk? Dan gaat het goedkoopste voor, en daarna het plan met de meeste stemmen. "
            "Is ook dat gelijk, dan beslist het lot.",
        ),
        (Cheapest.name, "Staan plannen gelijk? Dan gaat het goedkoopste voor, en daarna de eerste code."),
        (Dearest.name, "Staan plannen gelijk? Dan gaat het duurste voor, en daarna de eerste code."),
        (Lexicographic.name, "Staan plannen gelijk? Dan beslist de volgorde van hun codes."),
    ],
)
def test_every_tie_order_is_told(order: str, told: str) -> None:
    assert ties_in_words(order, DUTCH) == told


@pytest.mark.parametrize(
    ("rule", "settings", "in_points", "told"),
    [
        (
            "votes-per-euro",
            {"misfit": "stop", "minimum": 2},
            False,
            "We delen de stemmen van elk plan door wat het kost. Het plan met de meeste stemmen per euro gaat eerst. "
            "Past een plan in het geld dat over is? Dan gaat het door. Past het niet? Dan stopt de telling. "
            "Een plan heeft minimaal 2 stemmen nodig.",
        ),
        (
            "equal-shares",
            {"utility": "one", "completion": "add-one", "stop": "overspend"},
            True,
            "Iedere stemmer krijgt een even groot deel van het budget. "
            "Een plan gaat door als de mensen die erop stemden het samen kunnen betalen. "
            "Wie een plan meer punten gaf, betaalt meer, tot het geld op is. "
            "Eerst komt het plan waarvoor ieder het minste geld betaalt. "
            "Is er geld over? Dan krijgt iedere stemmer 1 euro meer en tellen we opnieuw. "
            "Dat doen we zolang de plannen samen in het budget passen.",
        ),
        (
            "equal-shares",
            {"completion": "add-one-then-most-votes"},
            False,
            "Iedere stemmer krijgt een even groot deel van het budget. "
            "Een plan gaat door als de mensen die erop stemden het samen kunnen betalen. "
            "Ieder betaalt evenveel, of alles wat er nog is. "
            "Eerst komt het plan waarvoor ieder het kleinste deel van de kosten betaalt. "
            "Is er geld over? Dan krijgt iedere stemmer 1 euro meer en tellen we opnieuw. "
            "Dat doen we zolang de plannen samen in het budget passen, en er nog een plan bij kan. "
            "Wat over is, gaat naar de plannen met de meeste stemmen die nog passen.",
        ),
        (
            "phragmen",
            {"misfit": "skip"},
            False,
            "Iedere stemmer krijgt steeds een beetje geld, iedereen evenveel. "
            "Hebben de stemmers voor een plan samen genoeg? Dan kopen zij het en is hun geld op. "
            "Past een plan niet meer in het budget? Dan slaan we het over.",
        ),
        (
            "phragmen",
            {"misfit": "stop"},
            False,
            "Iedere stemmer krijgt steeds een beetje geld, iedereen evenveel. "
            "Hebben de stemmers voor een plan samen genoeg? Dan kopen zij het en is hun geld op. "
            "Past een plan niet meer in het budget? Dan stopt de telling.",
        ),
        (
            "best-value",
            {"utility": "cost"},
            False,
            "We zoeken de groep plannen die in het budget past en samen de hoogste score krijgt. "
            "De score van een plan is het aantal stemmen keer de kosten.",
        ),
        (
            "best-value",
            {"utility": "one"},
            False,
            "We zoeken de groep plannen die in het budget past en samen de hoogste score krijgt. "
            "De score van een plan is het aantal stemmen.",
        ),
    ],
)
def test_a_rule_is_told_in_these_sentences(rule: str, settings: dict[str, Any], in_points: bool, told: str) -> None:
    assert rule_in_words(rule, DEFAULTS[rule] | settings, DUTCH, in_points=in_points) == told


@pytest.mark.parametrize(
    ("rule", "title", "title_in_points"),
    [
        ("most-votes", "Meeste stemmen", "Meeste punten"),
        ("votes-per-euro", "Meeste stemmen per euro", "Meeste punten per euro"),
        ("equal-shares", "Gelijke delen", "Gelijke delen"),
        ("phragmen", "Samen sparen (Phragmén)", "Samen sparen (Phragmén)"),
        ("best-value", "Beste groep plannen", "Beste groep plannen"),
    ],
)
def test_each_rule_is_called_so(rule: str, title: str, title_in_points: str) -> None:
    assert (rule_title(rule, DUTCH), rule_title(rule, DUTCH, in_points=True)) == (title, title_in_points)
