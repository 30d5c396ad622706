"""Getting an account: register, look in the mail, confirm."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...people.actions import confirm_person, register_person
from ...people.queries import person_of_link
from ...people.tokens import Purpose
from ...refusal import Refusal
from ..blueprints import account
from ..forms import form_page
from ..transactions import now, session
from .forms import ConfirmForm, RegisterForm
from .links import links


@account.route("/registreren", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Ask for an account; the answer is the same whether or not the address has one."""
    form = RegisterForm()
    refusal = None
    if form.validate_on_submit():
        try:
            register_person(
                session(), email=form.email.data or "", name=form.name.data or "", password=form.password.data or "",
                postcode=form.postcode.data or "", links=links(), now=now(),
            )  # fmt: skip
            return redirect(url_for("account.registered"), 303)
        except Refusal as caught:
            refusal = caught
    return form_page("account/register.html", form, refusal)


@account.route("/registreren/gelukt")
def registered() -> ResponseReturnValue:
    """Tell to look in the mail."""
    return render_template("account/registered.html")


@account.route("/bevestigen/<string:token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address with a button: mail scanners follow links, and must not confirm anything."""
    form = ConfirmForm()
    if form.validate_on_submit():
        confirm_person(session(), token=token, links=links(), now=now())
        flash(_("Uw e-mailadres is bevestigd. U kunt nu inloggen."))
        return redirect(url_for("account.sign_in"), 303)
    person = person_of_link(session(), purpose=Purpose.CONFIRM, token=token, links=links(), now=now())
    return form_page("account/confirm.html", form, email=person.email)
