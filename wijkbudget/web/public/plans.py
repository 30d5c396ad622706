"""The plans of a round, the page of one plan, and its photo."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from ...ballots.queries import codes_made, envelopes
from ...plans.queries import photo_rendition
from ...plans.tables import Plan
from ..access import signed_in_person
from ..blueprints import public
from ..cards import cards
from ..lookup import round_or_404, visible_plan_or_404
from ..outcome import PlanOutcome, outcome_view, published_result
from ..transactions import session
from .shelf import menu_ids, shelf

FOR_A_YEAR = "public, max-age=31536000, immutable"  # a photo never changes: a new one has a new name


@public.route("/rondes/<string:slug>/plannen")
def plans(slug: str) -> ResponseReturnValue:
    """The plans that stand on the site, a page at a time."""
    round_ = round_or_404(slug)
    page = max(1, request.args.get("pagina", 1, int))
    shown = shelf(session(), round_, page=page, person=signed_in_person())
    if page > shown.pages:
        abort(404)
    return render_template(
        "public/plans.html",
        round=round_,
        result=published_result(session(), round_),
        shelf=shown,
        page=page,
        voted=envelopes(session(), round_.id),
        codes=codes_made(session(), round_.id),
    )


@public.route("/plannen/<int:plan_id>")
def plan(plan_id: int) -> ResponseReturnValue:
    """One plan: what and why, what it costs, what the city says and where it stands."""
    plan_ = visible_plan_or_404(plan_id)
    person = signed_in_person()
    return render_template(
        "public/plan.html",
        plan=plan_,
        card=cards(session(), [plan_], person)[0],
        is_mine=person is not None and person.id == plan_.author_id,
        is_on_menu=plan_.id in menu_ids(session(), plan_.round),
        result=published_result(session(), plan_.round),
        counted=_counted(plan_),
    )


def _counted(plan: Plan) -> PlanOutcome | None:
    result = published_result(session(), plan.round)
    found = outcome_view(session(), plan.round, result).plans if result else ()
    return next((outcome for outcome in found if outcome.card.id == plan.id), None)


@public.route("/fotos/<string:name>/<int:width>.webp")
def photo(name: str, width: int) -> ResponseReturnValue:
    """A photo at one of its widths; browsers may keep it."""
    rendition = photo_rendition(session(), name, width)
    if rendition is None:
        abort(404)
    return Response(rendition.webp, mimetype="image/webp", headers={"Cache-Control": FOR_A_YEAR})
