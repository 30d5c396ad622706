"""The refusals about codes and letters name their numbers; tests/web/test_sentences.py has them all."""

import pytest
from flask import Flask

from wijkbudget.ballots.batches import MoreCodesThanElectorate
from wijkbudget.ballots.serials import CodeReplaced
from wijkbudget.refusal import Refusal
from wijkbudget.rounds.voting import ImpossibleAge, TooFewToPublish
from wijkbudget.web.code_sentences import CODES
from wijkbudget.web.sentences import SENTENCES, answer_to


def test_all_of_them_are_in_the_one_table() -> None:
    assert CODES.items() <= SENTENCES.items()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (MoreCodesThanElectorate(left=1200), "nog 1.200 codes"),
        (CodeReplaced(serial=17), "door brief 17."),
        (ImpossibleAge(lowest=1, highest=120), "van 1 tot en met 120 jaar"),
        (TooFewToPublish(fewest=10), "minimaal 10"),
    ],
)
def test_a_refusal_names_its_numbers(app: Flask, refusal: Refusal, words: str) -> None:
    with app.test_request_context("/"):
        assert words in answer_to(refusal)[1]
