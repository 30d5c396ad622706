"""Signing in and out."""

import flask_login
from flask import flash, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...people.actions import begin_sign_in, end_sign_in
from ..access import SignedIn, own_path
from ..blueprints import account
from ..forms import form_page
from ..transactions import keep_despite_refusal, now, session
from .forms import SignInForm
from .links import links


@account.route("/inloggen", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in and go on to where one came from."""
    form = SignInForm()
    target = own_path(request.args.get("verder", ""))
    if not form.validate_on_submit():
        return form_page("account/sign_in.html", form)
    row = begin_sign_in(
        session(), email=form.email.data or "", password=form.password.data or "", links=links(), now=now()
    )
    if row is None:
        keep_despite_refusal()
        form.form_errors.append(_("Klopt het adres en het wachtwoord? Hebt u uw adres al bevestigd?"))
        return form_page("account/sign_in.html", form)
    cookie.clear()  # nothing that was known to this browser before survives
    flask_login.login_user(SignedIn(row))
    return redirect(target or url_for("public.home"), 303)


@account.route("/uitloggen", methods=["POST"])
def sign_out() -> ResponseReturnValue:
    """End this sign-in, also for copies of its cookie."""
    if flask_login.current_user.is_authenticated:
        end_sign_in(session(), sign_in=flask_login.current_user.sign_in, now=now())
    flask_login.logout_user()
    cookie.clear()
    flash(_("U bent uitgelogd."))
    return redirect(url_for("public.home"), 303)
