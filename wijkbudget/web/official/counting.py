"""The part of a round's form about the count: the rule with its settings, the lot, and whether rules are compared.

What stands under a rule that was not chosen is not used and not objected to; the page hides it. So does a way to stop
adding euros where no euros are added. A percentage that nothing asks for is refused, because it can be seen.
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice

from ...rounds.rules import Counting, RuleForOtherBallots, SeedSource
from ...tally.counting import RULES, rule_of
from ...tally.method import rule_title
from ...tally.rule import Rule
from ...tally.turns import Misfit
from ..wording import PageWords
from .balloting import BallotFields
from .basics import object_to
from .fields import WholeNumberField, choice_field
from .settings import NUMBERS, QUESTIONS, field_of, setting_fields

WHOLE = 100
BY_DEFAULT = next(iter(RULES))


def _choice(rule: str, setting: str) -> RadioField:
    question, answers = QUESTIONS[rule][setting]
    return choice_field(question, answers, _l("Kies 1 van deze mogelijkheden."), default=next(iter(answers)))


def _percent() -> WholeNumberField:
    return WholeNumberField(
        _l("Hoeveel procent van de kosten moet er dan nog zijn?"),
        _l("Vul een heel getal in van 1 tot en met 99."),
        lowest=1,
        is_needed=False,
    )


def _minimum() -> WholeNumberField:
    return WholeNumberField(
        _l("Hoeveel stemmen of punten heeft een plan minimaal nodig?"),
        _l("Vul een heel getal in: 1 of meer. Of laat het leeg."),
        lowest=1,
        is_needed=False,
        description=_l("Laat leeg als er geen minimum is."),
    )


class CountingFields(BallotFields):
    """A counting rule, and for each rule its settings in fields called `rule_setting`."""

    rule = choice_field(
        _l("Met welke telregel?"), {name: name for name in RULES}, _l("Kies een telregel."), default=BY_DEFAULT
    )
    most_votes_misfit = _choice("most-votes", "misfit")
    most_votes_percent = _percent()
    most_votes_minimum = _minimum()
    votes_per_euro_misfit = _choice("votes-per-euro", "misfit")
    votes_per_euro_percent = _percent()
    votes_per_euro_minimum = _minimum()
    equal_shares_utility = _choice("equal-shares", "utility")
    equal_shares_completion = _choice("equal-shares", "completion")
    equal_shares_stop = _choice("equal-shares", "stop")
    phragmen_misfit = _choice("phragmen", "misfit")
    best_value_utility = _choice("best-value", "utility")
    seed_source = choice_field(
        _l("Waar komt het getal voor een loting vandaan?"),
        {SeedSource.URN: _l("Uit de stembus zelf"), SeedSource.DRAW: _l("Uit een openbare loting")},
        _l("Kies waar het getal vandaan komt."),
        default=SeedSource.URN.value,
    )
    compares = BooleanField(_l("Laat bij de uitslag zien wat een andere telregel geeft"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.rule.choices = [SelectChoice(name, rule_title(name, PageWords())) for name in RULES]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fields are right, those of other rules left aside."""
        super().validate(extra_validators)
        fields = {name for rule in RULES.values() for name in setting_fields(rule).values()}
        chosen = set() if self.rule.errors else set(setting_fields(RULES[self.rule.data]).values())
        for name in fields - chosen:
            self[name].errors = []
        if not self.rule.errors:
            self._require_percent()
            self._require_ballots()
        return not self.errors

    def _require_percent(self) -> None:
        """A share of the cost belongs to one answer only, and lies below the whole."""
        if "percent" not in NUMBERS.get(self.rule.data, ()):
            return
        misfit, percent = (self[field_of(self.rule.data, setting)] for setting in ("misfit", "percent"))
        is_stretched = misfit.data == Misfit.STRETCH
        if is_stretched and not percent.errors and not 0 < (percent.data or 0) < WHOLE:
            percent.errors = [_("Vul een heel getal in van 1 tot en met 99.")]
        if not is_stretched and (percent.data is not None or percent.errors):
            percent.errors = [_("Laat dit leeg. Een percentage hoort alleen bij een plan dat toch doorgaat.")]

    def _require_ballots(self) -> None:
        is_clear = not any(
            self[name].errors for name in ("ballot_form", *setting_fields(RULES[self.rule.data]).values())
        )
        if is_clear and not self._is_ballot_wrong():
            rule = self.chosen_rule()
            if not rule.takes(is_approval=self.chosen_ballot().is_approval):
                object_to(self.rule, RuleForOtherBallots(rule=rule.name))

    def _is_ballot_wrong(self) -> bool:
        return any(name.startswith(f"{self.ballot_form.data}_") for name in self.errors)

    def chosen_rule(self) -> Rule:
        """The rule as it was filled in, once its fields are valid."""
        name = self.rule.data
        answers = {setting: self[field].data for setting, field in setting_fields(RULES[name]).items()}
        if not str(answers.get("completion", "")).startswith("add-one"):
            answers.pop("stop", None)
        return rule_of(name, {setting: value for setting, value in answers.items() if value is not None})

    def chosen_counting(self) -> Counting:
        """How the ballots are counted, once the form is valid."""
        return Counting(self.chosen_rule(), SeedSource(self.seed_source.data), self.compares.data)


def values_of_counting(counting: Counting) -> dict[str, Any]:
    """What the fields show of a way of counting; numbers at their default are left empty."""
    settings, rule = counting.rule.settings, counting.rule
    shown = {field: settings[setting] or None for setting, field in setting_fields(rule).items()}
    return shown | {"rule": rule.name, "seed_source": counting.seed.value, "compares": counting.compares}
