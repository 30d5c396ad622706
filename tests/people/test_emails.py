"""tests/people/test_emails.py tests wijkbudget/people/emails.py."""

import pytest

from wijkbudget.people.emails import valid_email
from wijkbudget.people.rules import NotAnEmail


@pytest.mark.parametrize(
    ("text", "stored"),
    [(" Samira@Voorbeeld.NL ", "samira@voorbeeld.nl"), ("jan@café.nl", "jan@xn--caf-dma.nl")],
)
def test_an_address_is_stored_in_lower_case_ascii(text: str, stored: str) -> None:
    assert valid_email(text) == stored


@pytest.mark.parametrize(
    "text",
    ["", "samira", "samira@", "@voorbeeld.nl", "a b@voorbeeld.nl", "a@voorbeeld.nl\nBcc: b@voorbeeld.nl", "é@a.nl"],
)
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(NotAnEmail):
        valid_email(text)
