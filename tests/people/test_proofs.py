"""tests/people/test_proofs.py tests wijkbudget/people/proofs.py."""

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from tests.builders import Builder
from wijkbudget.people.passwords import hash_password, is_outdated, password_matches
from wijkbudget.people.proofs import check_password

EMAIL, PASSWORD = "samira@example.org", "een lang wachtwoord"


def test_a_check_tells_whose_password_fits_and_against_which_hash(session: Session, build: Builder) -> None:
    person = build.person(EMAIL)
    person.password_hash = hash_password(PASSWORD)
    session.flush()
    right = check_password(session, email="Samira@Example.org", password=PASSWORD)
    wrong = check_password(session, email=EMAIL, password="een ander wachtwoord")
    assert (right.person_id, right.stored, right.fits, right.renewed) == (person.id, person.password_hash, True, None)
    assert (wrong.person_id, wrong.fits) == (person.id, False)


def test_no_password_fits_an_address_of_nobody(session: Session) -> None:
    for email in ("jan@example.org", "not an address"):
        check = check_password(session, email=email, password=PASSWORD)
        assert (check.person_id, check.fits) == (None, False)


def test_a_hash_by_old_parameters_comes_with_a_renewed_one_if_the_password_fits(
    session: Session, build: Builder
) -> None:
    person = build.person(EMAIL)
    person.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    session.flush()
    renewed = check_password(session, email=EMAIL, password=PASSWORD).renewed
    assert renewed is not None
    assert password_matches(PASSWORD, renewed)
    assert not is_outdated(renewed)
    assert check_password(session, email=EMAIL, password="een ander wachtwoord").renewed is None
