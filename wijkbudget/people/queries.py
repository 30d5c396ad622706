"""Which person, which sign-in."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from .emails import valid_email
from .rules import NotAnEmail, Role, signed_in_until
from .tables import Appointment, Person, SignIn
from .tokens import Links, Purpose, TokenSpent, mark_of, read_token


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, in any case and with its domain in any script."""
    try:
        address = valid_email(email)
    except NotAnEmail:
        return None
    # Roles are read when asked for: finding somebody must not take longer than finding nobody.
    return session.scalar(select(Person).where(Person.email == address).options(lazyload(Person.appointments)))


def live_sign_in(session: Session, sign_in_id: str, now: datetime) -> SignIn | None:
    """The sign-in with this name unless it was ended or has ended by itself."""
    row = session.scalar(select(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)))
    return row if row and now < signed_in_until(row.began_at, row.person.roles) else None


def people_with_role(session: Session, role: Role) -> Sequence[Person]:
    """Everybody who is appointed to this role now."""
    return session.scalars(select(Person).join(Appointment).where(Appointment.role == role).order_by(Person.id)).all()


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """The names of these people by their ids."""
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids))).tuples().all())


def person_of_link(session: Session, *, purpose: Purpose, token: str, links: Links, now: datetime) -> Person:
    """Whom this link was made for. Raises TokenSpent unless it can still be used."""
    person_id, mark = read_token(links.secret, purpose, token, now=now)
    person = session.get(Person, person_id)
    if person is None or mark != mark_of(person.password_hash):
        raise TokenSpent()
    if purpose is Purpose.CONFIRM and person.confirmed_at is not None:
        raise TokenSpent()
    return person
