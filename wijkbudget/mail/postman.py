"""The postman: sends what lies in the outbox; a letter that fails stays there and is tried again, ever less often."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.message import EmailMessage

from jinja2 import TemplateError
from sqlalchemy import Select, select

from config import Config

from ..database import Database
from .letters import render_letter
from .tables import Letter

SECONDS_TO_WAIT = 10
DOUBLINGS = 9  # after 1, 3, 7 … 511 minutes, and then about every eight and a half hours
FAILURES = (OSError, ValueError, TemplateError)  # OSError includes what smtplib and ssl raise

Carrier = Callable[[EmailMessage], object]


class Unreachable(OSError):
    """The mail server cannot be reached, which is no letter's own fault."""


def deliver_post(database: Database, config: Config, now: datetime) -> None:
    """Send every letter that is due, each in a transaction of its own; stop while the server cannot be reached."""
    with database.reading() as session:
        due = [letter.id for letter in session.scalars(_waiting()) if due_at(letter) <= now]
    for letter_id in due:
        try:
            # The connection is made before the transaction begins: SQLite's only write lock must not wait for it.
            with _carrier(config, letter_id, now) as carry:
                _deliver(database, letter_id, config, now, carry)
        except Unreachable as failure:
            _note(database, letter_id, failure)
            return


def due_at(letter: Letter) -> datetime:
    """When this letter may be tried: at once, and after each failure twice as late."""
    doubled = min(letter.attempts, DOUBLINGS)
    minutes = 2**doubled - 1 + (letter.attempts - doubled) * 2**DOUBLINGS
    return letter.posted_at + timedelta(minutes=minutes)


def _waiting() -> Select[tuple[Letter]]:
    # Those that never failed go first: a mailbox that refuses must not hold up the others.
    return select(Letter).where(Letter.sent_at.is_(None)).order_by(Letter.attempts, Letter.id)


def _claim(letter_id: int) -> Select[tuple[Letter]]:
    # A second postman passes over what the first one holds; on SQLite the write lock keeps it waiting instead.
    return select(Letter).where(Letter.id == letter_id, Letter.sent_at.is_(None)).with_for_update(skip_locked=True)


def _deliver(database: Database, letter_id: int, config: Config, now: datetime, carry: Carrier) -> None:
    with database.transaction() as session:
        letter = session.scalar(_claim(letter_id))
        if letter is None:
            return
        try:
            carry(render_letter(letter, config=config, now=now))
        except FAILURES as failure:
            _record(letter, failure)
        else:
            letter.sent_at, letter.last_failure = now, None
            letter.details = {}  # links and names are kept no longer than needed


def _note(database: Database, letter_id: int, failure: Exception) -> None:
    with database.transaction() as session:
        if letter := session.scalar(_claim(letter_id)):
            _record(letter, failure)


def _record(letter: Letter, failure: Exception) -> None:
    letter.attempts += 1
    letter.last_failure = f"{type(failure).__name__}: {failure}"


@contextmanager
def _carrier(config: Config, letter_id: int, now: datetime) -> Iterator[Carrier]:
    """What takes one mail away: into the mail folder, or to the mail server."""
    if config.mail_folder is not None:
        config.mail_folder.mkdir(parents=True, exist_ok=True)
        file = config.mail_folder / f"{now:%Y%m%dT%H%M%S}-{letter_id:06}.eml"
        yield lambda mail: file.write_bytes(mail.as_bytes())
        return
    server = _connect(config)
    try:
        yield server.send_message
    finally:
        with suppress(OSError):  # the letter's fate is decided; how the server says goodbye does not change it
            server.quit()
        server.close()


def _connect(config: Config) -> smtplib.SMTP:
    """A connection as safe as the settings ask, never less. Raises Unreachable."""
    context = ssl.create_default_context()
    try:
        if config.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                config.smtp_host, config.smtp_port, timeout=SECONDS_TO_WAIT, context=context
            )
        else:
            server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=SECONDS_TO_WAIT)
    except OSError as failure:
        raise Unreachable(str(failure)) from failure
    try:
        if config.smtp_security == "starttls":
            server.starttls(context=context)
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
    except OSError as failure:
        server.close()
        raise Unreachable(str(failure)) from failure
    return server
