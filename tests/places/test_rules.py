"""tests/places/test_rules.py tests wijkbudget/places/rules.py."""

import pytest

from wijkbudget.places.rules import NotAPostcode, slug_of, valid_postcode


@pytest.mark.parametrize("text", ["2593AB", "2593 ab", " 2593.ab ", "2593-AB", "2593\N{NO-BREAK SPACE}AB"])
def test_a_postcode_may_be_written_in_many_ways(text: str) -> None:
    assert valid_postcode(text) == "2593AB"


@pytest.mark.parametrize("text", ["", "2593", "0593AB", "2593ABC", "25933AB", "AB2593", "२५९३AB", "2593ÀB"])
def test_anything_else_is_no_postcode(text: str) -> None:
    with pytest.raises(NotAPostcode):
        valid_postcode(text)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Geuzen- en Statenkwartier", "geuzen-en-statenkwartier"),
        ("Leidschenveen-Ypenburg", "leidschenveen-ypenburg"),
        ("Café 't Hoekje", "cafe-t-hoekje"),
        ("x" * 80, "x" * 60),
    ],
)
def test_a_slug_has_ascii_letters_digits_and_single_dashes(name: str, slug: str) -> None:
    assert slug_of(name) == slug
