"""How often receipts are mailed: counted by right to vote, in the memory of this process alone.

In the database such a count, written after the vote, would lead from the right to vote to a mail, in its log too. In a
cookie it would begin anew with an older cookie.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from threading import Lock

from ..clock import THE_HAGUE
from ..refusal import Refusal

MOST_MAILS = 3
"""How often a day receipts for one right to vote are mailed, so that nobody uses them to fill a mailbox."""


class MailedOften(Refusal):
    """Receipts for this right to vote were mailed as often as may be today; details: `most`."""


class Mailings:
    """The mails of one day in The Hague; the next day begins with none, and is all that is remembered then."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._day = date.min
        self._mailed: Counter[int] = Counter()

    def left(self, entitlement_id: int, now: datetime) -> int:
        """How many more mails this right to vote has today."""
        with self._lock:
            return MOST_MAILS - self._of(now)[entitlement_id]

    @contextmanager
    def one_mail(self, entitlement_id: int, now: datetime) -> Iterator[None]:
        """Count the mail that is sent within, unless it fails. Raises MailedOften."""
        with self._lock:
            mailed = self._of(now)
            if mailed[entitlement_id] >= MOST_MAILS:
                raise MailedOften(most=MOST_MAILS)
            mailed[entitlement_id] += 1  # before it is sent: another thread may be sending one too
        try:
            yield
        except BaseException:
            with self._lock:
                mailed[entitlement_id] -= 1
            raise

    def _of(self, now: datetime) -> Counter[int]:
        today = now.astimezone(THE_HAGUE).date()
        if today != self._day:
            self._day, self._mailed = today, Counter()
        return self._mailed
