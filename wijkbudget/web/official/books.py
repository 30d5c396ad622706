"""The books of a round on its dashboard: whether what was used, sealed and counted agrees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...rounds.tables import Round
from ...watch.queries import books_of, last_check
from ...watch.rules import Books, Comparison, OpenedBooks, Subject, Watched, disagreement
from ..transactions import now, session
from ..wording import REASONS, number

DISAGREEMENTS = {
    Comparison.RIGHTS_AND_ENVELOPES: _l(
        "Er zijn %(left)s stemrechten gebruikt, maar er liggen %(right)s enveloppen in de stembus."
    ),
    Comparison.RIGHTS_AND_THEIR_OWN: _l(
        "Er zijn %(left)s stemrechten gebruikt, maar van die stemrechten liggen er %(right)s enveloppen in de stembus."
    ),
    Comparison.ENVELOPES_AND_OPENING: _l(
        "Er liggen %(left)s enveloppen in de stembus, maar er zijn er %(right)s geopend."
    ),
    Comparison.OPENING_AND_BALLOTS: _l(
        "Er zijn %(left)s enveloppen geopend, maar er zijn %(right)s stemmen en afgekeurde enveloppen."
    ),
    Comparison.OPENING_AND_RESULT: _l("Er zijn %(left)s enveloppen geopend, maar de uitslag noemt %(right)s stemmen."),
    Comparison.REJECTED: _l(
        "Afgekeurde enveloppen: %(left)s. Dat hoort niet: elk stembiljet wordt gecontroleerd voor de envelop dichtgaat."
    ),
}


@dataclass(frozen=True)
class Line:
    """Two numbers that should be the same: `right` as it is written, `is_right` whether they are."""

    label: str
    left: int
    right: str
    is_right: bool


@dataclass(frozen=True)
class BooksView:
    """The books as they are now, and what the watch found last; `warning` tells what does not agree."""

    lines: tuple[Line, ...]
    rejected: tuple[tuple[str, int], ...]
    warning: str | None
    checked_at: datetime | None
    failing_since: datetime | None
    has_key: bool
    codes_work: bool


def books_view(round_: Round) -> BooksView | None:
    """The books of a round, None before its voting begins."""
    if now() < round_.schedule.voting:
        return None
    books = books_of(session(), round_.id)
    seen = (Watched.BOOKS, Watched.KEY, Watched.CODES)
    check, key, codes = (last_check(session(), Subject(watched, round_.id)) for watched in seen)
    return BooksView(
        tuple(_lines(books)),
        _rejected(books.opened) if books.opened else (),
        _warning(books),
        check.checked_at if check else None,
        check.failing_since if check else None,
        has_key=books.opened is not None or key is None or key.problem is None,
        codes_work=books.opened is not None or codes is None or codes.problem is None,
    )


def _lines(books: Books) -> Iterator[Line]:
    found = books.envelopes if books.used != books.envelopes else books.paired
    yield _line(_("Gebruikte stemrechten = enveloppen in de stembus"), books.used, found)
    if opened := books.opened:
        rejected = sum(opened.rejected.values())
        yield _line(_("Enveloppen in de stembus = geopende enveloppen"), books.envelopes, opened.envelopes)
        yield Line(
            _("Geopende enveloppen = stemmen + afgekeurd"),
            opened.envelopes,
            f"{number(opened.ballots)} + {number(rejected)}",
            opened.envelopes == opened.ballots + rejected,
        )
        yield _line(_("Geen afgekeurde enveloppen"), rejected, 0)
        if opened.voted is not None:
            yield _line(_("Geopende enveloppen = mensen die stemden in de uitslag"), opened.envelopes, opened.voted)


def _line(label: str, left: int, right: int) -> Line:
    return Line(label, left, number(right), left == right)


def _rejected(opened: OpenedBooks) -> tuple[tuple[str, int], ...]:
    return tuple((str(REASONS.get(reason, reason)), count) for reason, count in sorted(opened.rejected.items()))


def _warning(books: Books) -> str | None:
    wrong = disagreement(books)
    if wrong is None:
        return None
    return str(DISAGREEMENTS[wrong.comparison]) % {"left": number(wrong.left), "right": number(wrong.right)}
