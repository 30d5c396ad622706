"""The form of a round's terms shows what is stored, and stores what it shows."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.builders import Builder
from tests.moments import ANNOUNCED, REVIEWING, SCHEDULE
from tests.web.official.filled import filled_in
from wijkbudget.places.queries import neighbourhoods
from wijkbudget.rounds.rules import Phase
from wijkbudget.web.official.terms import TermsForm, terms_of


def form_with(build: Builder, values: dict[str, str]) -> TermsForm:
    """The form as it was sent."""
    form = TermsForm(now=ANNOUNCED, formdata=MultiDict(values))
    form.neighbourhoods.offer(neighbourhoods(build.session))
    return form


def test_what_is_stored_is_shown_and_comes_back_the_same(app: Flask, build: Builder) -> None:
    round_ = build.round()
    with app.test_request_context():
        values = terms_of(round_)
    assert values["submitting"] == SCHEDULE.submitting.replace(tzinfo=None) + timedelta(hours=2)
    assert (values["title"], values["criteria"], values["version"]) == (
        round_.title,
        round_.criteria[0],
        round_.version,
    )


def test_a_complete_form_gives_its_terms(app: Flask, build: Builder) -> None:
    values = filled_in(build)
    with app.test_request_context(method="POST", data=values):
        form = form_with(build, values)
        assert form.validate(), form.errors
        assert form.terms().title == values["title"]


def test_every_start_that_comes_too_early_is_named_at_its_own_field(app: Flask, build: Builder) -> None:
    values = filled_in(build)
    values |= {"voting": values["submitting"], "result": values["submitting"]}
    with app.test_request_context(method="POST", data=values):
        form = form_with(build, values)
        assert not form.validate()
        assert {"voting", "result"} <= set(form.errors)


def test_only_a_start_that_has_passed_lies_fixed(app: Flask) -> None:
    with app.test_request_context():
        form = TermsForm(now=REVIEWING, old=replace(SCHEDULE))
    assert [phase for phase in Phase if phase is not Phase.ANNOUNCED and form.has_begun(phase)] == [
        Phase.SUBMITTING,
        Phase.REVIEWING,
    ]
