"""tests/people/test_rules.py tests wijkbudget/people/rules.py."""

from datetime import timedelta

import pytest

from tests.moments import SUBMITTING
from wijkbudget.people.rules import (
    LONGEST_NAME,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    NeedsDistrict,
    NotYourDistrict,
    PasswordTooLong,
    PasswordTooShort,
    Role,
    TextMissing,
    TextTooLong,
    require_district,
    require_scope,
    signed_in_until,
    valid_name,
    valid_password,
)


@pytest.mark.parametrize("length", [SHORTEST_PASSWORD, LONGEST_PASSWORD])
def test_a_password_is_kept_as_it_is(length: int) -> None:
    assert valid_password("é" * length) == "é" * length


def test_a_password_one_symbol_too_short_is_refused() -> None:
    with pytest.raises(PasswordTooShort):
        valid_password("x" * (SHORTEST_PASSWORD - 1))


def test_a_password_one_symbol_too_long_is_refused() -> None:
    with pytest.raises(PasswordTooLong):
        valid_password("x" * (LONGEST_PASSWORD + 1))


def test_a_moderator_decides_where_one_of_the_districts_is_the_own() -> None:
    require_district({1, 2}, {2, 3})


@pytest.mark.parametrize(("own", "concerned"), [({1}, {2}), (set(), {2}), ({1}, set())])
def test_a_moderator_does_not_decide_elsewhere(own: set[int], concerned: set[int]) -> None:
    with pytest.raises(NotYourDistrict):
        require_district(own, concerned)


def test_only_a_moderator_has_districts() -> None:
    require_scope(Role.MODERATOR, {1})
    require_scope(Role.OFFICIAL, set())


@pytest.mark.parametrize(("role", "districts"), [(Role.MODERATOR, set()), (Role.OFFICIAL, {1}), (Role.RESIDENT, {1})])
def test_other_scopes_are_refused(role: Role, districts: set[int]) -> None:
    with pytest.raises(NeedsDistrict):
        require_scope(role, districts)


def test_a_name_says_something_and_fits_its_place() -> None:
    assert valid_name("x" * LONGEST_NAME) == "x" * LONGEST_NAME
    with pytest.raises(TextTooLong) as refused:
        valid_name("x" * (LONGEST_NAME + 1))
    assert refused.value.details == {"field": "name", "longest": LONGEST_NAME}
    with pytest.raises(TextMissing):
        valid_name(" ")


@pytest.mark.parametrize(
    ("roles", "age"),
    [
        ({Role.RESIDENT}, timedelta(days=30)),
        (set(), timedelta(days=30)),
        ({Role.RESIDENT, Role.MODERATOR}, timedelta(hours=12)),
        ({Role.ADMINISTRATOR}, timedelta(hours=12)),
    ],
)
def test_a_sign_in_lasts_30_days_and_12_hours_with_a_role(roles: set[Role], age: timedelta) -> None:
    assert signed_in_until(SUBMITTING, roles) == SUBMITTING + age
