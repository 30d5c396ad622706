from dataclasses import replace

import pytest

from tests.printing.samples import SITE, TERMS, code
from wijkbudget.printing.terms import VotingLetter


def test_the_code_stands_behind_the_hash_only() -> None:
    assert TERMS.code_address("7K3Q-X0M2-2ABC-DX9Z") == f"{SITE}/stem#7K3QX0M22ABCDX9Z"
    assert replace(TERMS, public_url=f"{SITE}/").code_address("7K3Q-X0M2-2ABC-DX9Z").startswith(f"{SITE}/stem#")


def test_a_site_is_written_without_its_scheme() -> None:
    assert TERMS.site == "wijkbudget.example.org"


@pytest.mark.parametrize(
    "wrong", ["7K3QX0M22ABCDX9Z", "7k3q-x0m2-2abc-dx9z", "7K3Q-X0M2-2ABC", "7K3Q-X0M2-2ABC-DX9Z-", ""]
)
def test_a_letter_has_a_written_code_and_an_error_does_not_tell_it(wrong: str) -> None:
    with pytest.raises(ValueError, match="written code") as refused:
        VotingLetter(1, wrong)
    assert not wrong or wrong not in str(refused.value)


def test_a_serial_is_above_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        VotingLetter(0, code(1))


def test_the_code_is_not_shown_where_values_are_logged() -> None:
    assert repr(VotingLetter(7, code(7))) == "VotingLetter(serial=7, replaces=None)"
