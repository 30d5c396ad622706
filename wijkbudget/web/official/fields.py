"""The fields that only officials fill in: whole numbers as people write them, days, times, choices, a round's area."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, Field, RadioField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from ...places.tables import Neighbourhood

HIGHEST_NUMBER = 999_999_999  # fits the database's integers
YEARS = range(2000, 2101)
TIME_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class WholeNumberField(Field):  # type: ignore[misc]
    """A whole number of at least `lowest`, also as `3.422`; one message says all that can be wrong with it."""

    widget = TextInput()
    data: Any  # int, or None where nothing was filled in

    def __init__(self, label: Any, message: Any = "", *, lowest: int = 0, is_needed: bool = True, **more: Any) -> None:
        super().__init__(label, **more)
        self._message, self._lowest, self._is_needed = message, lowest, is_needed

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}".replace(",", ".")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text and not self._is_needed:
            return
        if not re.fullmatch(r"[0-9]{1,9}|[0-9]{1,3}(\.[0-9]{3}){1,2}", text):
            raise ValueError(self._message)
        number = int(text.replace(".", ""))
        if not self._lowest <= number <= HIGHEST_NUMBER:
            raise ValueError(self._message)
        self.data = number

    def pre_validate(self, form: object) -> None:
        if self._is_needed and self.data is None and not self.process_errors:
            raise ValidationError(self._message)


class NeighbourhoodsField(SelectMultipleField):  # type: ignore[misc]
    """Which neighbourhoods, as check boxes for each district."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def offer(self, neighbourhoods: Sequence[Neighbourhood]) -> None:
        """Let these be chosen."""
        in_order = sorted(neighbourhoods, key=lambda place: (place.district.name, place.number))
        self.choices = [SelectChoice(place.id, place.name, optgroup=place.district.name) for place in in_order]

    def by_group(self) -> Iterator[tuple[str, list[Any]]]:
        """The name of each district with its check boxes."""
        districts = [choice.optgroup for choice in self.choices]
        for district, pairs in groupby(zip(districts, self, strict=True), key=lambda pair: pair[0]):
            yield str(district), [box for _, box in pairs]


def moment_field(label: Any, message: Any) -> DateTimeLocalField:
    """A required day and time on the wall clock."""
    return DateTimeLocalField(
        label, [InputRequired(message), _sensible_year], format=TIME_FORMATS, invalid_value_message=message
    )


def day_field(label: Any, message: Any, **more: Any) -> DateField:
    """A required day."""
    return DateField(label, [InputRequired(message), _sensible_year], invalid_value_message=message, **more)


def choice_field(label: Any, choices: Mapping[Any, Any], message: Any, **more: Any) -> RadioField:
    """One of these values, each with its words."""
    options = [SelectChoice(str(value), words) for value, words in choices.items()]
    return RadioField(label, choices=options, invalid_choice_message=message, **more)


def _sensible_year(_form: object, field: Field) -> None:
    # A mistyped year such as 0026 lies outside what the computer can convert between zones.
    day: date | datetime | None = field.data
    if day is not None and day.year not in YEARS:
        raise ValidationError(_l("Kies een jaar tussen 2000 en 2100."))
