from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.moments import SUBMITTING
from wijkbudget.demo.people import (
    ADA,
    AT_FIRST,
    PASSWORD,
    everybody,
    resident_emails,
    settle_administrator,
    settle_people,
)
from wijkbudget.people.actions import begin_sign_in
from wijkbudget.people.passwords import password_matches
from wijkbudget.people.proofs import check_password
from wijkbudget.people.queries import person_by_email
from wijkbudget.people.rules import LONGEST_NAME, Role, valid_password
from wijkbudget.people.tables import Person
from wijkbudget.people.tokens import Links
from wijkbudget.places.actions import import_places
from wijkbudget.places.files import the_hague

LATER = SUBMITTING + timedelta(days=1)


@pytest.fixture
def settled(session: Session) -> Session:
    import_places(session, the_hague())
    settle_people(session, ("2593AB", "2518AA"), SUBMITTING)
    settle_administrator(session, "2593AB", SUBMITTING)
    return session


def test_each_role_can_sign_in_with_the_one_password(settled: Session) -> None:
    assert valid_password(PASSWORD) == PASSWORD
    for part in (*AT_FIRST, ADA):
        person = person_by_email(settled, part.email)
        assert person is not None
        assert person.roles == {Role.RESIDENT, part.role}
        check = check_password(settled, email=part.email, password=PASSWORD)
        assert begin_sign_in(settled, check=check, links=Links("secret"), now=LATER)


def test_two_moderators_share_all_districts(settled: Session) -> None:
    people = settled.scalars(select(Person)).all()
    scopes = [person.district_ids for person in people if person.district_ids]
    assert sorted(map(len, scopes)) == [2, 6]
    assert not scopes[0] & scopes[1]


def test_everybody_is_there_and_can_like(settled: Session) -> None:
    people = settled.scalars(select(Person)).all()
    assert {person.email for person in people} == everybody()
    assert all(Role.RESIDENT in person.roles and len(person.name) <= LONGEST_NAME for person in people)
    assert len(resident_emails()) == 40


def test_the_password_is_hashed_once_for_all_but_the_administrator(settled: Session) -> None:
    hashes = set(settled.scalars(select(Person.password_hash)))
    assert len(hashes) == 2
    assert all(password_matches(PASSWORD, stored) for stored in hashes)
