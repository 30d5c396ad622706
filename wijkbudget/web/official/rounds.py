"""All rounds, and one round with what there is to do in it."""

from fractions import Fraction
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ...ballots.queries import codes_made, envelopes
from ...plans.queries import menu_plans, round_figures
from ...results.queries import result_of
from ...rounds import queries
from ...rounds.rules import Phase
from ...rounds.tables import Round
from ..blueprints import official
from ..forms import Form
from ..lookup import round_or_404
from ..transactions import now, session
from .fields import WholeNumberField


class CodesForm(Form):
    """How many codes."""

    size = WholeNumberField(_l("Aantal nieuwe stemcodes"), _l("Vul een heel getal in: minimaal 1."), lowest=1)


@official.get("")
def rounds() -> ResponseReturnValue:
    """Every round with its phase and dates."""
    return render_template("official/rounds.html", rounds=queries.rounds(session()))


@official.get("/rondes/<string:slug>")
def round(slug: str) -> ResponseReturnValue:
    """The dashboard of one round."""
    chosen = round_or_404(slug)
    return render_template("official/round.html", form=CodesForm(), refusal=None, **dashboard(chosen))


def dashboard(round: Round) -> dict[str, Any]:
    """What the dashboard tells about a round; how many voted, never for what."""
    used = envelopes(session(), round.id)
    result = result_of(session(), round.id)
    return {
        "round": round,
        "phase": round.schedule.phase_at(now()),
        "figures": round_figures(session(), round.id),
        "menu_size": len(menu_plans(session(), round.id)),
        "codes": codes_made(session(), round.id),
        "used": used,
        "turnout": Fraction(used, round.electorate.eligible),
        "result": result,
        "can_change": now() < round.schedule.voting,
        "can_make_codes": now() < round.schedule.counting,
        "step": _step(round, is_counted=result is not None, is_published=bool(result and result.published_at)),
    }


def _step(round: Round, *, is_counted: bool, is_published: bool) -> str:
    """What an official does next: the name of the phase, or how far the count is after it."""
    phase = round.schedule.phase_at(now())
    if phase not in (Phase.COUNTING, Phase.RESULT):
        return phase.value
    if not is_counted:
        return "counting"
    return "published" if is_published else "counted"
