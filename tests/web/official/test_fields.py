"""Numbers as people write them, sensible years, and a round's area by district."""

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from tests.builders import Builder
from wijkbudget.web.official.fields import (
    NeighbourhoodsField,
    WholeNumberField,
    choice_field,
    day_field,
    moment_field,
)


class Example(Form):  # type: ignore[misc, unused-ignore]
    """A form for this test."""

    needed = WholeNumberField("needed", "Vul een getal in.", lowest=1)
    free = WholeNumberField("free", "Vul een getal in.", is_needed=False)
    moment = moment_field("moment", "Vul een tijd in.")
    day = day_field("day", "Vul een dag in.")
    colour = choice_field("colour", {"red": "Rood", "blue": "Blauw"}, "Kies een kleur.")
    places = NeighbourhoodsField("places", coerce=int)


def filled_in(app: Flask, **values: str) -> Any:
    with app.test_request_context():
        form = Example(MultiDict(values))
        form.places.offer([])
        form.validate()
        return form


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), (" 25 ", 25), ("3.422", 3422), ("3422", 3422), ("1.000.000", 1_000_000), ("999999999", 999_999_999)],
)
def test_a_whole_number_may_have_dots_between_thousands(app: Flask, text: str, number: int) -> None:
    form = filled_in(app, needed=text)

    assert (form.needed.data, form.needed.errors) == (number, [])


@pytest.mark.parametrize("text", ["", " ", "0", "-1", "1,5", "1.5", "3.42", "1e3", "veel", "9999999999", "²", "1_000"])
def test_what_is_no_such_number_gets_one_sentence_and_stays_in_the_field(app: Flask, text: str) -> None:
    form = filled_in(app, needed=text)

    assert (form.needed.data, form.needed.errors) == (None, ["Vul een getal in."])
    assert form.needed._value() == text


def test_a_number_that_is_not_sent_at_all_is_missing(app: Flask) -> None:
    assert filled_in(app, free="1").needed.errors == ["Vul een getal in."]


def test_a_number_that_is_not_needed_may_stay_empty(app: Flask) -> None:
    form = filled_in(app, free=" ")

    assert (form.free.data, form.free.errors) == (None, [])
    assert filled_in(app, free="x").free.errors == ["Vul een getal in."]


def test_a_stored_number_is_shown_with_dots(app: Flask) -> None:
    with app.test_request_context():
        assert Example(data={"needed": 6364}).needed._value() == "6.364"
        assert Example().needed._value() == ""


@pytest.mark.parametrize("text", ["2026-10-25T02:30", "2026-10-25T02:30:00", "2026-10-25 02:30"])
def test_a_time_is_read_as_browsers_write_it(app: Flask, text: str) -> None:
    assert filled_in(app, moment=text).moment.data == datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001  (a wall clock)


@pytest.mark.parametrize("text", ["", "morgen", "2026-13-01T10:00", "2026-02-30T10:00", "2026-10-25T25:00"])
def test_a_time_that_cannot_be_gets_one_sentence(app: Flask, text: str) -> None:
    assert filled_in(app, moment=text).moment.errors == ["Vul een tijd in."]


@pytest.mark.parametrize("year", ["0001", "0026", "1999", "2101", "9999"])
def test_a_mistyped_year_is_refused(app: Flask, year: str) -> None:
    form = filled_in(app, moment=f"{year}-10-25T12:00", day=f"{year}-10-25")

    assert form.moment.errors == form.day.errors == ["Kies een jaar tussen 2000 en 2100."]


def test_a_day_is_a_day(app: Flask) -> None:
    assert filled_in(app, day="2026-09-01").day.data == date(2026, 9, 1)
    assert filled_in(app, day="1 september").day.errors == ["Vul een dag in."]


def test_neighbourhoods_stand_under_their_district(app: Flask, build: Builder) -> None:
    offered = [
        build.neighbourhood("Duinoord", district="Scheveningen"),
        build.neighbourhood("Bezuidenhout"),
        build.neighbourhood("Mariahoeve"),
    ]
    with app.test_request_context():
        form = Example(data={"places": [offered[0].id]})
        form.places.offer(offered)
        grouped = [(name, [box.label.text for box in boxes]) for name, boxes in form.places.by_group()]
        checked = [box.label.text for box in form.places if box.checked]

    assert grouped == [("Haagse Hout", ["Bezuidenhout", "Mariahoeve"]), ("Scheveningen", ["Duinoord"])]
    assert checked == ["Duinoord"]


@pytest.mark.parametrize(("value", "told"), [("blue", []), ("Blauw", ["Kies een kleur."]), ("", ["Kies een kleur."])])
def test_a_choice_is_one_of_the_values_and_shows_their_words(app: Flask, value: str, told: list[str]) -> None:
    form = filled_in(app, colour=value)
    assert form.colour.errors == told
    assert [str(option.label.text) for option in form.colour] == ["Rood", "Blauw"]
