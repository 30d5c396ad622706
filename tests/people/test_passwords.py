"""tests/people/test_passwords.py tests wijkbudget/people/passwords.py."""

from argon2 import PasswordHasher, Type, extract_parameters

from wijkbudget.people.passwords import NOBODYS_HASH, hash_password, is_outdated, password_matches


def test_a_hash_is_made_as_owasp_asks() -> None:
    parameters = extract_parameters(hash_password("een lang wachtwoord"))
    found = (parameters.type, parameters.memory_cost, parameters.time_cost, parameters.parallelism)
    assert found == (Type.ID, 19 * 1024, 2, 1)


def test_only_the_password_itself_matches() -> None:
    stored = hash_password("een lang wachtwoord")
    assert password_matches("een lang wachtwoord", stored)
    assert not password_matches("een ander wachtwoord", stored)
    assert not password_matches("een lang wachtwoord", "not a hash")


def test_the_same_password_has_another_hash_each_time() -> None:
    assert hash_password("een lang wachtwoord") != hash_password("een lang wachtwoord")


def test_nobodys_hash_costs_as_much_as_a_real_one() -> None:
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(hash_password("een lang wachtwoord"))
    assert not is_outdated(NOBODYS_HASH)
    assert not password_matches("", NOBODYS_HASH)


def test_a_hash_by_other_parameters_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("een lang wachtwoord"))
