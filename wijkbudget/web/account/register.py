"""Getting an account: register, look in the mail, confirm."""

from functools import partial

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...people.actions import Registration, confirm_person, register_person
from ...people.proofs import check_password
from ...people.queries import person_of_link
from ...people.tokens import Purpose
from ..answers import answer, form_page, see_other
from ..blueprints import account
from ..transactions import now, reading, session
from .forms import ConfirmForm, RegisterForm
from .links import links


@account.route("/registreren", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Ask for an account; the answer is the same whether or not the address has one."""
    form = RegisterForm()

    def ask() -> ResponseReturnValue:
        registration = Registration(form.email.data, form.name.data, form.password.data, form.postcode.data)
        check = check_password(reading(), email=registration.email, password=registration.password)
        register_person(session(), registration=registration, check=check, links=links(), now=now())
        return see_other("account.registered")

    return answer(form, ask, partial(form_page, "account/register.html", form))


@account.get("/registreren/gelukt")
def registered() -> ResponseReturnValue:
    """Tell to look in the mail."""
    return render_template("account/registered.html")


@account.route("/bevestigen/<string:token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address by a form: mail scanners follow links, and must not confirm anything."""
    form = ConfirmForm()
    person = person_of_link(reading(), purpose=Purpose.CONFIRM, token=token, links=links(), now=now())

    def say_yes() -> ResponseReturnValue:
        check = check_password(reading(), email=person.email, password=form.password.data)
        confirm_person(session(), token=token, check=check, links=links(), now=now())
        flash(_("Uw e-mailadres is bevestigd. U kunt nu inloggen."))
        return see_other("account.sign_in")

    return answer(form, say_yes, partial(form_page, "account/confirm.html", form, email=person.email))
