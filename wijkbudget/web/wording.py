"""How amounts, moments and shares are written; only here is anything rounded."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from babel.dates import format_date
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from jinja2 import pass_context

from ..clock import THE_HAGUE
from ..plans.tables import Question
from ..rounds.rules import Form, Kind, Phase
from .language import LANGUAGES, language
from .transactions import now

NO_BREAK = "\N{NO-BREAK SPACE}"

KINDS = {
    Kind.WIJKBUDGET: lazy_gettext("Wijkbudget"),
    Kind.OPENBARE_RUIMTE: lazy_gettext("Openbare ruimte"),
    Kind.ENERGIECHALLENGE: lazy_gettext("Energiechallenge"),
    Kind.WIJKAGENDA: lazy_gettext("Wijkagenda"),
}
PHASES = {
    Phase.ANNOUNCED: lazy_gettext("Begint binnenkort"),
    Phase.SUBMITTING: lazy_gettext("Plannen indienen en liken"),
    Phase.REVIEWING: lazy_gettext("De gemeente bekijkt de plannen"),
    Phase.VOTING: lazy_gettext("Stemmen"),
    Phase.COUNTING: lazy_gettext("Stemmen tellen"),
    Phase.RESULT: lazy_gettext("Uitslag"),
}
FORMS = {
    Form.BASKET: lazy_gettext("Kies plannen die samen binnen het budget passen"),
    Form.APPROVAL: lazy_gettext("Kies een aantal plannen"),
}


def number(value: int) -> str:
    """A whole number with the separator of the language: `3.422`."""
    return f"{value:,}" if language() == "en" else f"{value:,}".replace(",", ".")


def euros(cents: int) -> str:
    """An amount of cents in euros: `€ 12.500`, `€ 12.500,50`; the space does not break."""
    whole, rest = divmod(abs(cents), 100)
    mark = "." if language() == "en" else ","
    sign = "-" if cents < 0 else ""
    space = "" if language() == "en" else NO_BREAK
    return f"{sign}€{space}{number(whole)}" + (f"{mark}{rest:02d}" if rest else "")


def percentage(share: Fraction) -> str:
    """A share with two decimals, rounded half up: `18,41%`."""
    exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
    text = str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return (text if language() == "en" else text.replace(".", ",")) + "%"


def written_date(day: date | datetime) -> str:
    """A day with its weekday: `zondag 13 december 2026`, in The Hague."""
    local = day.astimezone(THE_HAGUE).date() if isinstance(day, datetime) else day
    return format_date(local, "EEEE d MMMM y", locale=LANGUAGES[language()])


def written_moment(moment: datetime) -> str:
    """A day and time in The Hague: `zondag 13 december 2026 om 18.00 uur`."""
    time = moment.astimezone(THE_HAGUE)
    clock = f"{time:%H:%M}" if language() == "en" else f"{time:%H.%M}"
    return _("%(day)s om %(time)s uur", day=written_date(moment), time=clock)


def until(moment: datetime) -> str:
    """The end that is not included: `tot en met zondag 13 december 2026` where it is midnight, else `tot … uur`."""
    local = moment.astimezone(THE_HAGUE)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        eve = date.fromordinal(local.toordinal() - 1)
        return _("tot en met %(day)s", day=written_date(eve))
    return _("tot %(moment)s", moment=written_moment(moment))


def days_left(moment: datetime) -> int:
    """How many days of The Hague's calendar lie between now and `moment`, at least 0."""
    return max(0, days_between(now(), moment))


def days_between(start: datetime, end: datetime) -> int:
    """How many days of The Hague's calendar lie between two moments."""
    return end.astimezone(THE_HAGUE).toordinal() - start.astimezone(THE_HAGUE).toordinal()


def install(app: Flask) -> None:
    """Give the templates their filters and words."""
    filters: dict[str, Callable[..., Any]] = {
        "euros": euros, "number": number, "percentage": percentage,
        "date": written_date, "moment": written_moment, "until": until, "days_left": days_left,
    }  # fmt: skip
    for name, function in filters.items():
        app.jinja_env.filters[name] = _per_request(function)
    app.jinja_env.globals.update(
        kinds=KINDS, phases=PHASES, ballot_forms=FORMS, Phase=Phase, Form=Form, Question=Question,
        demonstration=app.extensions["wijkbudget"].config.demonstration,
        development=app.extensions["wijkbudget"].config.development,
    )  # fmt: skip
    app.context_processor(lambda: {"language": language(), "report_year": now().astimezone(THE_HAGUE).year})


def _per_request(function: Callable[..., Any]) -> Callable[..., Any]:
    # Jinja computes filters on constants once, at compile time, and would freeze the first visitor's language.
    @pass_context
    def filtered(_context: object, *values: Any) -> Any:
        return function(*values)

    return filtered
