"""The part of a round's form about voting: who votes, whether a vote is final, and who keeps the key of the urn."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, ValidationError

from ...refusal import Refusal
from ...rounds.voting import Franchise, KeyKeeping, VotingTerms
from ..sentences import sentence_of
from .counting import CountingFields
from .fields import WholeNumberField, choice_field

DEFAULT = VotingTerms()


class VotingFields(CountingFields):
    """How votes come in and are kept."""

    franchise = choice_field(
        _l("Hoe krijgen mensen hun stem?"),
        {
            Franchise.LETTER: _l("Met een stemcode uit een brief"),
            Franchise.ACCOUNT: _l("Met een account op deze site"),
        },
        _l("Kies hoe mensen hun stem krijgen."),
        default=DEFAULT.franchise.value,
    )
    youngest = WholeNumberField(
        _l("Vanaf welke leeftijd mogen mensen stemmen?"),
        _l("Vul een leeftijd in, bijvoorbeeld 12."),
        lowest=1,
        default=DEFAULT.youngest,
    )
    is_final = BooleanField(_l("Een stem is definitief: mensen kunnen hem niet meer veranderen"))
    key_keeping = choice_field(
        _l("Wie bewaart de sleutel van de stembus?"),
        {KeyKeeping.SERVER: _l("De server"), KeyKeeping.OFFICIALS: _l("3 ambtenaren, elk een deel")},
        _l("Kies wie de sleutel bewaart."),
        default=DEFAULT.keys.value,
    )
    publish_ballots_from = WholeNumberField(
        _l("Vanaf hoeveel stemmen maken wij de losse stemmen openbaar?"),
        _l("Vul een heel getal in, bijvoorbeeld 50."),
        lowest=1,
        default=DEFAULT.publish_ballots_from,
    )

    def validate_youngest(self, field: WholeNumberField) -> None:
        """The rule about ages says what is wrong."""
        _ask(lambda: field.data is None or VotingTerms(youngest=field.data))

    def validate_publish_ballots_from(self, field: WholeNumberField) -> None:
        """The rule about publishing says what is wrong."""
        _ask(lambda: field.data is None or VotingTerms(publish_ballots_from=field.data))

    def chosen_voting(self) -> VotingTerms:
        """How votes come in and are kept, once the form is valid."""
        return VotingTerms(
            franchise=Franchise(self.franchise.data),
            youngest=self.youngest.data,
            is_final=self.is_final.data,
            keys=KeyKeeping(self.key_keeping.data),
            publish_ballots_from=self.publish_ballots_from.data,
        )


def _ask(rule: Callable[[], object]) -> None:
    try:
        rule()
    except Refusal as refusal:
        raise ValidationError(sentence_of(refusal)) from refusal


def values_of_voting(voting: VotingTerms) -> dict[str, Any]:
    """What the fields show of the voting terms."""
    return {
        "franchise": voting.franchise.value,
        "youngest": voting.youngest,
        "is_final": voting.is_final,
        "key_keeping": voting.keys.value,
        "publish_ballots_from": voting.publish_ballots_from,
    }
