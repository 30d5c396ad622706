"""The worked examples are really counted: the words on the page hold the figures of the tally."""

import pytest

from wijkbudget.tally.counting import RULES, rule_of
from wijkbudget.web.official import examples
from wijkbudget.web.official.settings import QUESTIONS

pytestmark = pytest.mark.usefixtures("dutch")

BY_HAND = {
    "most-votes": {"b", "d"},
    "votes-per-euro": {"c", "a", "d"},
    "equal-shares": {"b"},
    "phragmen": {"c", "a"},
    "best-value": {"a", "c", "d"},
}
"""Votes: a 8, b 9, c 2, d 3. Costs: a 50, b 60, c 10, d 40, together at most 100."""


def test_the_example_was_counted_by_hand_and_no_two_rules_fund_the_same_but_for_two() -> None:
    assert {name: set(examples.outcome_of(rule()).funded) for name, rule in RULES.items()} == BY_HAND


@pytest.mark.parametrize("name", RULES)
def test_the_sentence_of_every_rule_names_what_the_tally_funds_and_what_is_left(name: str) -> None:
    outcome = examples.outcome_of(RULES[name]())

    sentence = examples.rule_example(name).replace("\N{NO-BREAK SPACE}", " ")

    assert all(str(examples.NAMES[plan]) in sentence for plan in outcome.funded)
    assert f"Over: € {outcome.left // 100}." in sentence


def test_every_answer_has_an_example_counted_with_it() -> None:
    for name, settings in QUESTIONS.items():
        shown = examples.setting_examples(name)
        for setting, (_question, answers) in settings.items():
            assert set(shown[setting]) == set(answers)


def test_the_examples_of_what_happens_at_a_misfit_differ() -> None:
    assert len(set(examples.setting_examples("most-votes")["misfit"].values())) == 3


def test_a_stretched_budget_is_told_as_too_much() -> None:
    assert rule_of("most-votes", {"misfit": "stretch", "percent": 80})
    assert "€\N{NO-BREAK SPACE}10 te veel" in examples.setting_examples("most-votes")["misfit"]["stretch"]


def test_the_percentage_is_worked_out() -> None:
    assert (
        examples.percent_example().replace("\N{NO-BREAK SPACE}", " ")
        == "Bij 80% gaat een plan van € 50 door als er nog € 40 is."
    )


def test_the_lot_is_drawn_as_the_count_draws_it() -> None:
    first = min("cd", key=examples.LOT.number)

    assert examples.LOT.number("c")[:4] in examples.lot_example()
    assert examples.lot_example().endswith(f"{examples.NAMES[first]}.")


def test_the_comparison_names_two_outcomes() -> None:
    assert "sportveld en bomen" in examples.comparison_example()
    assert "banken, speeltuin en bomen" in examples.comparison_example()


def test_the_example_is_told_with_its_votes() -> None:
    assert examples.votes()[0][::2] == ("sportveld", 9)
    assert (7, "speeltuin en sportveld") in examples.ballots()
