"""The public draw that a count waits for: one official types in what came out, another types it again."""

from collections.abc import Sequence
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...plans.queries import plans_by_id
from ...plans.tables import Plan
from ...refusal import Refusal
from ...results import actions
from ...results.queries import draw_of
from ...results.rules import LONGEST_PROOF, LONGEST_SEED, NoDrawNeeded
from ...results.tables import Draw
from ...rounds.tables import Round
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import official
from ..forms import Form, long_text, short_text
from ..lookup import round_or_404
from ..transactions import moment_of_deed, session


class ConfirmForm(Form):
    """What came out of the draw, for the second time."""

    again = short_text(_l("Uitkomst van de loting, nog een keer"), _l("Vul in wat er geloot is."), longest=LONGEST_SEED)


class DrawForm(Form):
    """What came out of the draw, and which draw it was."""

    seed = short_text(_l("Uitkomst van de loting"), _l("Vul in wat er geloot is."), longest=LONGEST_SEED)
    proof = long_text(
        _l("Welke loting was dit, en waar kan iedereen de uitkomst zien?"),
        _l("Vertel welke loting het was en waar iedereen de uitkomst kan zien."),
        longest=LONGEST_PROOF,
    )


@official.route("/rondes/<string:slug>/loting", methods=["GET", "POST"])
def draw(slug: str) -> ResponseReturnValue:
    """What the draw is for; whoever types first."""
    round_ = round_or_404(slug)
    form, values = DrawForm(), _told(round_)

    def enter() -> ResponseReturnValue:
        actions.enter_draw(
            session(), round=round_, official=me(), seed=form.seed.data, proof=form.proof.data, now=moment_of_deed()
        )
        flash(_("De uitkomst is bewaard. Vraag nu een collega om die ook in te vullen."))
        return see_other("official.draw", slug=slug)

    return answer(
        form, enter, lambda refusal: _page(form, refusal, entry=form, confirmation=ConfirmForm(None), **values)
    )


@official.post("/rondes/<string:slug>/loting/bevestigen")
def confirm_draw(slug: str) -> ResponseReturnValue:
    """Whoever types second: the count goes on with it."""
    round_ = round_or_404(slug)
    form, values = ConfirmForm(), _told(round_)

    def confirm() -> ResponseReturnValue:
        actions.confirm_draw(session(), round=round_, official=me(), seed=form.again.data, now=moment_of_deed())
        flash(_("De uitkomst ligt vast. De stemmen worden nu vanzelf geteld."))
        return see_other("official.round", slug=slug)

    return answer(
        form, confirm, lambda refusal: _page(form, refusal, entry=DrawForm(None), confirmation=form, **values)
    )


def _told(round_: Round) -> dict[str, Any]:
    """The draw with the plans it decides among. Raises NoDrawNeeded."""
    needed = draw_of(session(), round_.id)
    if needed is None:
        raise NoDrawNeeded()
    return {"round": round_, "draw": needed, "groups": _groups(needed), "is_mine": needed.entered_by == me().id}


def _groups(needed: Draw) -> list[Sequence[Plan]]:
    return [plans_by_id(session(), group) for group in needed.groups]


def _page(form: Form, refusal: Refusal | None, **values: Any) -> ResponseReturnValue:
    return form_page("official/draw.html", form, refusal, **values)
