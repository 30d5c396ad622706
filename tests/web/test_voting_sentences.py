"""The refusals about ballots and counting say what is wrong in numbers; tests/web/test_sentences.py has them all."""

import pytest
from flask import Flask

from wijkbudget.ballots.forms import OverBudget, TooFewChoices, TooManyPoints
from wijkbudget.refusal import Refusal
from wijkbudget.rounds.forms import NeedsMostPoints
from wijkbudget.web.sentences import SENTENCES, answer_to
from wijkbudget.web.voting_sentences import VOTING, cents_of, count_of


def test_all_of_them_are_in_the_one_table() -> None:
    assert VOTING.items() <= SENTENCES.items()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (OverBudget(over=123_450), "€\N{NO-BREAK SPACE}1.234,50"),
        (TooFewChoices(least=2, chosen=1), "Kies er minimaal 2."),
        (TooManyPoints(over=3, total=1000), "3 te veel. Samen kunt u er 1.000 geven."),
        (NeedsMostPoints(total=10), "van 1 tot en met 10"),
    ],
)
def test_a_refusal_names_its_numbers(app: Flask, refusal: Refusal, words: str) -> None:
    with app.test_request_context("/"):
        assert words in answer_to(refusal)[1]


def test_details_are_written_as_amounts_and_numbers(app: Flask) -> None:
    refusal = Refusal(cost=100_000, codes=1234)
    with app.test_request_context("/"):
        assert (cents_of(refusal, "cost"), count_of(refusal, "codes")) == ("€\N{NO-BREAK SPACE}1.000", "1.234")
