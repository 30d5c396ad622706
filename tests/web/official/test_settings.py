"""Every rule's every setting is asked about, and the first answer is the rule's default."""

from enum import StrEnum
from typing import get_type_hints

from wijkbudget.tally.counting import RULES
from wijkbudget.tally.turns import Misfit
from wijkbudget.web.official.settings import NUMBERS, QUESTIONS, field_of, setting_fields


def test_every_setting_of_every_rule_is_asked_about() -> None:
    assert set(QUESTIONS) == set(RULES)
    for rule in RULES.values():
        assert set(setting_fields(rule)) == set(rule().settings)


def test_every_answer_that_a_rule_takes_is_offered_the_default_first() -> None:
    for name, rule in RULES.items():
        hints = get_type_hints(rule)
        for setting, (_question, answers) in QUESTIONS[name].items():
            kind: type[StrEnum] = hints[setting]
            refused = {Misfit.STRETCH.value} if name == "phragmen" else set()
            assert set(answers) == {member.value for member in kind} - refused
            assert next(iter(answers)) == rule().settings[setting]


def test_the_default_of_every_number_is_nothing() -> None:
    for name, settings in NUMBERS.items():
        assert [RULES[name]().settings[setting] for setting in settings] == [0] * len(settings)


def test_a_field_is_called_after_its_rule_and_setting() -> None:
    assert field_of("equal-shares", "stop") == "equal_shares_stop"
