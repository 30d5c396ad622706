"""What explanations are written with: sentences in some language, amounts, and the names of plans."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol


class Words(Protocol):
    """A language and a way to write numbers; messages are Dutch, with gaps like `%(left)s` for the values."""

    def gettext(self, message: str, /, **values: str) -> str:
        """The message in the language, its gaps filled."""

    def ngettext(self, one: str, many: str, count: int, /, **values: str) -> str:
        """One of two messages, by the count."""

    def amount(self, minor: int | Fraction) -> str:
        """An amount in the minor unit of the election, with its currency; a fraction is rounded."""

    def number(self, value: int | Fraction) -> str:
        """A number; a fraction is rounded."""

    def plan(self, plan_id: str) -> str:
        """What a plan is called, in a sentence."""


def quantity(count: int, words: Words, *, in_points: bool) -> str:
    """`12 stemmen`, or `12 punten` where ballots give points."""
    number = words.number(count)
    if in_points:
        return words.ngettext("%(points)s punt", "%(points)s punten", count, points=number)
    return words.ngettext("%(votes)s stem", "%(votes)s stemmen", count, votes=number)


def kind(words: Words, *, in_points: bool) -> str:
    """What plans get from ballots, as a plural: votes or points."""
    return words.gettext("punten") if in_points else words.gettext("stemmen")


def listed(names: Sequence[str], words: Words) -> str:
    """The names in a sentence: `A, B en C`."""
    if len(names) < 2:
        return "".join(names)
    return words.gettext("%(names)s en %(last)s", names=", ".join(names[:-1]), last=names[-1])
