"""Posting a letter: a row in the caller's transaction, so that no letter tells of what was rolled back."""

from datetime import datetime

from sqlalchemy.orm import Session

from .tables import Letter


def post_letter(session: Session, *, kind: str, recipient: str, now: datetime, **details: str) -> Letter:
    """Put a letter of this `kind` (a template in `templates/mail/`) in the outbox."""
    letter = Letter(kind=kind, recipient=recipient, details=details, posted_at=now)
    session.add(letter)
    return letter
