"""From the code in the letter to the receipt: code, choose, check, sent."""

import secrets

from flask import redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from ...ballots.actions import cast_ballot, find_code
from ...ballots.codes import written_code
from ...ballots.queries import has_voted
from ...ballots.rules import BlankOrChoices, FrozenRules, valid_ballot
from ...ballots.urn import NONCE_BYTES
from ...plans.queries import ballot_plans
from ...refusal import Refusal
from ..blueprints import voter
from ..forms import Form, form_page
from ..transactions import parts, session
from .booth import (
    Booth,
    current_booth,
    enter_booth,
    keep_choices,
    keep_receipt,
    kept_choices,
    kept_receipt,
    leave_booth,
)


class CodeForm(Form):
    """The code from the letter; autocomplete is off, since the code is used once."""

    code = StringField(_l("Uw stemcode"), validators=[DataRequired(_l("Vul de stemcode uit uw brief in."))])


class ChoicesForm(Form):
    """The plans that are chosen, or a blank vote said in so many words."""

    plan = SelectMultipleField(
        _l("Plannen"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(), validate_choice=False
    )
    blank = BooleanField(_l("Ik kies geen van deze plannen"))


class SendForm(Form):
    """What was checked, with the number that makes sending it twice the same as once."""

    plan = SelectMultipleField(coerce=int, validate_choice=False)
    nonce = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])


@voter.route("", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Step 1: the code."""
    form, refusal = CodeForm(), None
    if form.validate_on_submit():
        try:
            enter_booth(find_code(session(), typed=form.code.data or "", pepper=parts().config.code_pepper))
            return redirect(url_for("voter.choose"), 303)
        except Refusal as caught:
            refusal = caught
    return form_page("voter/code.html", form, refusal)


@voter.route("/kiezen", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Step 2: choose plans; "reken" shows the total, "controleer" goes on."""
    booth = current_booth()
    if booth is None:
        return redirect(url_for("voter.code"), 303)
    kept = kept_choices()
    form = ChoicesForm(data={"plan": kept or [], "blank": kept == []})
    refusal = None
    if form.validate_on_submit() and request.form.get("doe") != "reken":
        try:
            keep_choices(_chosen(form, booth.rules))
            return redirect(url_for("voter.check"), 303)
        except Refusal as caught:
            refusal = caught
    return form_page("voter/choose.html", form, refusal, **_ballot_paper(booth, form.plan.data or []))


def _chosen(form: ChoicesForm, rules: FrozenRules) -> list[int]:
    choices = form.plan.data or []
    if bool(choices) == form.blank.data:
        raise BlankOrChoices()
    return list(valid_ballot(choices, rules).choices)


@voter.route("/controleren", methods=["GET", "POST"])
def check() -> ResponseReturnValue:
    """Step 3: check, and send."""
    booth = current_booth()
    if booth is None:
        return redirect(url_for("voter.code"), 303)
    form, refusal = SendForm(), None
    if form.validate_on_submit():
        try:
            keep_receipt(_cast(booth, form), booth.round.id)
            return redirect(url_for("voter.receipt"), 303)
        except Refusal as caught:
            refusal = caught
    if kept_choices() is None and not form.is_submitted():
        return redirect(url_for("voter.choose"), 303)
    if not form.is_submitted():
        form = SendForm(data={"plan": kept_choices(), "nonce": secrets.token_hex(NONCE_BYTES)})
    return form_page("voter/check.html", form, refusal, **_ballot_paper(booth, form.plan.data or []))


def _cast(booth: Booth, form: SendForm) -> str:
    return cast_ballot(
        session(),
        entitlement_id=booth.entitlement_id,
        choices=form.plan.data or [],
        nonce=bytes.fromhex(form.nonce.data or ""),
        clock=parts().clock,
    )


@voter.get("/ontvangst")
def receipt() -> ResponseReturnValue:
    """The receipt: the vote is in the urn."""
    fingerprint, round_ = kept_receipt()
    return render_template("voter/receipt.html", fingerprint=written_code(fingerprint), round=round_)


@voter.post("/stoppen")
def stop() -> ResponseReturnValue:
    """Leave the booth; this browser remembers nothing of it."""
    leave_booth()
    return redirect(url_for("public.home"), 303)


def _ballot_paper(booth: Booth, chosen: list[int]) -> dict[str, object]:
    """What the pages of the booth show: the menu in this voter's order, the total and what is left, in cents."""
    costs = {item.plan_id: item.cost for item in booth.rules.menu}
    total = sum(costs.get(plan_id, 0) for plan_id in chosen)
    seed = cookie.setdefault("seed", 1 + secrets.randbelow(2**31 - 3))
    plans = ballot_plans(session(), list(costs), seed=seed)
    return {
        "round": booth.round,
        "rules": booth.rules,
        "plans": plans,
        "costs": costs,
        "chosen": chosen,
        "total": total,
        "left": booth.rules.budget - total,
        "has_voted": has_voted(session(), booth.entitlement_id),
    }
