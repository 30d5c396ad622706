"""The refusals about keys say what is wrong and where; tests/web/test_sentences.py has them all."""

import pytest
from flask import Flask

from wijkbudget.ballots.shares import OtherWord, UnknownWord, WrongWordCount
from wijkbudget.refusal import Refusal
from wijkbudget.web.key_sentences import KEYS
from wijkbudget.web.sentences import SENTENCES, answer_to


def test_all_of_them_are_in_the_one_table() -> None:
    assert KEYS.items() <= SENTENCES.items()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (UnknownWord(place=7, word="fiets"), "Woord 7 klopt niet: “fiets” staat niet in de lijst."),
        (OtherWord(place=22), "Kijk op uw papier bij nummer 22 en typ het opnieuw."),
        (WrongWordCount(typed=32, whole=33), "U typte 32 woorden. Een deel heeft er 33."),
    ],
)
def test_a_refusal_tells_where_it_went_wrong(app: Flask, refusal: Refusal, words: str) -> None:
    with app.test_request_context("/"):
        assert words in answer_to(refusal)[1]
