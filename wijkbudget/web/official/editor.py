"""Making a round, and changing it until voting opens."""

from functools import partial
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...ballots.actions import change_terms
from ...places.queries import neighbourhoods
from ...rounds.actions import BEFORE_VOTING, make_round
from ...rounds.forms import Form
from ...rounds.rules import require_phase, require_unfrozen
from ...tally.counting import RULES
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import official
from ..lookup import round_or_404
from ..round_rules import KEEPING
from ..transactions import moment_of_deed, now, session
from .balloting import BALLOT_FIELDS
from .basics import STARTS
from .explained import explanations
from .settings import setting_fields
from .terms import EditTermsForm, TermsForm, terms_of


@official.route("/rondes/nieuw", methods=["GET", "POST"])
def new_round() -> ResponseReturnValue:
    """The form for a new round."""
    form = TermsForm(now=now()).offering(neighbourhoods(session()))

    def make() -> ResponseReturnValue:
        made = make_round(session(), terms=form.terms(), official=me(), now=moment_of_deed())
        flash(_("De ronde is gemaakt."))
        return see_other("official.round", slug=made.slug)

    return answer(form, make, partial(form_page, "official/new_round.html", form, **_told()))


@official.route("/rondes/<string:slug>/wijzigen", methods=["GET", "POST"])
def edit_round(slug: str) -> ResponseReturnValue:
    """The form with the terms of a round."""
    round_ = round_or_404(slug)
    require_phase(round_.schedule, BEFORE_VOTING, now())
    require_unfrozen(round_.frozen_at)
    form = EditTermsForm(now=now(), old=round_.schedule, data=terms_of(round_)).offering(neighbourhoods(session()))

    def change() -> ResponseReturnValue:
        change_terms(
            session(), round=round_, terms=form.terms(), version=form.version.data, official=me(), now=moment_of_deed()
        )
        flash(_("De ronde is veranderd."))
        return see_other("official.round", slug=slug)

    return answer(form, change, partial(form_page, "official/edit_round.html", form, round=round_, **_told()))


def _told() -> dict[str, Any]:
    """What both pages need to ask and explain."""
    return {
        "starts": STARTS,
        "explained": explanations(),
        "ballot_fields": {form.value: BALLOT_FIELDS[form] for form in Form},
        "key_keeping": KEEPING,
        "rule_fields": {name: setting_fields(rule) for name, rule in RULES.items()},
    }
