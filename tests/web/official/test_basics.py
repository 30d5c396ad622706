"""The first part of the form: every start that is wrong is named at its own field, and only the past lies fixed."""

from dataclasses import replace

from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.builders import Builder
from tests.moments import ANNOUNCED, REVIEWING, SCHEDULE
from tests.web.official.filled import filled_in
from wijkbudget.places.queries import neighbourhoods
from wijkbudget.rounds.rules import Phase
from wijkbudget.web.official.basics import STARTS, BasicFields, lines


def test_every_start_that_comes_too_early_is_named_at_its_own_field(app: Flask, build: Builder) -> None:
    values = filled_in(build)
    values |= {"voting": values["submitting"], "result": values["submitting"]}
    with app.test_request_context(method="POST", data=values):
        form = BasicFields(now=ANNOUNCED, formdata=MultiDict(values)).offering(neighbourhoods(build.session))
        assert not form.validate()
        assert set(form.errors) == {"voting", "result"}


def test_a_valid_form_gives_its_schedule(app: Flask, build: Builder) -> None:
    values = filled_in(build)
    with app.test_request_context(method="POST", data=values):
        form = BasicFields(now=ANNOUNCED, formdata=MultiDict(values)).offering(neighbourhoods(build.session))
        assert form.validate(), form.errors
        assert form.schedule == SCHEDULE


def test_only_a_start_that_has_passed_lies_fixed(app: Flask) -> None:
    with app.test_request_context():
        form = BasicFields(now=REVIEWING, old=replace(SCHEDULE))
    assert [phase for phase in STARTS if form.has_begun(phase)] == [Phase.SUBMITTING, Phase.REVIEWING]


def test_lines_are_trimmed_and_empty_ones_left_out() -> None:
    assert lines(" a \n\n  \nb") == ("a", "b")
    assert lines(None) == ()
