"""How amounts, moments and shares are written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask, render_template_string

from tests.conftest import MovableClock
from tests.moments import SECOND
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.web.wording import (
    PageWords,
    days_left,
    euros,
    form_in_words,
    number,
    percentage,
    until,
    written_date,
    written_moment,
)

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", environ_overrides={"wijkbudget.language": "en"}):
        yield


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "0"),
        (100, "1"),
        (1_250_000, "12.500"),
        (1_250_050, "12.500,50"),
        (5, "0,05"),
        (123_456_789_00, "123.456.789"),
    ],
)
def test_euros_are_written_with_a_space_that_does_not_break(cents: int, written: str) -> None:
    assert euros(cents) == f"€{NO_BREAK}{written}"


@pytest.mark.usefixtures("dutch")
def test_an_amount_below_zero_keeps_its_sign() -> None:
    assert euros(-50) == f"-€{NO_BREAK}0,50"


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("share", "written"),
    [
        (Fraction(907, 3422), "26,50%"),
        (Fraction(1460, 6364), "22,94%"),
        (Fraction(18405, 100_000), "18,41%"),
        (Fraction(184049, 1_000_000), "18,40%"),
        (Fraction(0), "0,00%"),
        (Fraction(1), "100,00%"),
    ],
)
def test_a_share_has_two_decimals_rounded_half_up(share: Fraction, written: str) -> None:
    assert percentage(share) == written


@pytest.mark.usefixtures("dutch")
def test_a_thousand_is_set_apart_by_a_dot() -> None:
    assert (number(999), number(3422)) == ("999", "3.422")


@pytest.mark.usefixtures("english")
def test_english_has_its_own_marks() -> None:
    assert (number(3422), euros(1_250_050), percentage(Fraction(907, 3422))) == ("3,422", "€12,500.50", "26.50%")
    assert written_date(date(2026, 12, 13)) == "Sunday 13 December 2026"


@pytest.mark.usefixtures("dutch")
def test_a_moment_is_told_in_the_hague_in_winter_and_in_summer() -> None:
    assert written_moment(datetime(2026, 12, 13, 17, tzinfo=UTC)) == "zondag 13 december 2026 om 18.00 uur"
    assert written_moment(datetime(2026, 7, 13, 17, tzinfo=UTC)) == "maandag 13 juli 2026 om 19.00 uur"


@pytest.mark.usefixtures("dutch")
def test_the_clock_jumps_ahead_in_march_and_back_in_october() -> None:
    spring, autumn = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert [written_moment(spring - SECOND)[-9:], written_moment(spring)[-9:]] == ["01.59 uur", "03.00 uur"]
    assert [written_moment(autumn - SECOND)[-9:], written_moment(autumn)[-9:]] == ["02.59 uur", "02.00 uur"]


@pytest.mark.usefixtures("dutch")
def test_a_day_belongs_to_the_calendar_of_the_hague() -> None:
    assert written_date(datetime(2026, 12, 31, 23, tzinfo=UTC)) == "vrijdag 1 januari 2027"


@pytest.mark.usefixtures("dutch")
def test_an_end_at_midnight_is_up_to_and_including_the_day_before() -> None:
    midnight = datetime(2026, 12, 13, 23, tzinfo=UTC)
    assert until(midnight) == "tot en met zondag 13 december 2026"
    assert until(midnight + timedelta(hours=1)) == "tot maandag 14 december 2026 om 01.00 uur"
    assert until(midnight - SECOND) == "tot zondag 13 december 2026 om 23.59 uur"


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize("midnight", [datetime(2026, 3, 29, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)])
def test_an_end_at_midnight_is_known_on_the_day_that_the_clock_changes(midnight: datetime) -> None:
    assert until(midnight).startswith("tot en met zondag")


def test_days_left_are_days_of_the_calendar(app: Flask, clock: MovableClock) -> None:
    clock.move_to(datetime(2026, 12, 12, 22, 59, tzinfo=UTC))
    with app.test_request_context("/"):
        assert days_left(datetime(2026, 12, 12, 23, tzinfo=UTC)) == 1
        assert days_left(datetime(2026, 12, 12, 22, 59, 59, tzinfo=UTC)) == 0
        assert days_left(datetime(2026, 12, 1, tzinfo=UTC)) == 0


def test_filters_on_constants_follow_the_language_of_each_visitor(app: Flask) -> None:
    app.jinja_env.cache = None
    written = []
    template = app.jinja_env.from_string("{{ 38500|number }}")
    for language in ("nl", "en", "nl"):
        with app.test_request_context("/", environ_overrides={"wijkbudget.language": language}):
            written.append(template.render())
    assert written == ["38.500", "38,500", "38.500"]


@pytest.mark.usefixtures("dutch")
def test_templates_have_the_words() -> None:
    shown = render_template_string("{{ 100|euros }} {{ ballot_forms[Form.APPROVAL] }} {{ phases[Phase.VOTING] }}")
    assert shown == f"€{NO_BREAK}1 Kies een aantal plannen Stemmen"


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(3422), "3.422"),
        (Fraction(6845, 2), "3.422,50"),
        (Fraction(1, 200), "0,01"),
        (Fraction(1, 201), "0,00"),
    ],
)
def test_a_fraction_is_written_with_two_decimals(value: Fraction, written: str) -> None:
    assert number(value) == written


@pytest.mark.usefixtures("english")
def test_in_english_a_fraction_has_a_point() -> None:
    assert number(Fraction(6845, 2)) == "3,422.50"


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("form", "sentences"),
    [
        (
            BallotForm(Form.BASKET),
            "Stemmers kiezen plannen die samen in het budget passen. Elk gekozen plan krijgt 1 stem.",
        ),
        (
            BallotForm(Form.APPROVAL, max_choices=4),
            "Stemmers kiezen maximaal 4 plannen. Elk gekozen plan krijgt 1 stem.",
        ),
        (
            BallotForm(Form.BASKET, max_choices=4, min_choices=1),
            "Stemmers kiezen plannen die samen in het budget passen. Stemmers kiezen minimaal 1 plan. "
            "Stemmers kiezen maximaal 4 plannen. Elk gekozen plan krijgt 1 stem.",
        ),
        (BallotForm(Form.ONE), "Stemmers kiezen 1 plan. Dat plan krijgt 1 stem."),
        (
            BallotForm(Form.POINTS, total_points=10, most_points=5),
            "Stemmers verdelen 10 punten over de plannen: maximaal 5 per plan.",
        ),
        (
            BallotForm(Form.RANKING, max_choices=3),
            "Stemmers zetten hun beste plan op plaats 1, en zo verder tot plaats 3. "
            "Plaats 1 is 3 punten waard, en elke volgende plaats 1 punt minder.",
        ),
    ],
)
def test_each_form_of_ballot_is_told(form: BallotForm, sentences: str) -> None:
    assert form_in_words(form) == sentences


@pytest.mark.usefixtures("dutch")
def test_what_the_tally_explains_is_written_as_on_the_page() -> None:
    words = PageWords({"7": "Park & bank"})
    assert words.gettext("Er was %(short)s te weinig.", short="niets") == "Er was niets te weinig."
    assert [words.ngettext("%(n)s a", "%(n)s b", count, n=str(count)) for count in (1, 2)] == ["1 a", "2 b"]
    assert [words.amount(cents) for cents in (800, Fraction(2500, 3))] == [f"€{NO_BREAK}8", f"€{NO_BREAK}8,33"]
    assert (words.number(1271), words.plan("7")) == ("1.271", "‘Park & bank’")
