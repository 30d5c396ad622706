"""The plans of a round, the page of one plan, and its photo."""

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...ballots.queries import codes_made, envelopes
from ...plans.queries import photo_named, rendition_of
from ...plans.tables import Plan
from ...results.tables import Result
from ...rounds.rules import Phase
from ..access import signed_in_person
from ..blueprints import public
from ..cards import cards
from ..lookup import round_or_404, visible_plan_or_404
from ..outcome import PlanOutcome, ending_of, outcome_view, published_result
from ..standing import State, line_of_events, public_standing, state_of
from ..transactions import now, phase_of, session
from .shelf import shelf

LAST_PAGE = 1000
LIKEABLE = (State.ON_SITE, State.FEASIBLE)
FOR_A_YEAR = "public, max-age=31536000, immutable"  # a photo never changes: a new one has a new name


@public.get("/rondes/<string:slug>/plannen")
def plans(slug: str) -> ResponseReturnValue:
    """The plans that stand on the site, a page at a time."""
    round_ = round_or_404(slug)
    page = min(max(1, request.args.get("pagina", 1, int)), LAST_PAGE)
    result = published_result(session(), round_)
    shown = shelf(session(), round_, result, signed_in_person(), page=page)
    if page > shown.pages:
        abort(404)
    return render_template(
        "public/plans.html",
        round=round_,
        result=result,
        shelf=shown,
        page=page,
        links=[(number, url_for("public.plans", slug=slug, pagina=number)) for number in range(1, shown.pages + 1)],
        voted=envelopes(session(), round_.id),
        codes=codes_made(session(), round_.id),
    )


@public.get("/plannen/<int:plan_id>")
def plan(plan_id: int) -> ResponseReturnValue:
    """One plan: what and why, what it costs, what the city says and where it stands."""
    plan_ = visible_plan_or_404(plan_id)
    person, result = signed_in_person(), published_result(session(), plan_.round)
    counted = _counted(plan_, result) if result else None
    ending = ending_of(plan_, result) if result else None
    return render_template(
        "public/plan.html",
        plan=plan_,
        card=cards(session(), [plan_], person)[0],
        is_mine=person is not None and person.id == plan_.author_id,
        standing=public_standing(plan_, now(), ending),
        events=line_of_events(plan_, now(), ending),
        can_vote=state_of(plan_, now(), ending) is State.IN_VOTE,
        can_like=phase_of(plan_.round.schedule) is Phase.SUBMITTING and state_of(plan_, now()) in LIKEABLE,
        result=result,
        counted=counted,
    )


def _counted(plan: Plan, result: Result) -> PlanOutcome | None:
    found = outcome_view(session(), plan.round, result).plans
    return next((outcome for outcome in found if outcome.card.id == plan.id), None)


@public.get("/fotos/<string:name>/<int:width>.webp")
def photo(name: str, width: int) -> ResponseReturnValue:
    """A photo at one of its widths, for whoever may see its plan; once the plan is placed, browsers may keep it."""
    found = photo_named(session(), name) or abort(404)
    rendition = rendition_of(session(), found, width) or abort(404)
    if not found.plan.is_visible_to(signed_in_person()):
        abort(404)
    keeping = FOR_A_YEAR if found.plan.was_placed else "no-store"
    return Response(rendition.webp, mimetype="image/webp", headers={"Cache-Control": keeping})
