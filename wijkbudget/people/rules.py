"""Who may do what, and what a password must be."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from ..refusal import Refusal

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
LONGEST_NAME = 60
SIGNED_IN_AS_RESIDENT = timedelta(days=30)
SIGNED_IN_WITH_A_ROLE = timedelta(hours=12)


class Role(StrEnum):
    """What a person may be besides a visitor; every confirmed person is a resident."""

    RESIDENT = "resident"
    MODERATOR = "moderator"
    OFFICIAL = "official"
    ADMINISTRATOR = "administrator"


APPOINTED = frozenset(Role) - {Role.RESIDENT}


class NotAnEmail(Refusal):
    """The text is no e-mail address to which our letters can go."""


class UnknownPerson(Refusal):
    """Nobody has an account with this address; details: `email`."""


class UnknownDistrict(Refusal):
    """There is no district with this slug; details: `slug`."""


class PasswordTooShort(Refusal):
    """The password has fewer symbols than NIST SP 800-63B asks of one without other rules."""


class PasswordTooLong(Refusal):
    """The password is longer than what we hash."""


class WrongPassword(Refusal):
    """The password is not the one that was chosen when registering."""


class NotAppointed(Refusal):
    """The person does not have this role; details: `email`, `role`."""


class NotYourDistrict(Refusal):
    """A moderator decides only in the own districts."""


class NeedsDistrict(Refusal):
    """A moderator is appointed for at least one district, the other roles for none."""


class TextMissing(Refusal):
    """Something has to be written here; details: `field`, the name of what is empty."""


class TextTooLong(Refusal):
    """A text is longer than what we keep and show; details: `field`, `longest` in symbols."""


def require_text(text: str, *, field: str, longest: int) -> None:
    """Raise TextMissing, TextTooLong unless `text` says something in at most `longest` symbols."""
    if not text.strip():
        raise TextMissing(field=field)
    if len(text) > longest:
        raise TextTooLong(field=field, longest=longest)


def valid_name(text: str) -> str:
    """The name itself. Raises TextMissing, TextTooLong."""
    require_text(text, field="name", longest=LONGEST_NAME)
    return text


def valid_password(text: str) -> str:
    """The password itself. Raises PasswordTooShort, PasswordTooLong."""
    if len(text) < SHORTEST_PASSWORD:
        raise PasswordTooShort(shortest=SHORTEST_PASSWORD)
    if len(text) > LONGEST_PASSWORD:
        raise PasswordTooLong(longest=LONGEST_PASSWORD)
    return text


def signed_in_until(began_at: datetime, roles: Collection[Role]) -> datetime:
    """When a sign-in ends by itself: after 30 days, and after 12 hours for who has a role besides resident."""
    return began_at + (SIGNED_IN_WITH_A_ROLE if APPOINTED & set(roles) else SIGNED_IN_AS_RESIDENT)


def require_district(own: Collection[int], concerned: Collection[int]) -> None:
    """Raise NotYourDistrict unless one of the `concerned` districts is among the `own`."""
    if not set(own) & set(concerned):
        raise NotYourDistrict()


def require_scope(role: Role, district_ids: Collection[int]) -> None:
    """Raise NeedsDistrict unless a moderator has districts, and the others none."""
    if (role is Role.MODERATOR) != bool(district_ids):
        raise NeedsDistrict(role=role)
