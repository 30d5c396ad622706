from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.printing.samples import TERMS
from wijkbudget.printing.words import Words, dutch, english, euros, until


def all_of(words: Words) -> str:
    notes = [f"{note.lead} {note.text}" for note in words.notes]
    return " ".join([words.heading, words.introduction, words.period, *words.steps, words.change, *notes])


def test_times_are_those_of_the_hague_with_weekday_in_both_languages() -> None:
    assert dutch(TERMS).period == (
        "U kunt stemmen van maandag 2 november 2026 om 09.00 uur tot maandag 16 november 2026 om 12.00 uur."
    )
    assert english(TERMS).period == (
        "You can vote from Monday 2 November 2026 at 09:00 until Monday 16 November 2026 at 12:00."
    )


def test_summer_time_is_told_as_the_wall_clock_shows_it() -> None:
    assert until(datetime(2026, 7, 1, 10, tzinfo=UTC), "nl") == "tot woensdag 1 juli 2026 om 12.00 uur"


def test_midnight_is_told_as_the_whole_day_before() -> None:
    midnight = datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert until(midnight, "nl") == "tot en met zondag 15 november 2026"
    assert until(midnight, "en") == "up to and including Sunday 15 November 2026"
    assert until(midnight.replace(second=1), "nl").endswith("om 00.00 uur")


@pytest.mark.parametrize(
    ("cents", "nl", "en"),
    [(1_250_000, "€ 12.500", "€12,500"), (123_456_705, "€ 1.234.567,05", "€1,234,567.05"), (5, "€ 0,05", "€0.05")],
)
def test_amounts_are_written_in_the_way_of_the_language(cents: int, nl: str, en: str) -> None:
    assert euros(cents, "nl") == nl.replace(" ", "\N{NO-BREAK SPACE}")
    assert euros(cents, "en") == en


@pytest.mark.parametrize("language", [dutch, english])
def test_both_languages_tell_the_area_the_age_the_address_and_whom_to_call(language: object) -> None:
    assert callable(language)
    text = all_of(language(replace(TERMS, youngest=14, help_phone="14099")))
    for told in ("Bezuidenhout", "14 ", "wijkbudget.example.org/", "/stemmen", "QR", "14099", "150"):
        assert told in text
    assert "14070" not in text


def test_both_languages_warn_and_help() -> None:
    assert [note.lead for note in dutch(TERMS).notes] == ["Hulp nodig?", "Houd deze brief geheim.", "Brief kwijt?"]
    assert [note.lead for note in english(TERMS).notes] == [
        "Need help?", "Keep this letter secret.", "Lost your letter?"
    ]  # fmt: skip


def test_both_languages_promise_what_is_kept_whoever_keeps_the_key() -> None:
    assert "Uw stem gaat in een dichte digitale envelop." in all_of(dutch(TERMS))
    assert "Your vote goes into a sealed digital envelope." in all_of(english(TERMS))
    assert "niet zien" not in all_of(dutch(TERMS))
    assert "cannot see" not in all_of(english(TERMS))


def test_the_letter_says_whether_a_vote_can_be_changed() -> None:
    final = replace(TERMS, may_change=False)
    assert "U kunt uw stem veranderen" in dutch(TERMS).change
    assert "U kunt 1 keer stemmen" in dutch(final).change
    assert "You can change your vote" in english(TERMS).change
    assert "You can vote once" in english(final).change
