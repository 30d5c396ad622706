"""From the code in the letter to the receipt: code, choose, check, send. Choices travel in the pages alone."""

import secrets
from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from ...ballots.actions import cast_ballot, find_code
from ...ballots.codes import written_code
from ...ballots.queries import envelope_mark
from ...ballots.rules import SpoiltPage, stated_choices, valid_ballot
from ...ballots.urn import NONCE_BYTES
from ...plans.queries import ballot_plans
from ...refusal import Refusal
from ..answers import answer, form_page, see_other
from ..blueprints import voter
from ..forms import Form
from ..transactions import parts, session
from ..visitor import visitor_seed
from .booth import (
    Booth,
    current_booth,
    enter_booth,
    keep_receipt,
    kept_receipt,
    leave_booth,
    require_open,
    require_same,
)


class CodeForm(Form):
    """The code from the letter; it may be entered again to change a vote."""

    code = StringField(_l("Uw stemcode"), validators=[DataRequired(_l("Vul de stemcode uit uw brief in."))])


class ChoicesForm(Form):
    """The plans that are chosen, or a blank vote said in so many words; `booth` tells whose page it is."""

    plan = SelectMultipleField(
        _l("Plannen"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(), validate_choice=False
    )
    blank = BooleanField(_l("Ik kies geen van deze plannen"))
    booth = HiddenField()


class SendForm(Form):
    """What was checked. `nonce` makes sending it twice the same as once; `replaces` is the vote that the voter saw."""

    plan = SelectMultipleField(coerce=int, validate_choice=False)
    booth = HiddenField()
    nonce = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])
    replaces = HiddenField(validators=[Regexp(r"^([0-9a-f]{64})?$")])


@voter.route("", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Step 1: the code."""
    form = CodeForm()

    def enter() -> ResponseReturnValue:
        enter_booth(find_code(session(), typed=form.code.data, pepper=parts().config.code_pepper))
        return see_other("voter.choose")

    return answer(form, enter, partial(form_page, "voter/code.html", form))


@voter.route("/kiezen", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Step 2: choose plans; sent to itself, the page adds up what they cost."""
    booth = current_booth()
    if booth is None:
        return see_other("voter.code")
    require_open(booth)
    form = ChoicesForm()
    if form.is_submitted():
        require_same(booth, form.booth.data)
    return _choices_page(booth, form)


@voter.post("/controleren")
def check() -> ResponseReturnValue:
    """Step 3: look at the choices again; what is not valid goes back to step 2 with the reason."""
    booth = current_booth()
    if booth is None:
        return see_other("voter.code")
    require_open(booth)
    form = ChoicesForm()
    require_same(booth, form.booth.data)

    def look() -> ResponseReturnValue:
        stated = stated_choices(form.plan.data or [], is_blank=form.blank.data)
        return _check_page(booth, list(valid_ballot(stated, booth.rules).choices))

    return answer(form, look, partial(_choices_page, booth, form))


@voter.get("/controleren")
def check_again() -> ResponseReturnValue:
    """The address of step 3 without choices leads back to step 2."""
    return see_other("voter.choose")


@voter.post("/versturen")
def send() -> ResponseReturnValue:
    """Put the ballot into the urn; the database's own clock judges whether it came in time."""
    booth = current_booth()
    if booth is None:
        return see_other("voter.code")
    form = SendForm()
    require_same(booth, form.booth.data)

    def cast() -> ResponseReturnValue:
        keep_receipt(_cast(booth, form), booth.round.id)
        return see_other("voter.receipt")

    def page(refusal: Refusal | None) -> ResponseReturnValue:
        return _check_page(booth, form.plan.data or [], refusal or SpoiltPage())

    return answer(form, cast, page)


def _cast(booth: Booth, form: SendForm) -> str:
    return cast_ballot(
        session(),
        entitlement_id=booth.entitlement_id,
        choices=form.plan.data or [],
        nonce=bytes.fromhex(form.nonce.data),
        clock=parts().clock,
        replaces=bytes.fromhex(form.replaces.data),
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
    return see_other("public.home")


def _choices_page(booth: Booth, form: ChoicesForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    form.booth.data = booth.mark
    return form_page("voter/choose.html", form, refusal, **_booth_view(booth, form.plan.data or []))


def _check_page(booth: Booth, chosen: list[int], refusal: Refusal | None = None) -> ResponseReturnValue:
    """The page to send from. It is made anew each time: what it replaces is what lies in the urn now."""
    view = _booth_view(booth, chosen)
    seen = view["seen"]
    values = {"plan": chosen, "booth": booth.mark, "nonce": secrets.token_hex(NONCE_BYTES), "replaces": seen}
    return form_page("voter/check.html", SendForm(formdata=None, data=values), refusal, **view)


def _booth_view(booth: Booth, chosen: list[int]) -> dict[str, object]:
    """What the pages of the booth show: the menu in this voter's order, the total and what is left, in cents."""
    costs = {item.plan_id: item.cost for item in booth.rules.menu}
    total = sum(costs.get(plan_id, 0) for plan_id in chosen)
    seen = envelope_mark(session(), booth.entitlement_id)
    return {
        "round": booth.round,
        "rules": booth.rules,
        "plans": ballot_plans(session(), list(costs), seed=visitor_seed()),
        "costs": costs,
        "chosen": chosen,
        "total": total,
        "left": booth.rules.budget - total,
        "seen": seen.hex() if seen else "",
    }
