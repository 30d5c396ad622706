"""The part of a round's form that comes before voting: its name, area, schedule and the rules for plans."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from ...places.tables import Neighbourhood
from ...refusal import Refusal
from ...rounds import rules
from ...rounds.localtime import DoesNotExist, HappensTwice, moment_of
from ...rounds.rules import NoArea, NoEligible, PastIsFixed, Phase, Schedule, StartsOutOfOrder
from ..forms import EurosField, Form, obeys, short_text, trimmed
from ..sentences import lazy_sentence_of, sentence_of
from ..wording import KINDS
from .fields import NeighbourhoodsField, WholeNumberField, choice_field, day_field, moment_field

STARTS = tuple(Phase)[1:]
WHICH = {"first": False, "second": True}


def _which() -> RadioField:
    return RadioField(
        _l("Welke van de twee bedoelt u?"),
        choices=[
            SelectChoice("first", _l("De eerste keer (zomertijd)")),
            SelectChoice("second", _l("De tweede keer (wintertijd)")),
        ],
        validate_choice=False,
    )


class BasicFields(Form):
    """What a round is; `old` is the schedule it has now, `now` the moment by which its past is fixed."""

    title = short_text(_l("Naam van de ronde"), _l("Geef de ronde een naam."), longest=rules.LONGEST_TITLE)
    kind = choice_field(_l("Soort ronde"), KINDS, _l("Kies een soort ronde."))
    budget = EurosField(_l("Budget"), [DataRequired(_l("Vul een budget in, bijvoorbeeld 25.000."))])
    area_name = short_text(_l("Naam van het gebied"), _l("Geef het gebied een naam."), longest=rules.LONGEST_AREA_NAME)
    neighbourhoods = NeighbourhoodsField(
        _l("Wijken"),
        coerce=int,
        validators=[InputRequired(lazy_sentence_of(NoArea()))],
        invalid_value_message=_l("Kies wijken uit de lijst."),
        invalid_choice_message=_l("Kies wijken uit de lijst."),
    )
    submitting = moment_field(_l("Indienen begint"), _l("Vul in wanneer het indienen begint."))
    reviewing = moment_field(_l("Bekijken door de gemeente begint"), _l("Vul in wanneer het bekijken begint."))
    voting = moment_field(_l("Stemmen begint"), _l("Vul in wanneer het stemmen begint."))
    counting = moment_field(_l("Stemmen sluit, tellen begint"), _l("Vul in wanneer het stemmen sluit."))
    result = moment_field(_l("De uitslag komt"), _l("Vul in wanneer de uitslag komt."))
    submitting_which, reviewing_which, voting_which = _which(), _which(), _which()
    counting_which, result_which = _which(), _which()
    like_threshold = WholeNumberField(_l("Likes die een plan nodig heeft"), _l("Vul een heel getal in: 0 of meer."))
    criteria = TextAreaField(
        _l("Criteria"), filters=[trimmed], validators=[obeys(lambda text: rules.require_criteria(lines(text)))]
    )
    eligible = WholeNumberField(_l("Aantal mensen dat mag stemmen"), lazy_sentence_of(NoEligible()), lowest=1)
    reference_date = day_field(_l("Geteld op"), _l("Vul de dag in waarop de gemeente dit telde."))

    def __init__(self, *, now: datetime, old: Schedule | None = None, **more: Any) -> None:
        super().__init__(**more)
        self._now, self._old = now, old
        self._starts: dict[Phase, datetime] = {}

    def offering(self, places: Sequence[Neighbourhood]) -> Self:
        """This form with these neighbourhoods to choose from."""
        self.neighbourhoods.offer(places)
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fields are right; each field that is not says why, also where fields contradict each other."""
        super().validate(extra_validators)
        self._starts = dict(self._read_starts())
        starts = tuple(self._starts.items())
        for phase in rules.too_early(starts):
            object_to(self[phase.value], StartsOutOfOrder(phase=phase))
        for phase in rules.moved_past(starts, old=self._old, now=self._now):
            object_to(self[phase.value], PastIsFixed(phase=phase))
        return not self.errors

    def has_begun(self, phase: Phase) -> bool:
        """Whether the start of the phase lies fixed, because it has passed."""
        return self._old is not None and self._old.start_of(phase) <= self._now

    def happens_twice(self, phase: Phase) -> bool:
        """Whether the clock shows the time that was filled in twice."""
        wall = self[phase.value].data
        try:
            return wall is not None and not self[phase.value].process_errors and not moment_of(wall, is_second=None)
        except HappensTwice:
            return True
        except (DoesNotExist, OverflowError):
            return False

    @property
    def schedule(self) -> Schedule:
        """The schedule as it was filled in, once the form is valid."""
        return Schedule(**{phase.value: start for phase, start in self._starts.items()})

    def _read_starts(self) -> Iterator[tuple[Phase, datetime]]:
        for phase in STARTS:
            if not self[phase.value].errors:
                try:
                    yield phase, self._start(phase)
                except (DoesNotExist, HappensTwice) as refusal:
                    object_to(self[phase.value], refusal)

    def _start(self, phase: Phase) -> datetime:
        start = moment_of(self[phase.value].data, is_second=WHICH.get(self[f"{phase.value}_which"].data))
        before = self._old.start_of(phase) if self._old else None
        # The field shows no seconds; a start that was not touched keeps its own.
        is_same = before is not None and start == before.replace(second=0, microsecond=0)
        return before if before and is_same else start


def lines(text: str | None) -> tuple[str, ...]:
    """The lines that hold something, trimmed."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def object_to(field: Field, refusal: Refusal) -> None:
    """Say at this field what the refusal says."""
    field.errors = [*field.errors, sentence_of(refusal)]
