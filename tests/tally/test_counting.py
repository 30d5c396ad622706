import pytest

from wijkbudget.tally.counting import RULES, UnknownRule, rule_of
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.outcome import Settings
from wijkbudget.tally.turns import BadSettings, Misfit


def test_every_rule_is_found_by_its_name_and_comes_back_from_its_settings() -> None:
    assert list(RULES) == ["most-votes", "votes-per-euro", "equal-shares", "phragmen", "best-value"]
    for name, kind in RULES.items():
        rule = rule_of(name, {})
        assert (type(rule), rule.name) == (kind, name)
        assert rule_of(name, rule.settings) == rule


def test_settings_are_read_from_plain_values() -> None:
    settings: Settings = {"misfit": "stretch", "percent": 80, "minimum": 5}
    assert rule_of("votes-per-euro", settings) == VotesPerEuro(Misfit.STRETCH, 80, 5)
    assert rule_of("most-votes", {"misfit": "stop"}) == MostVotes(Misfit.STOP)
    assert rule_of("most-votes", settings).settings == settings


def test_an_unknown_rule_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownRule, match=r"'borda'; most-votes, votes-per-euro, .*best-value are"):
        rule_of("borda", {})


@pytest.mark.parametrize(
    ("name", "settings", "reason"),
    [
        ("most-votes", {"utility": "cost", "completion": "none"}, "the rule most-votes has no setting 'completion'"),
        ("most-votes", {"misfit": "jump"}, "'jump' is not a valid Misfit"),
        ("most-votes", {"misfit": 3}, "3 is not a text"),
        ("most-votes", {"minimum": "3"}, "'3' is not a whole number"),
        ("most-votes", {"minimum": -3}, "a minimum of -3 points"),
        ("most-votes", {"misfit": "stretch"}, "stretch with 0 percent"),
        ("phragmen", {"misfit": "stretch"}, "stretch"),
    ],
)
def test_settings_that_a_rule_cannot_have_are_refused_by_name(
    name: str, settings: dict[str, str | int], reason: str
) -> None:
    with pytest.raises(BadSettings, match=reason):
        rule_of(name, settings)
