"""How a round is voted and counted, in words: the same before the vote as after it, for residents and for officials."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from ..rounds.rules import SeedSource
from ..rounds.tables import Round
from ..tally.method import rule_in_words, rule_title, ties_in_words
from ..tally.ties import CheapestFirst
from .wording import FORMS, PageWords, form_in_words

SEEDS = {
    SeedSource.URN: _l(
        "De computer maakt het getal voor een loting uit de regels en de stembus, "
        "en alleen de laatste stem kan het nog veranderen."
    ),
    SeedSource.DRAW: _l("De gemeente loot in het openbaar na het stemmen, en 2 ambtenaren vullen de uitkomst in."),
}


@dataclass(frozen=True)
class RoundRules:
    """What the form and the rule are called, how they go, who goes first of equals and where the lot comes from."""

    form: str
    ballot: str
    rule: str
    steps: str
    ties: str
    seed: str


def rules_in_words(round: Round) -> RoundRules:
    """How this round is voted and counted."""
    form, rule, words = round.ballot_form, round.counting.rule, PageWords()
    in_points = not form.is_approval
    return RoundRules(
        form=str(FORMS[form.form]),
        ballot=form_in_words(form),
        rule=rule_title(rule.name, words, in_points=in_points),
        steps=rule_in_words(rule.name, rule.settings, words, in_points=in_points),
        ties=ties_in_words(CheapestFirst.name, words, in_points=in_points),
        seed=str(SEEDS[round.counting.seed]),
    )
