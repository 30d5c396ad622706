"""The two nights in the year on which the clock is turned."""

# ruff: noqa: DTZ001  (a wall clock has no zone)
from datetime import UTC, datetime, timedelta

import pytest

from wijkbudget.rounds.localtime import DoesNotExist, HappensTwice, WallTime, moment_of, wall_of

MINUTE = timedelta(minutes=1)
GAP = datetime(2026, 3, 29, 2)
DOUBLE = datetime(2026, 10, 25, 2)


def test_the_hague_is_ahead_of_utc_by_one_hour_in_winter_and_two_in_summer() -> None:
    assert moment_of(datetime(2026, 1, 15, 12), is_second=None) == datetime(2026, 1, 15, 11, tzinfo=UTC)
    assert moment_of(datetime(2026, 7, 15, 12), is_second=None) == datetime(2026, 7, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize("wall", [GAP, GAP + 30 * MINUTE, GAP + 59 * MINUTE])
def test_the_hour_that_is_skipped_in_march_does_not_exist(wall: datetime) -> None:
    for is_second in (None, False, True):
        with pytest.raises(DoesNotExist):
            moment_of(wall, is_second=is_second)


def test_one_minute_beside_the_skipped_hour_exists() -> None:
    before = moment_of(GAP - MINUTE, is_second=None)
    after = moment_of(GAP + 60 * MINUTE, is_second=None)

    assert after - before == MINUTE


@pytest.mark.parametrize("wall", [DOUBLE, DOUBLE + 30 * MINUTE, DOUBLE + 59 * MINUTE])
def test_the_hour_that_is_repeated_in_october_asks_which_of_both(wall: datetime) -> None:
    with pytest.raises(HappensTwice):
        moment_of(wall, is_second=None)

    first, second = moment_of(wall, is_second=False), moment_of(wall, is_second=True)

    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize("wall", [DOUBLE - MINUTE, DOUBLE + 60 * MINUTE])
def test_one_minute_beside_the_repeated_hour_happens_once(wall: datetime) -> None:
    assert moment_of(wall, is_second=False) == moment_of(wall, is_second=True) == moment_of(wall, is_second=None)


def test_the_wall_clock_tells_which_of_both_it_shows() -> None:
    assert wall_of(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == WallTime(datetime(2026, 10, 25, 2, 30), False)
    assert wall_of(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == WallTime(datetime(2026, 10, 25, 2, 30), True)
    assert wall_of(datetime(2026, 10, 25, 2, 30, tzinfo=UTC)) == WallTime(datetime(2026, 10, 25, 3, 30), None)


def test_every_moment_of_both_nights_survives_the_way_there_and_back() -> None:
    for night in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        for minute in range(0, 240, 5):
            moment = night + minute * MINUTE
            wall = wall_of(moment)
            assert moment_of(wall.shown, is_second=wall.is_second) == moment
