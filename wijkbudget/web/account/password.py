"""A new password for who forgot the old one."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...people.actions import request_new_password, set_new_password
from ...people.queries import person_of_link
from ...people.tokens import Purpose
from ..blueprints import account
from ..forms import form_page
from ..transactions import now, session
from .forms import ForgotForm, ResetForm
from .links import links


@account.route("/wachtwoord-vergeten", methods=["GET", "POST"])
def forgot() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether or not the address has an account."""
    form = ForgotForm()
    if form.validate_on_submit():
        request_new_password(session(), email=form.email.data or "", links=links(), now=now())
        flash(_("Kijk in uw post. Kennen wij dit e-mailadres? Dan krijgt u een mail met een link."))
        return redirect(url_for("account.sign_in"), 303)
    return form_page("account/forgot.html", form)


@account.route("/wachtwoord/<string:token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    """Set a new password with the link from the letter."""
    form = ResetForm()
    if form.validate_on_submit():
        set_new_password(session(), token=token, password=form.password.data or "", links=links(), now=now())
        flash(_("Uw nieuwe wachtwoord is opgeslagen. U kunt nu inloggen."))
        return redirect(url_for("account.sign_in"), 303)
    person = person_of_link(session(), purpose=Purpose.RESET, token=token, links=links(), now=now())
    return form_page("account/reset.html", form, email=person.email)
