"""All rounds, and the page of one: where it stands, its dates and its rules."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from ...ballots.queries import codes_made, envelopes
from ...plans.queries import placed_per_round, plan_totals
from ...results.tables import Result
from ...rounds.queries import rounds as all_rounds
from ...rounds.rules import Phase
from ...rounds.tables import Round
from ..access import signed_in_person
from ..blueprints import public
from ..cards import Card
from ..lookup import round_or_404
from ..outcome import published_result
from ..round_rules import rules_in_words
from ..transactions import phase_of, session
from .overview import URGENCY
from .shelf import shelf

SHOWN_PLANS = 3
SHOWN_PHASES = (*URGENCY, Phase.ANNOUNCED, Phase.RESULT)


@public.get("/rondes")
def rounds() -> ResponseReturnValue:
    """All rounds by phase."""
    found = all_rounds(session())
    by_phase = [(phase, [round_ for round_ in found if phase_of(round_.schedule) is phase]) for phase in SHOWN_PHASES]
    groups = [(phase, rounds_) for phase, rounds_ in by_phase if rounds_]
    return render_template("public/rounds.html", groups=groups, plans=placed_per_round(session()))


@public.get("/rondes/<string:slug>")
def round(slug: str) -> ResponseReturnValue:
    """Where a round stands, what can be done now, all its dates and its rules in plain words."""
    round_ = round_or_404(slug)
    result = published_result(session(), round_)
    return render_template(
        "public/round.html",
        round=round_,
        result=result,
        figures=plan_totals(session(), round_.id),
        plans=_some_plans(round_, result),
        voted=envelopes(session(), round_.id),
        codes=codes_made(session(), round_.id),
        rules=rules_in_words(round_),
    )


def _some_plans(round_: Round, result: Result | None) -> Sequence[Card]:
    """All plans that won, or a few of those that compete."""
    shown = len(result.decided.funded) if result else SHOWN_PLANS
    return shelf(session(), round_, result, signed_in_person(), size=max(shown, 1)).cards[:shown]
