"""tests/people/test_tokens.py tests wijkbudget/people/tokens.py."""

import pytest

from tests.moments import SECOND, SUBMITTING
from wijkbudget.people.tokens import Links, Purpose, TokenSpent, make_token, mark_of, read_token

SECRET = "a secret for tests"


def token(purpose: Purpose = Purpose.RESET) -> str:
    return make_token(SECRET, purpose, person_id=7, mark="mark", now=SUBMITTING)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_lives_until_its_time_is_over(purpose: Purpose) -> None:
    end = SUBMITTING + purpose.lifetime
    assert read_token(SECRET, purpose, token(purpose), now=end) == (7, "mark")
    with pytest.raises(TokenSpent):
        read_token(SECRET, purpose, token(purpose), now=end + SECOND)


def test_a_link_for_one_purpose_is_no_link_for_another() -> None:
    with pytest.raises(TokenSpent):
        read_token(SECRET, Purpose.RESET, token(Purpose.CONFIRM), now=SUBMITTING)


@pytest.mark.parametrize("text", ["", "x", "x.y", token()[:-1], token() + "x"])
def test_a_link_that_was_tampered_with_is_spent(text: str) -> None:
    with pytest.raises(TokenSpent):
        read_token(SECRET, Purpose.RESET, text, now=SUBMITTING)


def test_a_link_of_another_installation_is_spent() -> None:
    with pytest.raises(TokenSpent):
        read_token("another secret", Purpose.RESET, token(), now=SUBMITTING)


def test_a_path_holds_a_mark_of_the_password_hash_and_not_the_hash() -> None:
    path = Links(SECRET).path(Purpose.RESET, person_id=7, password_hash="the hash", now=SUBMITTING)
    text = path.removeprefix("/account/wachtwoord/")
    assert read_token(SECRET, Purpose.RESET, text, now=SUBMITTING) == (7, mark_of("the hash"))
    assert mark_of("the hash") != mark_of("another hash")
