"""Persons, what they are appointed to, and their sign-ins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Table
from .rules import LONGEST_NAME, Role


class Person(Table):
    """Somebody with an account; `email` is lower case. A resident from `confirmed_at` on."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    password_hash: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(6))
    registered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    appointments: Mapped[list["Appointment"]] = relationship(lazy="selectin", order_by="Appointment.role")

    @property
    def roles(self) -> frozenset[Role]:
        """The roles at this moment."""
        resident = {Role.RESIDENT} if self.confirmed_at else set()
        return frozenset(resident | {Role(appointment.role) for appointment in self.appointments})

    @property
    def district_ids(self) -> frozenset[int]:
        """The districts in which this person moderates."""
        return frozenset(scope.district_id for appointment in self.appointments for scope in appointment.scopes)


class Appointment(Table):
    """A person has a role since a moment."""

    __tablename__ = "appointment"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    appointed_at: Mapped[datetime]
    scopes: Mapped[list["Scope"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    __table_args__ = (CheckConstraint("role IN ('moderator', 'official', 'administrator')", name="role"),)


class Scope(Table):
    """A district for which a moderator is appointed."""

    __tablename__ = "scope"
    __table_args__ = (ForeignKeyConstraint(["person_id", "role"], ["appointment.person_id", "appointment.role"]),)

    person_id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True)


class SignIn(Table):
    """One signed-in browser; the cookie names this row by `id` (128 random bits), and `ended_at` ends it at once."""

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
