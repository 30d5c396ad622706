"""What the command line explains outcomes with: the same sentences as the pages, in English or in Dutch."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from gettext import NullTranslations, translation
from pathlib import Path

TRANSLATIONS = Path(__file__).parent.parent / "translations"
HUNDREDTH = Decimal("0.01")


class PlainWords:
    """Sentences without any markup; `amount_of` writes whole minor units, `decimals` of which make a unit.

    A plan is called by its id: names in files are long and may be missing.
    """

    def __init__(self, amount_of: Callable[[int], str], *, decimals: int = 0, language: str = "en") -> None:
        self._amount_of = amount_of
        self._decimals = decimals
        self._catalog = catalog(language)

    def gettext(self, message: str, /, **values: str) -> str:
        """The message in the language, its gaps filled."""
        text = self._catalog.gettext(message)
        return text % values if values else text

    def ngettext(self, one: str, many: str, count: int, /, **values: str) -> str:
        """One of two messages, by the count."""
        text = self._catalog.ngettext(one, many, count)
        return text % values if values else text

    def amount(self, minor: int | Fraction) -> str:
        """An amount in the file's own unit; a fraction is rounded to two decimals of it, or as many as the file has."""
        if minor == int(minor):
            return self._amount_of(int(minor))
        return rounded(Fraction(minor) / 10**self._decimals, Decimal(1).scaleb(-max(self._decimals, 2)))

    def number(self, value: int | Fraction) -> str:
        """A number without separators; a fraction is rounded to two decimals."""
        return str(int(value)) if value == int(value) else rounded(Fraction(value), HUNDREDTH)

    def plan(self, plan_id: str) -> str:
        """The plan's id."""
        return plan_id


def catalog(language: str) -> NullTranslations:
    """The sentences in this language; in Dutch, the language of the source, where there is no catalog of it."""
    return translation("messages", TRANSLATIONS, [language], fallback=True)


def rounded(value: Fraction, step: Decimal) -> str:
    """A fraction as a decimal number, rounded half up to a step, away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(step, ROUND_HALF_UP))
