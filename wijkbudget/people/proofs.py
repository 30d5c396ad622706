"""Checking a password, which is slow on purpose: it comes before the writing, so that no lock waits for it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from .passwords import NOBODYS_HASH, hash_password, is_outdated, password_matches
from .queries import person_by_email


@dataclass(frozen=True)
class PasswordCheck:
    """Whether a password fits the hash that was `stored` for an address; if by old parameters, with a `renewed` one.

    Nobody's address has no `person_id`, and no password fits it. Who acts on a check looks whether the hash is still
    the one that was checked.
    """

    person_id: int | None
    stored: str
    fits: bool
    renewed: str | None = None


def check_password(reader: Session, *, email: str, password: str) -> PasswordCheck:
    """Check the password of this address; an unknown address costs the same."""
    person = person_by_email(reader, email)
    if person is None:
        return PasswordCheck(None, NOBODYS_HASH, fits=password_matches(password, NOBODYS_HASH))
    stored = person.password_hash
    fits = password_matches(password, stored)
    return PasswordCheck(person.id, stored, fits, hash_password(password) if fits and is_outdated(stored) else None)
