"""Every form, rule and source of the lot is explained in one sentence."""

import re

import pytest

from wijkbudget.rounds.forms import Form
from wijkbudget.rounds.rules import SeedSource
from wijkbudget.tally.counting import RULES
from wijkbudget.web.official.explained import explanations

pytestmark = pytest.mark.usefixtures("dutch")
LONGEST_SENTENCE = 25  # words


def test_every_choice_is_explained() -> None:
    told = explanations()

    assert set(told.forms) == {form.value for form in Form}
    assert set(told.rules) == set(told.settings) == set(RULES)
    assert set(told.seeds) == {seed.value for seed in SeedSource}


def test_every_explanation_is_one_sentence_of_plain_length() -> None:
    told = explanations()

    for explained in [*told.forms.values(), *told.rules.values(), *told.seeds.values()]:
        assert len(re.findall(r"[.!?]", explained.sentence)) == 1, explained.sentence
        assert len(explained.sentence.split()) <= LONGEST_SENTENCE, explained.sentence


def test_the_example_of_a_ranking_gives_the_points_that_a_ballot_gives() -> None:
    assert "speeltuin 3, bomen 2, banken 1" in explanations().forms["ranking"].example


def test_the_example_of_a_basket_adds_up() -> None:
    assert "€\N{NO-BREAK SPACE}100" in explanations().forms["basket"].example
