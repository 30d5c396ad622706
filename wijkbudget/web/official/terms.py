"""The form in which an official writes down the terms of a round."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from ...places.tables import Neighbourhood
from ...refusal import Refusal
from ...rounds import rules
from ...rounds.localtime import DoesNotExist, HappensTwice, moment_of, wall_of
from ...rounds.rules import (
    BallotForm,
    Electorate,
    Kind,
    NeedsMaximum,
    NoArea,
    NoEligible,
    PastIsFixed,
    Phase,
    Schedule,
    StartsOutOfOrder,
    Terms,
)
from ...rounds.tables import Round
from ..forms import EurosField, Form, obeys, short_text, trimmed, version_field
from ..sentences import lazy_sentence_of, sentence_of
from ..wording import FORMS, KINDS
from .fields import NeighbourhoodsField, WholeNumberField, day_field, moment_field

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


class TermsForm(Form):
    """All terms of a round; `old` is the schedule it has now, `now` the moment by which its past is fixed."""

    title = short_text(_l("Naam van de ronde"), _l("Geef de ronde een naam."), longest=rules.LONGEST_TITLE)
    kind = RadioField(
        _l("Soort ronde"),
        choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()],
        invalid_choice_message=_l("Kies een soort ronde."),
    )
    area_name = short_text(_l("Naam van het gebied"), _l("Geef het gebied een naam."), longest=rules.LONGEST_AREA_NAME)
    neighbourhoods = NeighbourhoodsField(
        _l("Wijken"),
        coerce=int,
        validators=[InputRequired(lazy_sentence_of(NoArea()))],
        invalid_value_message=_l("Kies wijken uit de lijst."),
        invalid_choice_message=_l("Kies wijken uit de lijst."),
    )
    budget = EurosField(_l("Budget"), [DataRequired(_l("Vul een budget in, bijvoorbeeld 25.000."))])
    like_threshold = WholeNumberField(_l("Likes die een plan nodig heeft"), _l("Vul een heel getal in: 0 of meer."))
    criteria = TextAreaField(
        _l("Criteria"), filters=[trimmed], validators=[obeys(lambda text: rules.require_criteria(_lines(text)))]
    )
    submitting = moment_field(_l("Indienen begint"), _l("Vul in wanneer het indienen begint."))
    reviewing = moment_field(_l("Bekijken door de gemeente begint"), _l("Vul in wanneer het bekijken begint."))
    voting = moment_field(_l("Stemmen begint"), _l("Vul in wanneer het stemmen begint."))
    counting = moment_field(_l("Stemmen sluit, tellen begint"), _l("Vul in wanneer het stemmen sluit."))
    result = moment_field(_l("De uitslag komt"), _l("Vul in wanneer de uitslag komt."))
    submitting_which, reviewing_which, voting_which = _which(), _which(), _which()
    counting_which, result_which = _which(), _which()
    ballot_form = RadioField(
        _l("Hoe kiezen mensen?"),
        choices=[SelectChoice(form.value, name) for form, name in FORMS.items()],
        invalid_choice_message=_l("Kies hoe mensen kiezen."),
    )
    max_choices = WholeNumberField(
        _l("Hoeveel plannen mag iemand kiezen?"), _l("Vul een heel getal in: 1 of meer."), lowest=1, is_needed=False
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
            _object(self[phase.value], StartsOutOfOrder(phase=phase))
        for phase in rules.moved_past(starts, old=self._old, now=self._now):
            _object(self[phase.value], PastIsFixed(phase=phase))
        return not self.errors

    def validate_max_choices(self, field: Field) -> None:
        """A number of plans belongs to one of the ballot forms only."""
        is_basket = self.ballot_form.data == rules.Form.BASKET
        if is_basket and field.data is not None:
            raise ValidationError(_("Laat dit leeg. Bij een budget mag iemand kiezen wat past."))
        if self.ballot_form.data == rules.Form.APPROVAL and field.data is None and not field.errors:
            raise ValidationError(sentence_of(NeedsMaximum()))

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

    def _read_starts(self) -> Iterator[tuple[Phase, datetime]]:
        for phase in STARTS:
            if not self[phase.value].errors:
                try:
                    yield phase, self._start(phase)
                except (DoesNotExist, HappensTwice) as refusal:
                    _object(self[phase.value], refusal)

    def _start(self, phase: Phase) -> datetime:
        start = moment_of(self[phase.value].data, is_second=WHICH.get(self[f"{phase.value}_which"].data))
        before = self._old.start_of(phase) if self._old else None
        # The field shows no seconds; a start that was not touched keeps its own.
        is_same = before is not None and start == before.replace(second=0, microsecond=0)
        return before if before and is_same else start

    def terms(self) -> Terms:
        """The terms as they were filled in, once the form is valid."""
        return Terms(
            kind=Kind(self.kind.data),
            title=self.title.data,
            area_name=self.area_name.data,
            neighbourhood_ids=tuple(self.neighbourhoods.data),
            budget=self.budget.data,
            like_threshold=self.like_threshold.data,
            schedule=Schedule(**{phase.value: start for phase, start in self._starts.items()}),
            ballot_form=BallotForm(rules.Form(self.ballot_form.data), self.max_choices.data),
            electorate=Electorate(self.eligible.data, self.reference_date.data),
            criteria=_lines(self.criteria.data),
        )


class EditTermsForm(TermsForm):
    """The terms of a round that exists; `version` tells which of them the official had before them."""

    version = version_field()


def terms_of(round: Round) -> dict[str, Any]:
    """What the form shows of a round that exists."""
    values: dict[str, Any] = {name: getattr(round, name) for name in ("title", "area_name", "budget", "like_threshold")}
    for phase, start in round.schedule.starts:
        wall = wall_of(start)
        values[phase.value] = wall.shown
        values[f"{phase.value}_which"] = {None: None, False: "first", True: "second"}[wall.is_second]
    return values | {
        "kind": round.kind.value,
        "neighbourhoods": [place.id for place in round.neighbourhoods],
        "criteria": "\n".join(round.criteria),
        "ballot_form": round.ballot_form.form.value,
        "max_choices": round.ballot_form.max_choices,
        "eligible": round.electorate.eligible,
        "reference_date": round.electorate.reference_date,
        "version": round.version,
    }


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _object(field: Field, refusal: Refusal) -> None:
    field.errors = [*field.errors, sentence_of(refusal)]
