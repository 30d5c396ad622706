"""What the forms of an account ask."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, PasswordField, StringField, ValidationError

from ...people.emails import valid_email
from ...people.rules import LONGEST_NAME, SHORTEST_PASSWORD, valid_password
from ...places.rules import valid_postcode
from ...refusal import Refusal
from ..forms import Form, required, short_text, trimmed
from ..sentences import answer_to


def obeys(rule: Callable[[str], str]) -> Callable[[Form, Field], None]:
    """A check that asks the rule itself, and says its sentence beside the field."""

    def check(_form: Form, field: Field) -> None:
        try:
            rule(field.data)
        except Refusal as refusal:
            raise ValidationError(answer_to(refusal)[1]) from refusal

    return check


def email_field() -> EmailField:
    """The address of an account, also when signing in."""
    return EmailField(
        _l("E-mailadres"),
        filters=[trimmed],
        validators=[*required(_l("Vul uw e-mailadres in.")), obeys(valid_email)],
        render_kw={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )


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
    password = PasswordField(
        _l("Wachtwoord"),
        validators=required(_l("Vul uw wachtwoord in.")),
        render_kw={"autocomplete": "current-password"},
    )


class ForgotForm(Form):
    """The address to which a link goes."""

    email = email_field()


class ResetForm(Form):
    """The new password."""

    password = new_password_field()


class ConfirmForm(Form):
    """One button."""
