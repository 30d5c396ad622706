"""Registering, confirming, signing in and out, a new password, and appointing.

No answer here tells whether an address is known: a known and an unknown one cost the same work. What takes long on
purpose, hashing, comes before the first statement: SQLite's only write lock does not wait for it.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..database import changed_rows
from ..journal import record_deed
from ..mail.addresses import forgotten_password
from ..mail.outbox import post_letter
from ..mail.tables import Letter
from ..places.queries import districts
from ..places.rules import valid_postcode
from .emails import valid_email
from .passwords import NOBODYS_HASH, hash_password, password_matches
from .proofs import PasswordCheck
from .queries import person_by_email, person_of_link
from .rules import (
    NotAppointed,
    Role,
    UnknownDistrict,
    UnknownPerson,
    WrongPassword,
    require_scope,
    valid_name,
    valid_password,
)
from .tables import Appointment, Person, Scope, SignIn
from .tokens import Links, Purpose, TokenSpent


@dataclass(frozen=True)
class Registration:
    """What somebody fills in to get an account."""

    email: str
    name: str
    password: str
    postcode: str


def register_person(
    session: Session, *, registration: Registration, check: PasswordCheck, links: Links, now: datetime
) -> None:
    """Add somebody and post the link that confirms the address; who is known already gets a letter about that.

    `check` tells whether it is the same password again: then earlier links stay good. Raises TextMissing, TextTooLong,
    NotAnEmail, NotAPostcode, PasswordTooShort, PasswordTooLong; never says that an address is known.
    """
    asked = _unconfirmed(registration, now)
    person = _added_or_known(session, asked)
    if person.confirmed_at is not None:
        _write_to(session, person, "already-registered", path=forgotten_password(), now=now)
        return
    # Only the last registration counts.
    person.name, person.postcode, person.registered_at = asked.name, asked.postcode, now
    if not _is_same_password(person, registration.password, check, asked.password_hash):
        person.password_hash = asked.password_hash
    session.flush()
    _post_link(session, person, "confirm-address", Purpose.CONFIRM, links=links, now=now)


def confirm_person(session: Session, *, token: str, check: PasswordCheck, links: Links, now: datetime) -> Person:
    """Confirm the address to which the link went, for who chose the password. Raises TokenSpent, WrongPassword.

    The link alone is not enough: somebody else may have registered this address, with a password of their own.
    """
    person = person_of_link(session, purpose=Purpose.CONFIRM, token=token, links=links, now=now)
    if not check.fits:
        raise WrongPassword()
    unconfirmed = update(Person).where(
        Person.id == person.id, Person.password_hash == check.stored, Person.confirmed_at.is_(None)
    )
    if not changed_rows(session, unconfirmed.values(confirmed_at=now)):
        raise TokenSpent()
    return person


def begin_sign_in(session: Session, *, check: PasswordCheck, links: Links, now: datetime) -> SignIn | None:
    """Sign a confirmed person in; None if address and password don't fit together, or the address is not confirmed.

    Who is not confirmed gets a fresh link by mail, and hears nothing else.
    """
    person = session.get(Person, check.person_id) if check.person_id and check.fits else None
    if person is None or person.password_hash != check.stored:
        return None
    if person.confirmed_at is None:
        _post_link(session, person, "confirm-address", Purpose.CONFIRM, links=links, now=now)
        return None
    if check.renewed:
        person.password_hash = check.renewed
    sign_in = SignIn(id=token_hex(16), person_id=person.id, began_at=now)
    session.add(sign_in)
    session.flush()
    return sign_in


def end_sign_in(session: Session, *, sign_in_id: str, now: datetime) -> None:
    """End the sign-in with this name at once, wherever its cookie is."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=now))


def request_new_password(session: Session, *, email: str, links: Links, now: datetime) -> None:
    """Post a link to set a new password, if somebody has this address.

    An unknown address costs the same work: its letter is written too, and taken back before anybody could send it.
    """
    person = person_by_email(session, email)
    nobody = Person(id=0, email="", name="", password_hash=NOBODYS_HASH)
    letter = _post_link(session, person or nobody, "new-password", Purpose.RESET, links=links, now=now)
    session.flush()
    if person is None:
        session.delete(letter)
        session.flush()


def set_new_password(session: Session, *, token: str, password: str, links: Links, now: datetime) -> Person:
    """Set the password and end all sign-ins; the link proves the address too. Raises TokenSpent, PasswordTooShort …"""
    fresh_hash = hash_password(valid_password(password))
    person = person_of_link(session, purpose=Purpose.RESET, token=token, links=links, now=now)
    unspent = update(Person).where(Person.id == person.id, Person.password_hash == person.password_hash)
    fresh = {"password_hash": fresh_hash, "confirmed_at": person.confirmed_at or now}
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
    scope = " ".join(sorted(set(district_slugs)))
    record_deed(session, "appoint person", now=now, person=person.id, role=role.value, districts=scope)
    return person


def dismiss_person(session: Session, *, email: str, role: Role, now: datetime) -> Person:
    """Take a role from somebody, from the next request on. Raises UnknownPerson, NotAppointed."""
    person = person_by_email(session, email)
    if person is None:
        raise UnknownPerson(email=email)
    appointment = session.get(Appointment, (person.id, role.value))
    if appointment is None:
        raise NotAppointed(email=email, role=role.value)
    session.delete(appointment)
    record_deed(session, "dismiss person", now=now, person=person.id, role=role.value)
    return person


def _district_ids(session: Session, slugs: Collection[str]) -> set[int]:
    known = {district.slug: district.id for district in districts(session)}
    for slug in slugs:
        if slug not in known:
            raise UnknownDistrict(slug=slug)
    return {known[slug] for slug in slugs}


def _unconfirmed(registration: Registration, now: datetime) -> Person:
    return Person(
        email=valid_email(registration.email),
        name=valid_name(registration.name),
        postcode=valid_postcode(registration.postcode),
        password_hash=hash_password(valid_password(registration.password)),
        registered_at=now,
    )


def _added_or_known(session: Session, asked: Person) -> Person:
    """Two registrations at once meet at the unique key; the later one finds the earlier one's row."""
    email = asked.email
    with suppress(IntegrityError), session.begin_nested():
        session.add(asked)
    person = person_by_email(session, email)
    assert person is not None  # noqa: S101  (just added, or known before)
    return person


def _is_same_password(person: Person, password: str, check: PasswordCheck, fresh_hash: str) -> bool:
    if person.password_hash in (check.stored, fresh_hash):
        return check.fits
    return password_matches(password, person.password_hash)  # registered since the check: a double click does that


def _post_link(session: Session, person: Person, kind: str, purpose: Purpose, *, links: Links, now: datetime) -> Letter:
    path = links.path(purpose, person_id=person.id, password_hash=person.password_hash, now=now)
    return _write_to(session, person, kind, path=path, now=now)


def _write_to(session: Session, person: Person, kind: str, *, path: str, now: datetime) -> Letter:
    return post_letter(session, kind=kind, recipient=person.email, now=now, name=person.name, path=path)
