"""Making a round, and changing it until voting opens."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...ballots.actions import require_room_for_codes
from ...places.queries import neighbourhoods
from ...refusal import Refusal
from ...rounds.actions import BEFORE_VOTING, change_round, make_round
from ...rounds.rules import require_phase
from ..access import me
from ..blueprints import official
from ..forms import form_page
from ..lookup import round_or_404
from ..transactions import now, session
from .terms import STARTS, TermsForm, terms_of

SEE_OTHER = 303


@official.route("/rondes/nieuw", methods=["GET", "POST"])
def new_round() -> ResponseReturnValue:
    """The form for a new round."""
    form = _form()
    refusal = None
    if form.validate_on_submit():
        try:
            made = make_round(session(), terms=form.terms(), official=me(), now=now())
            flash(_("De ronde is gemaakt."))
            return redirect(url_for("official.round", slug=made.slug), SEE_OTHER)
        except Refusal as caught:
            refusal = caught
    return form_page("official/new_round.html", form, refusal, starts=STARTS)


@official.route("/rondes/<string:slug>/wijzigen", methods=["GET", "POST"])
def edit_round(slug: str) -> ResponseReturnValue:
    """The form with the terms of a round."""
    chosen = round_or_404(slug)
    require_phase(chosen.schedule, BEFORE_VOTING, now())
    form = _form(old=chosen.schedule, data=terms_of(chosen))
    refusal = None
    if form.validate_on_submit():
        try:
            terms = form.terms()
            require_room_for_codes(session(), round=chosen, eligible=terms.electorate.eligible)
            change_round(session(), round=chosen, terms=terms, version=form.version.data, now=now())
            flash(_("De ronde is veranderd."))
            return redirect(url_for("official.round", slug=slug), SEE_OTHER)
        except Refusal as caught:
            refusal = caught
    return form_page("official/edit_round.html", form, refusal, starts=STARTS, round=chosen)


def _form(**more: Any) -> TermsForm:
    form = TermsForm(now=now(), **more)
    form.neighbourhoods.offer(neighbourhoods(session()))
    return form
