"""tests/people/test_actions.py tests wijkbudget/people/actions.py."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import DAY, SUBMITTING
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter
from wijkbudget.people import passwords
from wijkbudget.people.actions import (
    Registration,
    appoint_person,
    begin_sign_in,
    confirm_person,
    dismiss_person,
    end_sign_in,
    register_person,
    request_new_password,
    set_new_password,
)
from wijkbudget.people.passwords import is_outdated, password_matches
from wijkbudget.people.proofs import check_password
from wijkbudget.people.queries import live_sign_in, person_by_email
from wijkbudget.people.rules import (
    NeedsDistrict,
    NotAppointed,
    PasswordTooShort,
    Role,
    UnknownDistrict,
    UnknownPerson,
    WrongPassword,
)
from wijkbudget.people.tables import Person, SignIn
from wijkbudget.people.tokens import Links, Purpose, TokenSpent

LINKS = Links("a secret for tests")
EMAIL = "samira@example.org"
PASSWORD = "een lang wachtwoord"


def register(session: Session, *, email: str = EMAIL, name: str = "Samira", password: str = PASSWORD) -> None:
    check = check_password(session, email=email, password=password)
    registration = Registration(email, name, password, postcode="2593 ab")
    register_person(session, registration=registration, check=check, links=LINKS, now=SUBMITTING)
    session.flush()


def letters(session: Session) -> list[Letter]:
    session.flush()
    return list(session.scalars(select(Letter).order_by(Letter.id)))


def last_token(session: Session, purpose: Purpose) -> str:
    return letters(session)[-1].details["path"].removeprefix(purpose.path(""))


def confirm(session: Session, *, token: str = "", password: str = PASSWORD) -> Person:
    token = token or last_token(session, Purpose.CONFIRM)
    check = check_password(session, email=EMAIL, password=password)
    return confirm_person(session, token=token, check=check, links=LINKS, now=SUBMITTING)


def sign_in(session: Session, *, email: str = EMAIL, password: str = PASSWORD) -> SignIn | None:
    check = check_password(session, email=email, password=password)
    return begin_sign_in(session, check=check, links=LINKS, now=SUBMITTING)


def samira(session: Session) -> Person:
    person = person_by_email(session, EMAIL)
    assert person is not None
    return person


def hashes_of(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> int:
    """How often Argon2 works during `deed`, for hashing and for checking."""
    done: list[str] = []

    class Counting(PasswordHasher):
        def hash(self, *values: object, **named: object) -> str:
            done.append("hash")
            return str(super().hash(*values, **named))  # type: ignore[arg-type]

        def verify(self, *values: object) -> bool:  # type: ignore[override]
            done.append("verify")
            return bool(super().verify(*values))  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "_HASHER", Counting(time_cost=2, memory_cost=19 * 1024, parallelism=1))
        deed()
    return len(done)


def test_who_registers_is_a_resident_after_confirming(session: Session) -> None:
    register(session)
    assert samira(session).roles == frozenset()
    assert samira(session).postcode == "2593AB"
    assert letters(session)[-1].kind == "confirm-address"
    assert confirm(session).roles == {Role.RESIDENT}


def test_a_link_confirms_once(session: Session) -> None:
    register(session)
    confirm(session)
    with pytest.raises(TokenSpent):
        confirm(session)


def test_a_known_address_changes_nothing_and_its_owner_hears_of_it(session: Session) -> None:
    register(session)
    confirm(session)
    register(session, email="Samira@Example.org", name="Mallory", password="van iemand anders")
    assert samira(session).name == "Samira"
    assert [letter.kind for letter in letters(session)] == ["confirm-address", "already-registered"]
    assert letters(session)[-1].details["name"] == "Samira"


def test_the_last_of_two_registrations_counts_and_spends_the_link_of_the_first(session: Session) -> None:
    register(session, name="Mallory", password="van iemand anders")
    first = last_token(session, Purpose.CONFIRM)
    register(session)
    with pytest.raises(TokenSpent):
        confirm(session, token=first)
    confirm(session)
    assert sign_in(session) is not None
    assert sign_in(session, password="van iemand anders") is None


def test_registering_again_with_the_same_password_leaves_the_first_link_good(session: Session) -> None:
    register(session)
    first = last_token(session, Purpose.CONFIRM)
    register(session, name="Samira Bouzid")
    assert confirm(session, token=first).name == "Samira Bouzid"


def test_a_double_click_leaves_both_links_good(session: Session) -> None:
    check = check_password(session, email=EMAIL, password=PASSWORD)  # both looked before either was stored
    registration = Registration(EMAIL, "Samira", PASSWORD, "2593 AB")
    for _ in range(2):
        register_person(session, registration=registration, check=check, links=LINKS, now=SUBMITTING)
    first, second = (letter.details["path"].rpartition("/")[2] for letter in letters(session))
    confirm(session, token=first)
    with pytest.raises(TokenSpent):
        confirm(session, token=second)


def test_who_owns_an_address_never_confirms_the_password_of_somebody_else(session: Session) -> None:
    register(session)
    register(session, name="Mallory", password="van iemand anders")
    with pytest.raises(WrongPassword):
        confirm(session)
    assert samira(session).confirmed_at is None
    request_new_password(session, email=EMAIL, links=LINKS, now=SUBMITTING)
    token = last_token(session, Purpose.RESET)
    set_new_password(session, token=token, password=PASSWORD, links=LINKS, now=SUBMITTING)
    assert sign_in(session) is not None


def test_a_password_that_was_checked_before_it_changed_neither_confirms_nor_signs_in(session: Session) -> None:
    register(session)
    check = check_password(session, email=EMAIL, password=PASSWORD)
    register(session, name="Mallory", password="van iemand anders")
    token = last_token(session, Purpose.CONFIRM)
    with pytest.raises(TokenSpent):
        confirm_person(session, token=token, check=check, links=LINKS, now=SUBMITTING)
    confirm(session, password="van iemand anders")
    assert begin_sign_in(session, check=check, links=LINKS, now=SUBMITTING) is None


def test_two_registrations_at_once_with_one_address_make_one_person(database: Database) -> None:
    start, failures = Barrier(2), []

    def run() -> None:
        try:
            start.wait()
            with database.transaction() as session:
                register(session)
        except Exception as failure:
            failures.append(failure)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert (failures, session.scalar(select(func.count()).select_from(Person))) == ([], 1)


def test_registering_costs_the_same_for_a_known_and_an_unknown_address(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hashes_of(monkeypatch, lambda: register(session)) == 2
    confirm(session)
    assert hashes_of(monkeypatch, lambda: register(session)) == 2


def test_signing_in_costs_the_same_for_a_known_and_an_unknown_address(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(session)
    confirm(session)
    assert hashes_of(monkeypatch, lambda: sign_in(session, password="van iemand anders")) == 1
    assert hashes_of(monkeypatch, lambda: sign_in(session, email="jan@example.org")) == 1


def test_a_sign_in_lives_until_it_is_ended_and_keeps_its_first_end(session: Session) -> None:
    register(session)
    confirm(session)
    row = sign_in(session)
    assert row is not None
    assert live_sign_in(session, row.id, SUBMITTING) is row
    end_sign_in(session, sign_in_id=row.id, now=SUBMITTING)
    end_sign_in(session, sign_in_id=row.id, now=SUBMITTING + DAY)
    assert live_sign_in(session, row.id, SUBMITTING) is None
    assert row.ended_at == SUBMITTING


def test_who_is_not_confirmed_gets_a_fresh_link_instead_of_a_sign_in(session: Session) -> None:
    register(session)
    assert sign_in(session) is None
    assert [letter.kind for letter in letters(session)] == ["confirm-address", "confirm-address"]
    confirm(session)
    assert sign_in(session) is not None


def test_a_wrong_password_posts_nothing(session: Session) -> None:
    register(session)
    assert sign_in(session, password="van iemand anders") is None
    assert len(letters(session)) == 1


def test_signing_in_renews_a_hash_by_older_parameters(session: Session) -> None:
    register(session)
    confirm(session)
    samira(session).password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    assert sign_in(session) is not None
    assert not is_outdated(samira(session).password_hash)
    assert password_matches(PASSWORD, samira(session).password_hash)


def test_a_new_password_replaces_the_old_one_and_ends_every_sign_in(session: Session) -> None:
    register(session)
    confirm(session)
    before = sign_in(session)
    assert before is not None
    request_new_password(session, email=EMAIL, links=LINKS, now=SUBMITTING)
    token = last_token(session, Purpose.RESET)
    set_new_password(session, token=token, password="een nieuw wachtwoord", links=LINKS, now=SUBMITTING)
    assert live_sign_in(session, before.id, SUBMITTING) is None
    assert sign_in(session) is None
    assert sign_in(session, password="een nieuw wachtwoord") is not None


def test_a_link_for_a_new_password_works_once(session: Session) -> None:
    register(session)
    request_new_password(session, email=EMAIL, links=LINKS, now=SUBMITTING)
    token = last_token(session, Purpose.RESET)
    set_new_password(session, token=token, password="een nieuw wachtwoord", links=LINKS, now=SUBMITTING)
    with pytest.raises(TokenSpent):
        set_new_password(session, token=token, password="nog een nieuw woord", links=LINKS, now=SUBMITTING)


def test_a_password_that_is_too_short_does_not_spend_the_link(session: Session) -> None:
    register(session)
    request_new_password(session, email=EMAIL, links=LINKS, now=SUBMITTING)
    token = last_token(session, Purpose.RESET)
    with pytest.raises(PasswordTooShort):
        set_new_password(session, token=token, password="kort", links=LINKS, now=SUBMITTING)
    set_new_password(session, token=token, password="een nieuw wachtwoord", links=LINKS, now=SUBMITTING)


def test_a_new_password_by_mail_proves_the_address_too(session: Session) -> None:
    register(session, name="Mallory", password="van iemand anders")
    request_new_password(session, email=EMAIL, links=LINKS, now=SUBMITTING)
    token = last_token(session, Purpose.RESET)
    person = set_new_password(session, token=token, password=PASSWORD, links=LINKS, now=SUBMITTING)
    assert person.confirmed_at == SUBMITTING
    assert sign_in(session) is not None


def test_asking_for_a_new_password_writes_as_much_for_an_unknown_address(session: Session) -> None:
    register(session)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            written.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    for email in (EMAIL, "jan@example.org"):
        request_new_password(session, email=email, links=LINKS, now=SUBMITTING)
    event.remove(session.get_bind(), "before_cursor_execute", note)
    known, unknown = written
    assert known == unknown


def test_no_letter_goes_to_an_unknown_address(session: Session) -> None:
    request_new_password(session, email="jan@example.org", links=LINKS, now=SUBMITTING)
    assert letters(session) == []


def test_an_address_in_another_script_is_found_by_how_its_owner_writes_it(session: Session) -> None:
    register(session, email="jan@café.nl")
    for email in ("jan@café.nl", "Jan@CAFÉ.nl", "jan@xn--caf-dma.nl"):
        request_new_password(session, email=email, links=LINKS, now=SUBMITTING)
        assert letters(session)[-1].recipient == "jan@xn--caf-dma.nl"
        session.delete(letters(session)[-1])
    token = last_token(session, Purpose.CONFIRM)
    check = check_password(session, email="jan@café.nl", password=PASSWORD)
    confirm_person(session, token=token, check=check, links=LINKS, now=SUBMITTING)
    assert sign_in(session, email="jan@CAFÉ.nl") is not None


def test_who_is_dismissed_has_the_role_no_longer_and_may_be_appointed_again(session: Session, build: Builder) -> None:
    person, _laak = build.person(), build.district("Laak")
    for _ in range(2):
        appoint_person(session, email=person.email, role=Role.MODERATOR, district_slugs=["laak"], now=SUBMITTING)
        session.refresh(person)
        assert Role.MODERATOR in person.roles
        dismiss_person(session, email=person.email, role=Role.MODERATOR, now=SUBMITTING)
        session.refresh(person)
        assert [set(person.roles), set(person.district_ids)] == [{Role.RESIDENT}, set()]
    with pytest.raises(NotAppointed):
        dismiss_person(session, email=person.email, role=Role.MODERATOR, now=SUBMITTING)
    with pytest.raises(UnknownPerson):
        dismiss_person(session, email="jan@example.org", role=Role.MODERATOR, now=SUBMITTING)


def test_a_moderator_is_appointed_for_districts_and_again_for_others(session: Session, build: Builder) -> None:
    person, _centrum, laak, escamp = build.person(), *map(build.district, ("Centrum", "Laak", "Escamp"))
    for slugs in (["centrum", "laak"], ["laak", "escamp"]):
        appoint_person(session, email=person.email, role=Role.MODERATOR, district_slugs=slugs, now=SUBMITTING)
    session.commit()
    session.refresh(person)
    assert person.roles == {Role.RESIDENT, Role.MODERATOR}
    assert person.district_ids == {laak.id, escamp.id}


@pytest.mark.parametrize(
    ("email", "role", "slugs", "refusal"),
    [
        ("jan@example.org", Role.OFFICIAL, [], UnknownPerson),
        (EMAIL, Role.MODERATOR, ["elders"], UnknownDistrict),
        (EMAIL, Role.MODERATOR, [], NeedsDistrict),
        (EMAIL, Role.OFFICIAL, ["centrum"], NeedsDistrict),
    ],
)
def test_an_appointment_that_makes_no_sense_is_refused(
    session: Session, build: Builder, email: str, role: Role, slugs: list[str], refusal: type[Exception]
) -> None:
    build.person(EMAIL)
    build.district("Centrum")
    with pytest.raises(refusal):
        appoint_person(session, email=email, role=role, district_slugs=slugs, now=SUBMITTING)
