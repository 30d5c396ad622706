"""Registering, confirming, signing in and out, a new password, and appointing.

No answer here tells whether an address is known: a known and an unknown one cost the same work.
"""

from collections.abc import Collection
from datetime import datetime
from secrets import token_hex

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..database import changed_rows
from ..mail.outbox import post_letter
from ..places.queries import districts
from ..places.rules import valid_postcode
from .emails import valid_email
from .passwords import NOBODYS_HASH, hash_password, is_outdated, password_matches
from .queries import person_by_email, person_of_link
from .rules import Role, UnknownDistrict, UnknownPerson, require_scope, valid_password
from .tables import Appointment, Person, Scope, SignIn
from .tokens import Links, Purpose, TokenSpent

FORGOT_PATH = "/account/wachtwoord-vergeten"


def register_person(
    session: Session, *, email: str, name: str, password: str, postcode: str, links: Links, now: datetime
) -> None:
    """Add somebody and post the link that confirms the address; who is known already gets a letter about that.

    Raises NotAnEmail, NotAPostcode, PasswordTooShort, PasswordTooLong; never says that an address is known.
    """
    fresh = {
        "name": name,
        "postcode": valid_postcode(postcode),
        "password_hash": hash_password(valid_password(password)),
        "registered_at": now,
    }
    address = valid_email(email)
    _add_unless_known(session, Person(email=address, **fresh))
    person = person_by_email(session, address)
    assert person is not None  # noqa: S101  (just added, or known before)
    if person.confirmed_at is not None:
        _write_to(session, person, "already-registered", path=FORGOT_PATH, now=now)
        return
    # Only the last registration counts: whoever owns the address must not confirm the password of somebody else.
    for column, value in fresh.items():
        setattr(person, column, value)
    session.flush()
    _post_link(session, person, "confirm-address", Purpose.CONFIRM, links=links, now=now)


def confirm_person(session: Session, *, token: str, links: Links, now: datetime) -> Person:
    """Confirm the address to which the link went. Raises TokenSpent."""
    person = person_of_link(session, purpose=Purpose.CONFIRM, token=token, links=links, now=now)
    unconfirmed = update(Person).where(Person.id == person.id, Person.confirmed_at.is_(None))
    if not changed_rows(session, unconfirmed.values(confirmed_at=now)):
        raise TokenSpent()
    return person


def begin_sign_in(session: Session, *, email: str, password: str, links: Links, now: datetime) -> SignIn | None:
    """Sign a confirmed person in; None if address and password don't fit together, or the address is not confirmed.

    Who is not confirmed gets a fresh link by mail, and hears nothing else.
    """
    person = person_by_email(session, email)
    if not password_matches(password, person.password_hash if person else NOBODYS_HASH) or person is None:
        return None
    if person.confirmed_at is None:
        _post_link(session, person, "confirm-address", Purpose.CONFIRM, links=links, now=now)
        return None
    if is_outdated(person.password_hash):
        person.password_hash = hash_password(password)
    sign_in = SignIn(id=token_hex(16), person_id=person.id, began_at=now)
    session.add(sign_in)
    session.flush()
    return sign_in


def end_sign_in(session: Session, *, sign_in: SignIn, now: datetime) -> None:
    """End this sign-in at once, wherever its cookie is."""
    sign_in.ended_at = sign_in.ended_at or now
    session.flush()


def request_new_password(session: Session, *, email: str, links: Links, now: datetime) -> None:
    """Post a link to set a new password, if somebody has this address."""
    if person := person_by_email(session, email):
        _post_link(session, person, "new-password", Purpose.RESET, links=links, now=now)


def set_new_password(session: Session, *, token: str, password: str, links: Links, now: datetime) -> Person:
    """Set the password and end all sign-ins; the link proves the address too. Raises TokenSpent, PasswordTooShort …"""
    valid_password(password)
    person = person_of_link(session, purpose=Purpose.RESET, token=token, links=links, now=now)
    unspent = update(Person).where(Person.id == person.id, Person.password_hash == person.password_hash)
    fresh = {"password_hash": hash_password(password), "confirmed_at": person.confirmed_at or now}
    if not changed_rows(session, unspent.values(fresh)):
        raise TokenSpent()
    live = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    session.execute(live.values(ended_at=now))
    return person


def appoint_person(
    session: Session, *, email: str, role: Role, district_slugs: Collection[str], now: datetime
) -> Person:
    """Give somebody a role, from the next request on; a moderator only in these districts, instead of those before.

    Raises UnknownPerson, UnknownDistrict, NeedsDistrict.
    """
    person = person_by_email(session, email)
    if person is None:
        raise UnknownPerson(email=email)
    ids = _district_ids(session, district_slugs)
    require_scope(role, ids)
    appointment = session.get(Appointment, (person.id, role.value))
    if appointment is None:
        appointment = Appointment(person_id=person.id, role=role.value, appointed_at=now)
        person.appointments.append(appointment)
    kept = {scope.district_id: scope for scope in appointment.scopes}
    appointment.scopes = [kept.get(id_) or Scope(person_id=person.id, role=role.value, district_id=id_) for id_ in ids]
    session.flush()
    return person


def _district_ids(session: Session, slugs: Collection[str]) -> set[int]:
    known = {district.slug: district.id for district in districts(session)}
    for slug in slugs:
        if slug not in known:
            raise UnknownDistrict(slug=slug)
    return {known[slug] for slug in slugs}


def _add_unless_known(session: Session, person: Person) -> None:
    """Two registrations at once meet at the unique key; the later one finds the earlier one's row."""
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        pass


def _post_link(session: Session, person: Person, kind: str, purpose: Purpose, *, links: Links, now: datetime) -> None:
    path = links.path(purpose, person_id=person.id, password_hash=person.password_hash, now=now)
    _write_to(session, person, kind, path=path, now=now)


def _write_to(session: Session, person: Person, kind: str, *, path: str, now: datetime) -> None:
    post_letter(session, kind=kind, recipient=person.email, now=now, name=person.name, path=path)
