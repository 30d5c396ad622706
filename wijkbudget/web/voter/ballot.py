"""From the code in the letter to the receipt: code, choose, check, send. Choices travel in the pages alone."""

import secrets
from functools import partial
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Regexp

from ...ballots.actions import cast_ballot
from ...ballots.forms import Points
from ...ballots.guesses import try_code
from ...ballots.queries import envelope_mark
from ...ballots.rules import AlreadyVoted, MistypedCode, SpoiltPage, stated_choices, valid_ballot
from ...ballots.tables import VotingCode
from ...ballots.urn import NONCE_BYTES
from ...plans.queries import ballot_plans
from ...refusal import Refusal
from ...rounds.queries import rounds
from ...rounds.rules import Phase
from ...rounds.voting import Franchise
from ..account.sign_in import leave_account
from ..answers import answer, form_page, see_other
from ..blueprints import voter
from ..forms import Form
from ..padding import without_length
from ..public.overview import running
from ..sentences import sentence_of
from ..transactions import keep_despite_refusal, moment_of_deed, now, parts, phase_of, reading, session
from ..visitor import visitor_seed
from .booth import (
    Booth,
    current_booth,
    enter_booth,
    keep_receipt,
    leave_booth,
    require_open,
    require_same,
)
from .receipts import receipt_page
from .statement import Statement

View = dict[str, Any]


class CodeForm(Form):
    """The code from the letter; it may be entered again to change a vote."""

    code = StringField(_l("Uw stemcode"), validators=[DataRequired(_l("Vul de stemcode uit uw brief in."))])


class ChoicesForm(Form):
    """The page on which is chosen; `booth` tells whose page it is. What was chosen is for `statement` to read."""

    booth = HiddenField()


class SendForm(ChoicesForm):
    """What was checked. `nonce` makes sending it twice the same as once; `replaces` is the vote that the voter saw."""

    nonce = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])
    replaces = HiddenField(validators=[Regexp(r"^([0-9a-f]{64})?$")])


@voter.route("", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Step 1: the code."""
    form = CodeForm()

    def enter() -> ResponseReturnValue:
        code = _tried_code(form.code.data)
        enter_booth(code.entitlement_id, code.round_id, code.code_mac)
        return see_other("voter.choose")

    return answer(form, enter, partial(_code_page, form))


def _tried_code(typed: str) -> VotingCode:
    keep_despite_refusal()  # a guess is counted by the answer that refuses it
    pepper = parts().config.code_pepper
    return try_code(session(), typed=typed, address=request.remote_addr, pepper=pepper, now=moment_of_deed())


def _code_page(form: Form, refusal: Refusal | None = None) -> ResponseReturnValue:
    open_now = [each for each in running(rounds(reading()), now()) if phase_of(each.schedule) is Phase.VOTING]
    by_account = [each for each in open_now if each.voting.franchise is Franchise.ACCOUNT]
    mistyped = sentence_of(MistypedCode())
    return form_page("voter/code.html", form, refusal, mistyped=mistyped, by_account=by_account)


@voter.route("/kiezen", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Step 2: choose; each button of the page sends it to itself, and it comes back as it then stands."""
    booth = current_booth()
    if booth is None:
        return see_other("voter.code")
    require_open(booth)
    form = ChoicesForm()
    if form.is_submitted():
        require_same(booth, form.booth.data)
    statement, step = booth.statement(request.form), request.form.get("step")
    return _choices_page(booth, form, statement.after(step, booth.rules) if step else statement, step=step)


@voter.post("/controleren")
def check() -> ResponseReturnValue:
    """Step 3: look at the choices again; what is not valid goes back to step 2 with the reason."""
    booth = current_booth()
    if booth is None:
        return see_other("voter.code")
    require_open(booth)
    form = ChoicesForm()
    require_same(booth, form.booth.data)
    statement = booth.statement(request.form)

    def look() -> ResponseReturnValue:
        valid_ballot(_stated_points(booth, statement), booth.rules)
        return _check_page(booth, statement)

    return answer(form, look, partial(_choices_page, booth, form, statement))


@voter.get("/controleren")
def check_again() -> ResponseReturnValue:
    """The address of step 3 without choices leads back to step 2."""
    return see_other("voter.choose")


@voter.post("/versturen")
def send() -> ResponseReturnValue:
    """Put the ballot into the urn and give the receipt; the database's own clock judges whether it came in time.

    The receipt is this very answer: its page alone carries the nonce on, with which the voter may ask for the tracker.
    """
    booth = current_booth()
    if booth is None:
        return see_other("voter.code")
    form = SendForm()
    require_same(booth, form.booth.data)
    statement = booth.statement(request.form)

    def cast() -> ResponseReturnValue:
        kept = keep_receipt(_cast(booth, form, statement), booth)
        return receipt_page(kept, nonce=form.nonce.data)

    def page(refusal: Refusal | None) -> ResponseReturnValue:
        if isinstance(refusal, AlreadyVoted):  # there is nothing left to send
            raise AlreadyVoted(franchise=booth.rules.voting.franchise)
        return _check_page(booth, statement, refusal or SpoiltPage())

    return answer(form, cast, page)


def _cast(booth: Booth, form: SendForm, statement: Statement) -> str:
    return cast_ballot(
        session(),
        entitlement_id=booth.entitlement_id,
        code_mac=booth.code_mac,
        points=_stated_points(booth, statement),
        nonce=bytes.fromhex(form.nonce.data),
        clock=parts().clock,
        replaces=bytes.fromhex(form.replaces.data),
    )


def _stated_points(booth: Booth, statement: Statement) -> Points:
    """The points of a voter who either chose or said to vote blank."""
    return stated_choices(statement.points(booth.rules), is_blank=statement.is_blank)


@voter.post("/stoppen")
def stop() -> ResponseReturnValue:
    """Leave the booth, and the account; this browser remembers nothing of either."""
    leave_booth()
    if leave_account():
        flash(_("U bent uitgelogd."))
    return see_other("public.home")


def _choices_page(
    booth: Booth, form: Form, statement: Statement, refusal: Refusal | None = None, *, step: str | None = None
) -> ResponseReturnValue:
    """The page to choose on, as it was filled in; the keyboard stays at the button of the `step` that was pressed."""
    form.booth.data = booth.mark
    return _page_of("voter/choose.html", form, _booth_view(booth), statement, refusal, step=step)


def _check_page(booth: Booth, statement: Statement, refusal: Refusal | None = None) -> ResponseReturnValue:
    """The page to send from. It is made anew each time: what it replaces is what lies in the urn now."""
    view = _booth_view(booth)
    values = {"booth": booth.mark, "nonce": secrets.token_hex(NONCE_BYTES), "replaces": view["seen"]}
    return _page_of("voter/check.html", SendForm(formdata=None, data=values), view, statement, refusal)


def _page_of(
    template: str, form: Form, view: View, statement: Statement, refusal: Refusal | None, step: str | None = None
) -> Response:
    """A page of the booth as it was filled in, and as long as it is whatever was filled in."""
    faulty = refusal.details.get("plan") if refusal else None
    page = form_page(template, form, refusal, pressed=step, faulty=faulty, **view, **_filled_in(view, statement))
    blank = form_page(template, form, pressed=None, faulty=None, **view, **_filled_in(view, type(statement)()))
    return without_length(page, blank, plans=len(view["costs"]))


def _booth_view(booth: Booth) -> View:
    """What the pages of the booth show whatever was filled in: the menu in this voter's order, and the rules."""
    seen = envelope_mark(session(), booth.entitlement_id)
    return {
        "round": booth.round,
        "rules": booth.rules,
        "ballot_form": booth.rules.ballot_form,
        "plans": ballot_plans(session(), list(booth.rules.costs), seed=visitor_seed()),
        "costs": booth.rules.costs,
        "seen": seen.hex() if seen else "",
    }


def _filled_in(view: View, statement: Statement) -> View:
    """What the pages show of a statement, and how much is left."""
    plans = {plan.id: plan for plan in view["plans"]}
    used, whole = statement.used(view["rules"]), statement.whole(view["rules"])
    return {
        "ranked": [plans[plan_id] for plan_id in dict(statement.filled) if plan_id in plans],
        "filled": dict(statement.filled),
        "statement": statement,
        "used": used,
        "whole": whole,
        "left": whole - used,
    }
