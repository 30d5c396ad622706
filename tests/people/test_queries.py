"""tests/people/test_queries.py tests wijkbudget/people/queries.py."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import SECOND, SUBMITTING
from wijkbudget.people.queries import live_sign_in, names_of, people_with_role, person_by_email, person_of_link
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person, SignIn
from wijkbudget.people.tokens import Links, Purpose, TokenSpent

LINKS = Links("a secret for tests")


def follow(session: Session, person: Person, purpose: Purpose, *, password_hash: str = "not a hash") -> Person:
    path = LINKS.path(purpose, person_id=person.id, password_hash=password_hash, now=SUBMITTING)
    token = path.removeprefix(purpose.path(""))
    return person_of_link(session, purpose=purpose, token=token, links=LINKS, now=SUBMITTING)


def test_a_person_is_found_by_an_address_in_any_case(session: Session, build: Builder) -> None:
    samira = build.person("samira@example.org")
    assert person_by_email(session, " Samira@Example.org ") is samira
    assert person_by_email(session, "jan@example.org") is None


def test_a_sign_in_lives_until_it_is_ended(session: Session, build: Builder) -> None:
    row = SignIn(id="a" * 32, person_id=build.person().id, began_at=SUBMITTING)
    session.add(row)
    assert live_sign_in(session, "a" * 32, SUBMITTING) is row
    row.ended_at = SUBMITTING
    assert live_sign_in(session, "a" * 32, SUBMITTING) is None


def test_a_sign_in_ends_by_itself_and_sooner_with_a_role(session: Session, build: Builder) -> None:
    people = {build.person(): timedelta(days=30), build.appointed(Role.OFFICIAL): timedelta(hours=12)}
    for number, (person, age) in enumerate(people.items()):
        row = SignIn(id=f"{number:032}", person_id=person.id, began_at=SUBMITTING)
        session.add(row)
        assert live_sign_in(session, row.id, SUBMITTING + age - SECOND) is row
        assert live_sign_in(session, row.id, SUBMITTING + age) is None


def test_people_are_found_by_what_they_are_appointed_to(session: Session, build: Builder) -> None:
    build.person()
    moderator = build.appointed(Role.MODERATOR, "Haagse Hout")
    assert list(people_with_role(session, Role.MODERATOR)) == [moderator]
    assert moderator.roles == {Role.RESIDENT, Role.MODERATOR}


def test_names_are_found_by_number(session: Session, build: Builder) -> None:
    samira, jan = build.person(), build.person()
    assert names_of(session, {samira.id}) == {samira.id: samira.name}
    assert names_of(session, [samira.id, jan.id, 404]).keys() == {samira.id, jan.id}
    assert names_of(session, []) == {}


def test_a_link_finds_its_person_until_the_password_is_another(session: Session, build: Builder) -> None:
    person = build.person()
    assert follow(session, person, Purpose.RESET) is person
    person.password_hash = "another hash"
    with pytest.raises(TokenSpent):
        follow(session, person, Purpose.RESET)


def test_who_forges_a_link_without_the_hash_of_the_password_is_refused(session: Session, build: Builder) -> None:
    person = build.person()
    for guess in ("", person.email, "another hash"):
        with pytest.raises(TokenSpent):
            follow(session, person, Purpose.RESET, password_hash=guess)
    assert follow(session, person, Purpose.RESET, password_hash=person.password_hash) is person


def test_a_link_that_confirms_is_spent_by_confirming(session: Session, build: Builder) -> None:
    person = build.person(confirmed=False)
    assert follow(session, person, Purpose.CONFIRM) is person
    person.confirmed_at = SUBMITTING
    with pytest.raises(TokenSpent):
        follow(session, person, Purpose.CONFIRM)


def test_the_link_of_somebody_who_is_gone_is_spent(session: Session) -> None:
    with pytest.raises(TokenSpent):
        follow(session, Person(id=404), Purpose.RESET)
