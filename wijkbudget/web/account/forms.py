"""What the forms of an account ask."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField

from ...people.rules import LONGEST_NAME, SHORTEST_PASSWORD, valid_password
from ...places.rules import valid_postcode
from ..forms import Form, email_field, obeys, required, short_text, trimmed


def new_password_field() -> PasswordField:
    """A password to set; every symbol is allowed, and so is pasting."""
    return PasswordField(
        _l("Wachtwoord"),
        description=_l(
            "Minimaal %(count)s tekens. Een zin van een paar woorden is makkelijk te onthouden.",
            count=SHORTEST_PASSWORD,
        ),
        validators=[*required(_l("Kies een wachtwoord.")), obeys(valid_password)],
        render_kw={"autocomplete": "new-password"},
    )


def known_password_field() -> PasswordField:
    """A password that was chosen before."""
    return PasswordField(
        _l("Wachtwoord"),
        validators=required(_l("Vul uw wachtwoord in.")),
        render_kw={"autocomplete": "current-password"},
    )


class RegisterForm(Form):
    """Who wants an account."""

    name = short_text(_l("Naam op de site"), _l("Vul een naam in."), longest=LONGEST_NAME)
    email = email_field()
    postcode = StringField(
        _l("Postcode"),
        description=_l("Bijvoorbeeld 2593 AB."),
        filters=[trimmed],
        validators=[*required(_l("Vul uw postcode in.")), obeys(valid_postcode)],
        render_kw={"autocomplete": "postal-code"},
    )
    password = new_password_field()


class SignInForm(Form):
    """An address and its password."""

    email = email_field()
    password = known_password_field()


class ForgotForm(Form):
    """The address to which a link goes."""

    email = email_field()


class ResetForm(Form):
    """The new password."""

    password = new_password_field()


class ConfirmForm(Form):
    """The password that was chosen when registering: who owns the address may not be who asked for the account."""

    password = known_password_field()
