"""Signed links in letters: each for one purpose, for a limited time, and for one use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from ..mail.addresses import confirmation, new_password
from ..refusal import Refusal


class TokenSpent(Refusal):
    """The link was used before, is too old, or is not ours."""


class Purpose(Enum):
    """What a link is for: the page to which it leads, and how long it can be used."""

    CONFIRM = (confirmation, timedelta(hours=48))
    RESET = (new_password, timedelta(hours=1))

    def path(self, token: str) -> str:
        """The path with this token."""
        return self.value[0](token)

    @property
    def lifetime(self) -> timedelta:
        """How long a link can be used."""
        return self.value[1]


@dataclass(frozen=True)
class Links:
    """Signs links with the secret of this installation."""

    secret: str

    def path(self, purpose: Purpose, *, person_id: int, password_hash: str, now: datetime) -> str:
        """The path of a fresh link; it is spent as soon as the person has another password hash."""
        mark = mark_of(password_hash)
        return purpose.path(make_token(self.secret, purpose, person_id=person_id, mark=mark, now=now))


def mark_of(password_hash: str) -> str:
    """A digest by which a link knows whether the password was set since it was made."""
    return sha256(password_hash.encode()).hexdigest()[:16]


def make_token(secret: str, purpose: Purpose, *, person_id: int, mark: str, now: datetime) -> str:
    """A signed token for the address of a link."""
    return str(URLSafeSerializer(secret, salt=purpose.name).dumps([person_id, mark, int(now.timestamp())]))


def read_token(secret: str, purpose: Purpose, token: str, *, now: datetime) -> tuple[int, str]:
    """The person's id and the mark in a token. Raises TokenSpent if it is not ours, for another purpose, or too old."""
    try:
        person_id, mark, made_at = URLSafeSerializer(secret, salt=purpose.name).loads(token)
    except BadData as reason:
        raise TokenSpent() from reason
    if now.timestamp() - made_at > purpose.lifetime.total_seconds():
        raise TokenSpent()
    return person_id, mark
