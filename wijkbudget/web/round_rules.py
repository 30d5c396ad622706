"""How a round is voted and counted, in words: the same before the vote as after it, for residents and for officials."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..rounds.rules import SeedSource
from ..rounds.tables import Round
from ..rounds.voting import Franchise, KeyKeeping, VotingTerms
from ..tally.method import rule_in_words, rule_title, ties_in_words
from ..tally.ties import CheapestFirst
from .wording import FORMS, PageWords, form_in_words, number

SEEDS = {
    SeedSource.URN: _l(
        "De computer maakt het getal voor een loting uit de regels en de stembus, "
        "en alleen de laatste stem kan het nog veranderen."
    ),
    SeedSource.DRAW: _l("De gemeente loot in het openbaar na het stemmen, en 2 ambtenaren vullen de uitkomst in."),
}
KEEPING = {
    KeyKeeping.SERVER: _l(
        "De server bewaart de sleutel van de stembus in een bestand. Na het sluiten telt hij de stemmen vanzelf."
        " Wie bij dat bestand én de database kan, ziet wat er met elke brief of elk account is gestemd."
    ),
    KeyKeeping.OFFICIALS: _l(
        "3 ambtenaren bewaren elk een deel van de sleutel op papier. De sleutel zelf bewaart niemand."
        " Na het sluiten openen 2 van hen samen de stembus. Zijn 2 delen kwijt, dan kan niemand de stemmen nog tellen."
    ),
}
"""What it means who keeps the key."""


@dataclass(frozen=True)
class RoundRules:
    """What the form and the rule are called, how they go, who goes first of equals and where the lot comes from.

    Also who votes, who keeps the key of the urn, and what is published.
    """

    form: str
    ballot: str
    rule: str
    steps: str
    ties: str
    seed: str
    voters: str
    keys: str
    published: str


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
        voters=_voters(round.voting),
        keys=str(KEEPING[round.voting.keys]),
        published=_(
            "Bij %(fewest)s stemmen of meer maken wij alle stemmen openbaar, zonder namen."
            " Bij minder alleen de totalen.",
            fewest=number(round.voting.publish_ballots_from),
        ),
    )


def _voters(voting: VotingTerms) -> str:
    if voting.franchise is Franchise.LETTER:
        return _(
            "Iedereen van %(youngest)s jaar en ouder die van de gemeente een brief met een stemcode krijgt.",
            youngest=number(voting.youngest),
        )
    return _(
        "Iedereen van %(youngest)s jaar en ouder met een account op deze site en een postcode in het gebied.",
        youngest=number(voting.youngest),
    )
