"""Text, amounts, and checks that ask the rule itself."""

from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms import ValidationError

from wijkbudget.places.rules import valid_postcode
from wijkbudget.web.forms import EurosField, Form, cents_of, long_text, obeys, short_text, trimmed, version_field
from wijkbudget.web.public.home import PostcodeForm


class ExampleForm(Form):
    title = short_text("Titel", "Vul een titel in.", longest=5)
    text = long_text("Tekst", "Vul een tekst in.", longest=20)
    cost = EurosField("Kosten")


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/"):
        yield app


def filled(app: Flask, **fields: str) -> ExampleForm:
    data = {"title": "Bank", "text": "Een bank.", "cost": "400"} | fields
    with app.test_request_context("/", method="POST", data=data):
        form = ExampleForm()
        form.validate()
        return form


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12.500", 1_250_000), ("12500", 1_250_000), ("12500,5", 1_250_050), ("12.500,50", 1_250_050),
        ("400,-", 40_000), ("400,--", 40_000), ("0,01", 1), ("1.000.000.000", 10**11),
    ],
)  # fmt: skip
def test_an_amount_may_be_written_in_the_ways_people_do(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "text", ["0", "-5", "12,500", "1.2", "veel", "1e5", "12.50.00", "9999999999999", "1.000.000.001"]
)
def test_an_amount_that_can_be_misread_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        cents_of(text)


def test_signs_and_spaces_around_an_amount_do_not_matter(app: Flask) -> None:
    assert filled(app, cost=" € 12.500 ").cost.data == 1_250_000


def test_an_amount_may_be_left_empty(app: Flask) -> None:
    assert filled(app, cost="").cost.data is None


def test_a_wrong_amount_is_shown_as_it_was_typed(app: Flask) -> None:
    form = filled(app, cost="veel")
    assert form.cost.errors
    assert 'value="veel"' in str(form.cost())


def test_a_stored_amount_is_shown_in_dutch_notation(app: Flask) -> None:
    assert 'value="12.500,50"' in str(ExampleForm(data={"cost": 1_250_050}).cost())
    assert 'value=""' in str(ExampleForm().cost())


def test_text_is_trimmed_and_has_one_kind_of_line_end(app: Flask) -> None:
    assert trimmed("  a\r\nb ") == "a\nb"
    assert trimmed(None) is None
    assert filled(app, text=" een\r\ntwee ").text.data == "een\ntwee"


def test_white_space_alone_is_no_text(app: Flask) -> None:
    assert filled(app, title="   ").title.errors == ["Vul een titel in."]


@pytest.mark.parametrize(("title", "errors"), [("12345", 0), ("123456", 1)])
def test_text_has_a_longest_length(app: Flask, title: str, errors: int) -> None:
    assert len(filled(app, title=title).title.errors) == errors


def test_a_field_says_the_sentence_of_the_rule_that_refused(app: Flask) -> None:
    form = PostcodeForm(formdata=None, data={"postcode": "hier"})
    with pytest.raises(ValidationError, match="4 cijfers en 2 letters"):
        obeys(valid_postcode)(form, form.postcode)
    form.postcode.data = "2593AB"
    obeys(valid_postcode)(form, form.postcode)


@pytest.mark.parametrize(("version", "errors"), [("0", 0), ("7", 0), ("", 1), ("x", 1)])
def test_a_page_names_its_version(app: Flask, version: str, errors: int) -> None:
    class Versioned(Form):
        version = version_field()

    with app.test_request_context("/", method="POST", data={"version": version}):
        form = Versioned()
        form.validate()
        assert len(form.version.errors) == errors
