"""The one way in which a rule says no."""

from wijkbudget.refusal import Refusal


class TooLoud(Refusal):
    """A refusal for this test."""


def test_a_refusal_keeps_what_its_sentence_needs() -> None:
    assert TooLoud(most=3, chosen=4).details == {"most": 3, "chosen": 4}


def test_a_refusal_is_named_after_its_type() -> None:
    assert str(TooLoud(most=3)) == "TooLoud"
