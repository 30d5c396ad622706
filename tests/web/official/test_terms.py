"""The form of a round's terms shows what is stored, and stores what it shows."""

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.builders import Builder
from tests.moments import ANNOUNCED, SCHEDULE
from tests.web.official.filled import filled_in
from wijkbudget.places.queries import neighbourhoods
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.turns import Misfit
from wijkbudget.web.official.terms import TermsForm, terms_of


def form_with(build: Builder, values: dict[str, str]) -> TermsForm:
    """The form as it was sent."""
    form = TermsForm(now=ANNOUNCED, formdata=MultiDict(values))
    form.neighbourhoods.offer(neighbourhoods(build.session))
    return form


def test_what_is_stored_is_shown(app: Flask, build: Builder) -> None:
    round_ = build.round()
    with app.test_request_context():
        values = terms_of(round_)
    assert values["submitting"] == SCHEDULE.submitting.replace(tzinfo=None) + timedelta(hours=2)
    assert (values["title"], values["criteria"], values["version"]) == (
        round_.title,
        round_.criteria[0],
        round_.version,
    )


@pytest.mark.parametrize(
    ("ballot", "counting"),
    [
        (BallotForm(Form.BASKET), Counting()),
        (BallotForm(Form.BASKET, max_choices=5, min_choices=2), Counting(MostVotes(Misfit.STRETCH, 80, 50))),
        (
            BallotForm(Form.RANKING, max_choices=4),
            Counting(EqualShares(completion=Completion.ADD_ONE, stop=StopAt.OVERSPEND), SeedSource.DRAW, compares=True),
        ),
        (BallotForm(Form.POINTS, total_points=5, most_points=3), Counting(VotesPerEuro(minimum=7))),
    ],
)
def test_what_is_stored_comes_back_the_same(app: Flask, build: Builder, ballot: BallotForm, counting: Counting) -> None:
    round_ = build.round(ballot_form=ballot, counting=counting)
    with app.test_request_context():
        shown = TermsForm(now=ANNOUNCED, data=terms_of(round_))
        shown.neighbourhoods.offer(neighbourhoods(build.session))
        values = MultiDict[str, str]()
        for field in shown:
            if field.name == "neighbourhoods":
                values.setlist(field.name, [str(number) for number in field.data])
            elif field.name in ("compares", "csrf_token"):
                values.setlist(field.name, ["y"] if field.data is True else [])
            elif field.data is not None:
                values[field.name] = field._value() if hasattr(field, "_value") else str(field.data)
    with app.test_request_context(method="POST", data=values):
        form = TermsForm(now=ANNOUNCED, formdata=values).offering(neighbourhoods(build.session))
        assert form.validate(), form.errors
        assert (form.terms().ballot_form, form.terms().counting) == (ballot, counting)


def test_a_complete_form_gives_its_terms(app: Flask, build: Builder) -> None:
    values = filled_in(build)
    with app.test_request_context(method="POST", data=values):
        form = form_with(build, values)
        assert form.validate(), form.errors
        assert form.terms().title == values["title"]
        assert form.terms().counting == Counting()
