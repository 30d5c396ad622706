"""All rounds, and the page of one: where it stands, its dates and its rules."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ...ballots.queries import codes_made, envelopes
from ...figures.queries import placed_per_round
from ...plans.queries import round_figures
from ...rounds.queries import rounds as all_rounds
from ...rounds.rules import Phase
from ..access import signed_in_person
from ..blueprints import public
from ..lookup import round_or_404
from ..outcome import published_result
from ..transactions import now, session
from .overview import URGENCY
from .shelf import shelf

SHOWN_PLANS = 3
SHOWN_PHASES = (*URGENCY, Phase.ANNOUNCED, Phase.RESULT)


@public.route("/rondes")
def rounds() -> ResponseReturnValue:
    """All rounds by phase."""
    found = all_rounds(session())
    by_phase = [(phase, [here for here in found if here.schedule.phase_at(now()) is phase]) for phase in SHOWN_PHASES]
    groups = [(phase, here) for phase, here in by_phase if here]
    return render_template("public/rounds.html", groups=groups, plans=placed_per_round(session()))


@public.route("/rondes/<string:slug>")
def round(slug: str) -> ResponseReturnValue:
    """Where a round stands, what can be done now, all its dates and its rules in plain words."""
    round_ = round_or_404(slug)
    return render_template(
        "public/round.html",
        round=round_,
        result=published_result(session(), round_),
        figures=round_figures(session(), round_.id),
        plans=shelf(session(), round_, person=signed_in_person()).cards[:SHOWN_PLANS],
        voted=envelopes(session(), round_.id),
        codes=codes_made(session(), round_.id),
    )
