"""How a form is answered: by its deed, or by its page with what was filled in."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue

from wijkbudget.refusal import Refusal
from wijkbudget.rounds.rules import NoBudget
from wijkbudget.web.answers import answer, form_page, see_other
from wijkbudget.web.forms import Form, short_text
from wijkbudget.web.public.home import PostcodeForm


class ExampleForm(Form):
    title = short_text("Titel", "Vul een titel in.", longest=5)


@pytest.fixture(autouse=True)
def visit(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def page(refusal: Refusal | None) -> str:
    return f"page of {type(refusal).__name__}"


def refuse() -> str:
    raise NoBudget()


def test_a_fresh_form_is_answered_with_its_page() -> None:
    assert answer(ExampleForm(), refuse, page) == "page of NoneType"


@pytest.mark.parametrize(
    ("title", "refused", "answered"),
    [("Bank", False, "done"), ("Bank", True, "page of NoBudget"), ("", False, "page of NoneType")],
)
def test_a_sent_form_is_answered_with_its_deed_unless_it_is_wrong_or_refused(
    app: Flask, title: str, refused: bool, answered: str
) -> None:
    def deed() -> ResponseReturnValue:
        return refuse() if refused else "done"

    with app.test_request_context("/", method="POST", data={"title": title}):
        assert answer(ExampleForm(), deed, page) == answered


def test_a_failure_that_is_no_refusal_is_not_hidden(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"title": "Bank"}), pytest.raises(ZeroDivisionError):
        answer(ExampleForm(), lambda: str(1 // 0), page)


def status(form: Form, refusal: Refusal | None = None) -> int:
    return form_page("public/find_neighbourhood.html", form, refusal, city=_City(), near=None).status_code


class _City:
    neighbourhoods = ()


def test_a_fresh_form_is_an_ordinary_page() -> None:
    assert status(PostcodeForm(formdata=None)) == 200


def test_a_form_with_mistakes_is_unprocessable() -> None:
    form = PostcodeForm(formdata=None)
    form.validate()
    assert status(form) == 422


def test_a_refusal_gives_its_own_status() -> None:
    assert status(PostcodeForm(formdata=None), NoBudget()) == 422


def test_a_browser_is_sent_on_by_get() -> None:
    led = see_other("public.plan", plan_id=7)
    assert (led.status_code, led.location) == (303, "/plannen/7")
