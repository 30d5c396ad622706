"""What the database itself forbids about people, and what their roles are."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import SUBMITTING
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Appointment, Scope


def test_an_address_belongs_to_one_person(build: Builder) -> None:
    build.person("a@example.org")
    with pytest.raises(IntegrityError):
        build.person("a@example.org")


def test_only_a_confirmed_person_is_a_resident(build: Builder) -> None:
    assert build.person().roles == {Role.RESIDENT}
    assert build.person(confirmed=False).roles == frozenset()


def test_a_moderator_has_the_districts_of_the_appointment(build: Builder) -> None:
    moderator = build.appointed(Role.MODERATOR, "Haagse Hout", "Scheveningen")
    districts = {build.district("Haagse Hout").id, build.district("Scheveningen").id}
    assert moderator.roles == {Role.RESIDENT, Role.MODERATOR}
    assert moderator.district_ids == districts


def test_nobody_is_appointed_to_a_role_that_does_not_exist(session: Session, build: Builder) -> None:
    session.add(Appointment(person_id=build.person().id, role="burgemeester", appointed_at=SUBMITTING))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_district_belongs_to_an_appointment(session: Session, build: Builder) -> None:
    session.add(Scope(person_id=build.person().id, role="moderator", district_id=build.district().id))
    with pytest.raises(IntegrityError):
        session.flush()
