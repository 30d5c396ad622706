"""What the count came to, and making it public."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...results.actions import publish_result
from ...results.queries import result_of, waits_for_draw
from ...results.rules import NotCounted
from ..access import me
from ..answers import see_other
from ..blueprints import official
from ..lookup import round_or_404
from ..outcome import outcome_view
from ..transactions import moment_of_deed, session
from .books import books_view


@official.get("/rondes/<string:slug>/uitslag")
def result(slug: str) -> ResponseReturnValue:
    """The result of a counted round, before and after its publication."""
    round_ = round_or_404(slug)
    counted = result_of(session(), round_.id)
    if counted is None and waits_for_draw(session(), round_.id):  # where the letter about the draw leads
        return see_other("official.draw", slug=slug)
    if counted is None:
        raise NotCounted()
    view = outcome_view(session(), round_, counted)
    books = books_view(round_)
    return render_template("official/result.html", round=round_, result=counted, view=view, books=books)


@official.post("/rondes/<string:slug>/publiceren")
def publish(slug: str) -> ResponseReturnValue:
    """Everybody sees the result from now on."""
    round_ = round_or_404(slug)
    publish_result(session(), round=round_, official=me(), now=moment_of_deed())
    flash(_("De uitslag is bekendgemaakt. De indieners krijgen een e-mail."))
    return see_other("official.result", slug=slug)
