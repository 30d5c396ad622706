"""The result of a round, and all results."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ...ballots.keeping import was_open
from ...results.export import has_plan_left
from ...results.queries import published_results
from ...tally.turnout import turnout
from ..blueprints import public
from ..lookup import round_or_404
from ..outcome import outcome_view, published_result
from ..transactions import session


@public.get("/rondes/<string:slug>/uitslag")
def result(slug: str) -> ResponseReturnValue:
    """What the vote came to and why; before it is published, when that will be."""
    round_ = round_or_404(slug)
    found = published_result(session(), round_)
    if found is None:
        return render_template("public/result.html", round=round_, outcome=None)
    return render_template(
        "public/result.html",
        round=round_,
        result=found,
        outcome=outcome_view(session(), round_, found),
        was_open=was_open(session(), round_),
        has_ballots=found.decided.ballots >= round_.voting.publish_ballots_from,
        has_plan=has_plan_left(found.decided),
    )


@public.get("/uitslagen")
def results() -> ResponseReturnValue:
    """All published results, the newest first."""
    rows = [
        (round_, result, turnout(result.voted, result.eligible), len(result.decided.funded))
        for round_, result in published_results(session())
    ]
    return render_template("public/results.html", rows=rows)
