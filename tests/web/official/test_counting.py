"""How ballots are counted: each rule with its own settings, objected to at their own fields, others left aside."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.builders import Builder
from tests.moments import ANNOUNCED
from tests.web.official.filled import filled_in
from wijkbudget.places.queries import neighbourhoods
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.phragmen import Phragmen
from wijkbudget.tally.rule import Rule, Utility
from wijkbudget.tally.turns import Misfit
from wijkbudget.web.official.counting import CountingFields, values_of_counting


def sent(app: Flask, build: Builder, **answers: str) -> CountingFields:
    """The form with these answers about the count, validated."""
    values = filled_in(build, ballot_form="basket") | answers
    with app.test_request_context(method="POST", data=values):
        form = CountingFields(now=ANNOUNCED, formdata=MultiDict(values)).offering(neighbourhoods(build.session))
        form.validate()
    return form


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({}, MostVotes()),
        ({"rule": "most-votes", "most_votes_misfit": "stop"}, MostVotes(Misfit.STOP)),
        (
            {"most_votes_misfit": "stretch", "most_votes_percent": "80", "most_votes_minimum": "1.000"},
            MostVotes(Misfit.STRETCH, 80, 1000),
        ),
        ({"rule": "votes-per-euro", "votes_per_euro_minimum": "5"}, VotesPerEuro(minimum=5)),
        ({"rule": "equal-shares"}, EqualShares()),
        (
            {
                "rule": "equal-shares", "equal_shares_utility": "one",
                "equal_shares_completion": "add-one", "equal_shares_stop": "overspend",
            },
            EqualShares(Utility.ONE, Completion.ADD_ONE, StopAt.OVERSPEND),
        ),
        ({"rule": "phragmen", "phragmen_misfit": "skip"}, Phragmen(Misfit.SKIP)),
        ({"rule": "best-value", "best_value_utility": "cost"}, BestValue(Utility.COST)),
    ],
)  # fmt: skip
def test_each_rule_is_taken_with_its_settings(app: Flask, build: Builder, answers: dict[str, str], rule: Rule) -> None:
    form = sent(app, build, **answers)

    assert form.errors == {}
    assert form.chosen_counting() == Counting(rule)


def test_a_way_to_stop_adding_is_left_aside_where_nothing_is_added(app: Flask, build: Builder) -> None:
    form = sent(app, build, rule="equal-shares", equal_shares_completion="most-votes", equal_shares_stop="overspend")

    assert form.chosen_rule() == EqualShares(completion=Completion.MOST_VOTES)


def test_what_stands_under_another_rule_is_left_aside(app: Flask, build: Builder) -> None:
    form = sent(app, build, rule="phragmen", most_votes_misfit="stretch", most_votes_minimum="veel")

    assert form.errors == {}
    assert form.chosen_rule() == Phragmen()


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"rule": "loterij"}, "rule", "Kies een telregel."),
        ({"most_votes_misfit": "x"}, "most_votes_misfit", "Kies 1 van deze mogelijkheden."),
        ({"most_votes_misfit": "stretch"}, "most_votes_percent", "van 1 tot en met 99"),
        ({"most_votes_misfit": "stretch", "most_votes_percent": "100"}, "most_votes_percent", "van 1 tot en met 99"),
        ({"most_votes_misfit": "stretch", "most_votes_percent": "x"}, "most_votes_percent", "van 1 tot en met 99"),
        ({"most_votes_misfit": "skip", "most_votes_percent": "80"}, "most_votes_percent", "Laat dit leeg."),
        ({"most_votes_minimum": "0"}, "most_votes_minimum", "1 of meer. Of laat het leeg."),
        ({"seed_source": "x"}, "seed_source", "Kies waar het getal vandaan komt."),
        (
            {"rule": "phragmen", "ballot_form": "ranking", "ranking_max_choices": "3"},
            "rule",
            "Met deze telregel kunnen wij zulke stemmen niet tellen.",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    app: Flask, build: Builder, answers: dict[str, str], field: str, sentence: str
) -> None:
    errors = sent(app, build, **answers).errors

    assert list(errors) == [field]
    assert sentence in errors[field][0]


def test_the_lot_and_the_comparison_are_taken(app: Flask, build: Builder) -> None:
    form = sent(app, build, seed_source="draw", compares="y")

    assert form.chosen_counting() == Counting(MostVotes(), SeedSource.DRAW, compares=True)


def test_numbers_at_their_default_are_shown_empty() -> None:
    shown = values_of_counting(Counting(VotesPerEuro(minimum=5)))

    assert shown["votes_per_euro_percent"] is None
    assert shown["votes_per_euro_minimum"] == 5
    assert (shown["rule"], shown["seed_source"], shown["compares"]) == ("votes-per-euro", "urn", False)
