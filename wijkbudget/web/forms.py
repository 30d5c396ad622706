"""What our forms share: trimmed text, amounts in euros, and checks that ask the rule itself."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput, TextInput

from ..people.emails import valid_email
from ..refusal import Refusal
from ..rounds.rules import HIGHEST_AMOUNT
from .sentences import sentence_of


class Form(FlaskForm):  # type: ignore[misc]
    """The base of all our forms."""


def trimmed(text: str | None) -> str | None:
    """The text without white space around it, with one kind of line end and without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "").strip().replace("\r\n", "\n") if text else text


def required(message: Any) -> list[Any]:
    """The field must be filled in; `message` says what to do."""
    return [DataRequired(message)]


def short_text(label: Any, message: Any, *, longest: int) -> StringField:
    """A required line of text of at most `longest` symbols."""
    return StringField(label, filters=[trimmed], validators=[DataRequired(message), at_most(longest)])


def long_text(label: Any, message: Any, *, longest: int) -> TextAreaField:
    """A required text of at most `longest` symbols."""
    return TextAreaField(label, filters=[trimmed], validators=[DataRequired(message), at_most(longest)])


def at_most(longest: int) -> Length:
    """The text has at most `longest` symbols."""
    return Length(max=longest, message=_l("Maak deze tekst korter: maximaal %(max)d tekens."))


def version_field() -> IntegerField:
    """Which version the page showed, hidden, so that a page that was overtaken is noticed."""
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(_l("Open deze pagina opnieuw."))])


def obeys(rule: Callable[[str], object]) -> Callable[[Form, Field], None]:
    """A check that asks the rule itself, and says its sentence beside the field."""

    def check(_form: Form, field: Field) -> None:
        try:
            rule(field.data)
        except Refusal as refusal:
            raise ValidationError(sentence_of(refusal)) from refusal

    return check


def email_field() -> EmailField:
    """An address that our letters can reach."""
    return EmailField(
        _l("E-mailadres"),
        filters=[trimmed],
        validators=[*required(_l("Vul uw e-mailadres in.")), obeys(valid_email)],
        render_kw={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )


class EurosField(Field):  # type: ignore[misc]
    """An amount in euros as people type it (`12.500`, `12500,50`, `€ 400`); its data are whole cents."""

    widget = TextInput()
    data: Any  # int, or None where nothing was filled in

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        whole, rest = divmod(self.data, 100)
        return f"{whole:,}".replace(",", ".") + (f",{rest:02d}" if rest else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = re.sub(r"[\s€]", "", valuelist[0]) if valuelist else ""
        self.data = cents_of(text) if text else None


def cents_of(text: str) -> int:
    """Whole cents of an amount in Dutch notation. Raises ValidationError."""
    if not re.fullmatch(r"(\d{1,3}(\.\d{3})+|\d{1,12})(,\d{1,2})?(,-+)?", text):
        raise ValidationError(_l("Vul een bedrag in euro's in, bijvoorbeeld 12.500."))
    cents = int(Decimal(text.rstrip("-").rstrip(",").replace(".", "").replace(",", ".")) * 100)
    if not 0 < cents <= HIGHEST_AMOUNT:
        raise ValidationError(_l("Vul een bedrag in van meer dan € 0."))
    return cents
