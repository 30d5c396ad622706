"""How people choose: each form of ballot with its own limits, objected to at their own fields, others left aside."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.builders import Builder
from tests.moments import ANNOUNCED
from tests.web.official.filled import filled_in
from wijkbudget.places.queries import neighbourhoods
from wijkbudget.rounds.forms import SETTINGS, BallotForm, Form
from wijkbudget.web.official.balloting import BALLOT_FIELDS, BallotFields, setting_fields, values_of_ballot


def sent(app: Flask, build: Builder, **answers: str) -> BallotFields:
    """The form with these answers about the ballot, validated."""
    values = filled_in(build, approval_max_choices="") | answers
    with app.test_request_context(method="POST", data=values):
        form = BallotFields(now=ANNOUNCED, formdata=MultiDict(values)).offering(neighbourhoods(build.session))
        form.validate()
    return form


def test_every_form_has_a_field_for_each_of_its_settings() -> None:
    assert set(BALLOT_FIELDS) == set(Form)
    for form in Form:
        assert set(setting_fields(form)) == SETTINGS[form]


@pytest.mark.parametrize(
    ("answers", "ballot"),
    [
        ({"ballot_form": "basket"}, BallotForm(Form.BASKET)),
        (
            {"ballot_form": "basket", "basket_min_choices": "1", "basket_max_choices": "4"},
            BallotForm(Form.BASKET, max_choices=4, min_choices=1),
        ),
        ({"ballot_form": "approval", "approval_max_choices": "3"}, BallotForm(Form.APPROVAL, max_choices=3)),
        ({"ballot_form": "one"}, BallotForm(Form.ONE)),
        (
            {"ballot_form": "points", "points_total_points": "5", "points_most_points": "3"},
            BallotForm(Form.POINTS, total_points=5, most_points=3),
        ),
        ({"ballot_form": "ranking", "ranking_max_choices": "5"}, BallotForm(Form.RANKING, max_choices=5)),
    ],
)
def test_each_form_is_taken_with_its_limits(
    app: Flask, build: Builder, answers: dict[str, str], ballot: BallotForm
) -> None:
    form = sent(app, build, **answers)

    assert form.errors == {}
    assert form.chosen_ballot() == ballot
    assert values_of_ballot(ballot).items() >= {"ballot_form": answers["ballot_form"]}.items()


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"ballot_form": "approval"}, "approval_max_choices", "Vul in hoeveel plannen iemand mag kiezen: minimaal 1."),
        (
            {"ballot_form": "approval", "approval_max_choices": "2", "approval_min_choices": "3"},
            "approval_min_choices",
            "Iemand kan niet minimaal 3 plannen kiezen en maximaal 2.",
        ),
        ({"ballot_form": "basket", "basket_min_choices": "0"}, "basket_min_choices", "1 of meer."),
        (
            {"ballot_form": "points"},
            "points_total_points",
            "Vul in hoeveel punten iemand mag verdelen: van 1 tot en met 10.000.",
        ),
        (
            {"ballot_form": "points", "points_total_points": "5", "points_most_points": "6"},
            "points_most_points",
            "Vul in hoeveel punten 1 plan mag krijgen: van 1 tot en met 5.",
        ),
        ({"ballot_form": "ranking"}, "ranking_max_choices", "Vul in hoeveel plannen iemand mag kiezen: minimaal 1."),
        ({"ballot_form": "ranking", "ranking_max_choices": "x"}, "ranking_max_choices", "Vul een heel getal in"),
    ],
)
def test_a_limit_that_is_wrong_is_told_at_its_field(
    app: Flask, build: Builder, answers: dict[str, str], field: str, sentence: str
) -> None:
    errors = sent(app, build, **answers).errors

    assert list(errors) == [field]
    assert sentence in errors[field][0]


def test_what_stands_under_another_form_is_left_aside(app: Flask, build: Builder) -> None:
    form = sent(app, build, ballot_form="one", approval_max_choices="veel", points_total_points="5")

    assert form.errors == {}
    assert form.chosen_ballot() == BallotForm(Form.ONE)
