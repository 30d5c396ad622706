"""What the command line explains outcomes with."""

from fractions import Fraction

import pytest

from wijkbudget.commands.words import PlainWords

DUTCH = PlainWords(str, language="nl")
ENGLISH = PlainWords(str)


def test_sentences_are_english_unless_dutch_is_asked_for() -> None:
    assert ENGLISH.gettext("Kruimelpad") == "Breadcrumbs"
    assert DUTCH.gettext("Kruimelpad") == "Kruimelpad"


@pytest.mark.parametrize(("count", "text"), [(0, "0 b"), (1, "1 a"), (2, "2 b")])
def test_a_count_chooses_the_message_and_fills_its_gaps(count: int, text: str) -> None:
    assert DUTCH.ngettext("%(n)s a", "%(n)s b", count, n=str(count)) == text


def test_a_percent_sign_in_a_sentence_without_gaps_stays() -> None:
    assert DUTCH.gettext("100%") == "100%"


@pytest.mark.parametrize(
    ("minor", "decimals", "text"),
    [
        (1234, 2, "<1234>"), (Fraction(1234), 2, "<1234>"), (Fraction(2469, 2), 2, "12.35"),
        (Fraction(25, 3), 0, "8.33"), (Fraction(25, 3), 3, "0.008"), (Fraction(1, 2), 2, "0.01"),
    ],
)  # fmt: skip
def test_whole_amounts_are_exact_and_others_rounded(minor: int | Fraction, decimals: int, text: str) -> None:
    assert PlainWords(lambda whole: f"<{whole}>", decimals=decimals).amount(minor) == text


@pytest.mark.parametrize(("value", "text"), [(1234567, "1234567"), (Fraction(4), "4"), (Fraction(5, 3), "1.67")])
def test_numbers_have_no_separators(value: int | Fraction, text: str) -> None:
    assert ENGLISH.number(value) == text


def test_a_plan_is_called_by_its_id() -> None:
    assert ENGLISH.plan("12") == "12"
