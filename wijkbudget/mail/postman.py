"""The postman: sends what lies in the outbox; a letter that fails stays there and is tried again, ever less often.

Each letter is claimed, sent and written off in this order, and no transaction is open while the mail server talks:
SQLite's only write lock must not wait for it. A postman that dies between sending and writing off leaves a claim that
runs out; then the letter is sent again. So each letter is sent at least once; a second copy has the same Message-ID.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, Update, or_, select, update

from config import Config

from ..clock import Clock
from ..database import Database, changed_rows
from .carrier import Unreachable, carrier
from .letters import render_letter
from .tables import Letter

DOUBLINGS = 9  # after 1, 3, 7 … 511 minutes, and then about every eight and a half hours
CLAIM = timedelta(minutes=5)  # longer than any dialogue with a mail server that answers within carrier.PATIENCE


def deliver_post(database: Database, config: Config, clock: Clock) -> None:
    """Send every letter that is due; stop while the server cannot be reached.

    Whatever goes wrong with one letter is recorded on it and holds up no other. The clock is read for each letter: a
    claim runs from the moment at which it is made.
    """
    now = clock.now()
    with database.reading() as session:
        due = [letter for letter in session.scalars(_waiting()) if due_at(letter) <= now]
    for letter in due:
        if _claim(database, letter, now := clock.now()):
            try:
                _deliver(letter, config, now)
            except Exception as failure:
                _record(database, letter, failure, claimed_until=now + CLAIM)
                if isinstance(failure, Unreachable):
                    return
            else:
                _write_off(database, letter, now)


def due_at(letter: Letter) -> datetime:
    """When this letter may be tried: at once, and after each failure twice as late."""
    doubled = min(letter.attempts, DOUBLINGS)
    minutes = 2**doubled - 1 + (letter.attempts - doubled) * 2**DOUBLINGS
    return letter.posted_at + timedelta(minutes=minutes)


def _waiting() -> Select[tuple[Letter]]:
    # Those that never failed go first: a mailbox that refuses must not hold up the others.
    return select(Letter).where(Letter.sent_at.is_(None)).order_by(Letter.attempts, Letter.id)


def _unsent(letter: Letter) -> Update:
    # As it was read: another postman may have tried it in the meantime.
    return update(Letter).where(Letter.id == letter.id, Letter.sent_at.is_(None), Letter.attempts == letter.attempts)


def _claim(database: Database, letter: Letter, now: datetime) -> bool:
    """Whether this letter is ours until the claim runs out."""
    free = _unsent(letter).where(or_(Letter.claimed_until.is_(None), Letter.claimed_until <= now))
    with database.transaction() as session:
        return changed_rows(session, free.values(claimed_until=now + CLAIM)) == 1


def _deliver(letter: Letter, config: Config, now: datetime) -> None:
    mail = render_letter(letter, config=config, now=now)
    with carrier(config, f"{now:%Y%m%dT%H%M%S}-{letter.id:06}") as carry:
        carry(mail)


def _write_off(database: Database, letter: Letter, now: datetime) -> None:
    sent = update(Letter).where(Letter.id == letter.id)
    with database.transaction() as session:  # links and names are kept no longer than needed
        session.execute(sent.values(sent_at=now, claimed_until=None, last_failure=None, details={}))


def _record(database: Database, letter: Letter, failure: Exception, *, claimed_until: datetime) -> None:
    # Only while the claim is ours: whoever took it over since then decides. A database refuses NUL and lone surrogates.
    words = f"{type(failure).__name__}: {failure}".replace("\0", "").encode(errors="backslashreplace").decode()
    failed = _unsent(letter).where(Letter.claimed_until == claimed_until)
    with database.transaction() as session:
        session.execute(failed.values(attempts=letter.attempts + 1, claimed_until=None, last_failure=words))
