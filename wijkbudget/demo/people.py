"""The people of the demonstration city: one for each role, a second moderator, and residents who like plans."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ..people.actions import appoint_person
from ..people.passwords import hash_password
from ..people.rules import Role
from ..people.tables import Person

PASSWORD = "wijkbudget-demo"  # noqa: S105  (every start prints it)


@dataclass(frozen=True)
class Part:
    """Somebody with a role, in these districts if it is that of a moderator."""

    email: str
    name: str
    role: Role
    districts: tuple[str, ...] = ()


SAMIRA = Part("samira@example.org", "Samira Bouzid", Role.RESIDENT)
MO = Part("mo@example.org", "Mo Adan", Role.MODERATOR, ("haagse-hout", "scheveningen"))
MARIJKE = Part(
    "marijke@example.org", "Marijke Vos", Role.MODERATOR,
    ("centrum", "escamp", "laak", "leidschenveen-ypenburg", "loosduinen", "segbroek"),
)  # fmt: skip
OLGA = Part("olga@example.org", "Olga de Wit", Role.OFFICIAL)
OTTO = Part("otto@example.org", "Otto Haverkamp", Role.OFFICIAL)
IRIS = Part("iris@example.org", "Iris Koster", Role.OFFICIAL)
ADA = Part("ada@example.org", "Ada Jansen", Role.ADMINISTRATOR)
AT_FIRST = (SAMIRA, MO, MARIJKE, OLGA, OTTO, IRIS)

NAMES = (
    "Fatima El Amrani", "Jan de Vries", "Priya Ramdin", "Kees van Dijk", "Ayşe Yılmaz", "Willem Bakker",
    "Chantal Kromo", "Pieter Visser", "Naima Haddou", "Ans Mulder", "Dewi Santoso", "Tom Bos", "Grażyna Nowak",
    "Hassan Ali", "Ineke Smit", "Ricardo Martina", "Lotte Meijer", "Sunil Jairam", "Greet Peters", "Omar Yusuf",
    "Sanne de Boer", "Mei Lin Chan", "Bram Hendriks", "Zeynep Demir", "Truus van den Berg", "Youssef Idrissi",
    "Maaike Dekker", "Anil Gopal", "Corrie Brouwer", "Daniela Popescu", "Joost Kuipers", "Amina Warsame",
    "Henk Schouten", "Rosa Fernandes", "Niels van Leeuwen", "Soraya Pinas", "Theo Prins", "Hanna Kowalska",
    "Gerrit Post", "Lina Saleh",
)  # fmt: skip


def resident_emails() -> tuple[str, ...]:
    """The addresses of the residents, in the order of their names."""
    return tuple(f"bewoner{number}@example.org" for number in range(1, len(NAMES) + 1))


def everybody() -> frozenset[str]:
    """All addresses of the demonstration city."""
    return frozenset(part.email for part in (*AT_FIRST, ADA)) | frozenset(resident_emails())


def settle_people(session: Session, postcodes: tuple[str, ...], now: datetime) -> None:
    """Everybody but the administrator, who comes last."""
    # Written as rows: registering asks for a slow hash and two letters each, and nobody follows those links.
    password_hash = hash_password(PASSWORD)
    named = [(part.email, part.name) for part in AT_FIRST] + list(zip(resident_emails(), NAMES, strict=True))
    for number, (email, name) in enumerate(named):
        session.add(_person(email, name, postcodes[number % len(postcodes)], password_hash, now))
    session.flush()
    for part in AT_FIRST:
        _appoint(session, part, now)


def settle_administrator(session: Session, postcode: str, now: datetime) -> None:
    """The administrator, whose presence tells that the city is complete."""
    session.add(_person(ADA.email, ADA.name, postcode, hash_password(PASSWORD), now))
    session.flush()
    _appoint(session, ADA, now)


def _person(email: str, name: str, postcode: str, password_hash: str, now: datetime) -> Person:
    return Person(
        email=email, name=name, postcode=postcode, password_hash=password_hash, registered_at=now, confirmed_at=now
    )


def _appoint(session: Session, part: Part, now: datetime) -> None:
    if part.role is not Role.RESIDENT:
        appoint_person(session, email=part.email, role=part.role, district_slugs=part.districts, now=now)
