"""How a view answers a form: do what was asked and lead on, or show the page again with what was filled in."""

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.wrappers import Response as Redirect

from ..refusal import Refusal
from .forms import Form
from .sentences import answer_to
from .voting_sentences import UNPROCESSABLE

SEE_OTHER = 303


def answer(
    form: Form, deed: Callable[[], ResponseReturnValue], page: Callable[[Refusal | None], ResponseReturnValue]
) -> ResponseReturnValue:
    """What the deed answers when the form was sent and is valid; else, or when the deed is refused, the page."""
    if not form.validate_on_submit():
        return page(None)
    try:
        return deed()
    except Refusal as refusal:
        return page(refusal)


def form_page(template: str, form: Form, refusal: Refusal | None = None, **values: Any) -> Response:
    """The page with its form as it was filled in: 200 when it is fresh, else why it was refused and what to do."""
    status, sentence = answer_to(refusal) if refusal else (UNPROCESSABLE if form.errors else 200, None)
    return make_response(render_template(template, form=form, refusal=sentence, **values), status)


def see_other(endpoint: str, **values: Any) -> Redirect:
    """On to another page, which the browser asks for by GET."""
    return redirect(url_for(endpoint, **values), SEE_OTHER)
