"""A new password for who forgot the old one."""

from functools import partial

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...people.actions import request_new_password, set_new_password
from ...people.queries import person_of_link
from ...people.tokens import Purpose
from ...refusal import Refusal
from ..answers import answer, form_page, see_other
from ..blueprints import account
from ..transactions import now, reading, session
from .forms import ForgotForm, ResetForm
from .links import links


@account.route("/wachtwoord-vergeten", methods=["GET", "POST"])
def forgot() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether or not the address has an account."""
    form = ForgotForm()

    def send_link() -> ResponseReturnValue:
        request_new_password(session(), email=form.email.data, links=links(), now=now())
        flash(_("Kijk in uw post. Kennen wij dit e-mailadres? Dan krijgt u een mail met een link."))
        return see_other("account.sign_in")

    return answer(form, send_link, partial(form_page, "account/forgot.html", form))


@account.route("/wachtwoord/<string:token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    """Set a new password with the link from the letter."""
    form = ResetForm()

    def set_password() -> ResponseReturnValue:
        set_new_password(session(), token=token, password=form.password.data, links=links(), now=now())
        flash(_("Uw nieuwe wachtwoord is opgeslagen. U kunt nu inloggen."))
        return see_other("account.sign_in")

    def page(refusal: Refusal | None) -> ResponseReturnValue:
        person = person_of_link(reading(), purpose=Purpose.RESET, token=token, links=links(), now=now())
        return form_page("account/reset.html", form, refusal, email=person.email)

    return answer(form, set_password, page)
