"""Signing in and out."""

from functools import partial

import flask_login
from flask import flash, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...people.actions import begin_sign_in, end_sign_in
from ...people.proofs import check_password
from ..access import SignedIn, own_path
from ..answers import SEE_OTHER, answer, form_page, see_other
from ..blueprints import account
from ..transactions import keep_despite_refusal, now, reading, session
from .forms import SignInForm
from .links import links

VOTING = "/mijn/stemmen/"
"""How the address begins, in either language after its prefix, where people vote with an account."""


@account.route("/inloggen", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in and go on to where one came from."""
    form, target = SignInForm(), own_path(request.args.get("verder", ""))
    page = partial(form_page, "account/sign_in.html", form, is_to_vote=VOTING in target)

    def enter() -> ResponseReturnValue:
        check = check_password(reading(), email=form.email.data, password=form.password.data)
        row = begin_sign_in(session(), check=check, links=links(), now=now())
        if row is None:
            keep_despite_refusal()
            form.form_errors.append(
                _(
                    "Klopt het adres en het wachtwoord? Hebt u uw adres al bevestigd?"
                    " Kijk in uw mail: misschien staat er een nieuwe link."
                )
            )
            return page()
        cookie.clear()  # nothing that was known to this browser before survives
        flask_login.login_user(SignedIn(row))
        return redirect(target or url_for("public.home"), SEE_OTHER)

    return answer(form, enter, page)


def leave_account() -> bool:
    """Sign this browser out, and whoever has a copy of its cookie; whether somebody was signed in."""
    if not flask_login.current_user.is_authenticated:
        return False
    end_sign_in(session(), sign_in_id=flask_login.current_user.get_id(), now=now())
    flask_login.logout_user()
    return True


@account.post("/uitloggen")
def sign_out() -> ResponseReturnValue:
    """End this sign-in, also for copies of its cookie."""
    leave_account()
    cookie.clear()
    flash(_("U bent uitgelogd."))
    return see_other("public.home")
