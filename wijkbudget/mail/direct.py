"""A mail of which nothing may be stored: it goes to the mail server at once, and never lies in the outbox."""

import secrets
import smtplib
from datetime import datetime

from config import Config

from ..refusal import Refusal
from .carrier import carrier
from .letters import render_letter
from .tables import Letter

PATIENCE = 5
"""Seconds for each step of the mail server: somebody waits for the page."""
REFUSED_FOR_GOOD = 500  # RFC 5321: 4yz is for now


class PostClosed(Refusal):
    """The mail server cannot be reached, or takes no mail now."""


class NotDeliverable(Refusal):
    """The mail server does not take a mail for this address."""


def send_directly(config: Config, kind: str, recipient: str, now: datetime, **details: str) -> None:
    """Send this letter before the answer leaves; no transaction may be open. Raises PostClosed, NotDeliverable.

    Neither refusal leads back to what the server said, which holds the address and would stand in a log.
    """
    letter = Letter(kind=kind, recipient=recipient, details=details, posted_at=now)
    mail = render_letter(letter, config=config, now=now)
    name = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(8)}"
    try:
        with carrier(config, name, patience=PATIENCE) as carry:
            carry(mail)
    except OSError as failure:
        raise _refusal(failure) from None


def _refusal(failure: OSError) -> Refusal:
    """Why it was not sent: the address is refused for good, or the server cannot do it now."""
    refused = failure.recipients.values() if isinstance(failure, smtplib.SMTPRecipientsRefused) else ()
    is_for_good = any(status >= REFUSED_FOR_GOOD for status, _words in refused)
    return NotDeliverable() if is_for_good else PostClosed()
