"""How amounts, moments and shares are written; only here is anything rounded."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import Any

from babel.dates import format_date
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from jinja2 import pass_context

from ..clock import THE_HAGUE
from ..plans.tables import Question
from ..rounds.forms import BallotForm, Form
from ..rounds.rules import Kind, Phase
from ..rounds.voting import Franchise
from .language import LANGUAGES, language
from .transactions import now

HUNDRED = 100
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
    Form.ONE: lazy_gettext("Kies 1 plan"),
    Form.POINTS: lazy_gettext("Verdeel punten over plannen"),
    Form.RANKING: lazy_gettext("Zet plannen op volgorde"),
}

REASONS = {
    "unreadable": lazy_gettext("niet te lezen"),
    "other-round": lazy_gettext("van een andere ronde"),
    "copy": lazy_gettext("een kopie van een andere envelop"),
    "against-the-rules": lazy_gettext("tegen de regels van het stembiljet"),
}
"""Why an envelope was rejected."""


def number(value: int | Fraction) -> str:
    """A number with the separator of the language: `3.422`; a fraction is rounded to two decimals: `3.422,50`."""
    if value != int(value):
        return decimal(Fraction(value))
    return f"{int(value):,}" if language() == "en" else f"{int(value):,}".replace(",", ".")


def decimal(value: Fraction) -> str:
    """A number of zero or more with two decimals, rounded half up: `3.422,50`."""
    whole, rest = divmod(rounded(value * HUNDRED), HUNDRED)
    return f"{number(whole)}{'.' if language() == 'en' else ','}{rest:02d}"


def rounded(value: Fraction) -> int:
    """The nearest whole number, half up."""
    return floor(value + Fraction(1, 2))


def euros(cents: int) -> str:
    """An amount of cents in euros: `€ 12.500`, `€ 12.500,50`; the space does not break."""
    whole, rest = divmod(abs(cents), HUNDRED)
    mark = "." if language() == "en" else ","
    sign = "-" if cents < 0 else ""
    space = "" if language() == "en" else NO_BREAK
    return f"{sign}€{space}{number(whole)}" + (f"{mark}{rest:02d}" if rest else "")


def percentage(share: Fraction) -> str:
    """A share with two decimals, rounded half up: `18,41%`."""
    return decimal(share * HUNDRED) + "%"


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


@dataclass(frozen=True)
class PageWords:
    """The words of this request's language for what the tally explains; `titles` are what plans are called, by id."""

    titles: Mapping[str, str] = field(default_factory=dict)

    def gettext(self, message: str, /, **values: str) -> str:
        """The message in the language, its gaps filled."""
        return str(_(message, **values))

    def ngettext(self, one: str, many: str, count: int, /, **values: str) -> str:
        """One of two messages, by the count."""
        return str(ngettext(one, many, count, **values))

    def amount(self, minor: int | Fraction) -> str:
        """Cents in euros; a part of a cent is rounded."""
        return euros(rounded(Fraction(minor)))

    def number(self, value: int | Fraction) -> str:
        """A number with separators."""
        return number(value)

    def plan(self, plan_id: str) -> str:
        """The title between quotation marks."""
        return f"‘{self.titles[plan_id]}’"


def form_in_words(form: BallotForm) -> str:
    """How voters fill in their ballot, and what a plan gets from that."""
    match form.form:
        case Form.BASKET | Form.APPROVAL:
            return " ".join(_choices_in_words(form))
        case Form.ONE:
            return _("Stemmers kiezen 1 plan. Dat plan krijgt 1 stem.")
        case Form.POINTS:
            return _(
                "Stemmers verdelen %(total)s punten over de plannen: maximaal %(most)s per plan.",
                total=number(form.total_points or 0), most=number(form.most_points or 0),
            )  # fmt: skip
        case Form.RANKING:
            return _(
                "Stemmers zetten hun beste plan op plaats 1, en zo verder tot plaats %(most)s. "
                "Plaats 1 is %(most)s punten waard, en elke volgende plaats 1 punt minder.",
                most=number(form.max_choices or 0),
            )


def _choices_in_words(form: BallotForm) -> Iterator[str]:
    least, most = form.min_choices, form.max_choices
    if form.form is Form.BASKET:
        yield _("Stemmers kiezen plannen die samen in het budget passen.")
    if least:
        yield ngettext("Stemmers kiezen minimaal 1 plan.", "Stemmers kiezen minimaal %(num)s plannen.", least)
    if most:
        yield ngettext("Stemmers kiezen maximaal 1 plan.", "Stemmers kiezen maximaal %(num)s plannen.", most)
    yield _("Elk gekozen plan krijgt 1 stem.")


def install(app: Flask) -> None:
    """Give the templates their filters and words."""
    filters: dict[str, Callable[..., Any]] = {
        "euros": euros, "number": number, "percentage": percentage,
        "date": written_date, "moment": written_moment, "until": until, "days_left": days_left,
    }  # fmt: skip
    for name, function in filters.items():
        app.jinja_env.filters[name] = _per_request(function)
    app.jinja_env.globals.update(
        kinds=KINDS, phases=PHASES, ballot_forms=FORMS, Phase=Phase, Form=Form, Question=Question, Franchise=Franchise,
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
