"""tests/test_clock.py tests wijkbudget/clock.py."""

from datetime import UTC, datetime, timedelta

from wijkbudget.clock import THE_HAGUE, Clock


def test_the_clock_tells_the_moment_in_utc_with_its_zone() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_rehearsal_runs_ahead() -> None:
    ahead = Clock(timedelta(days=30)).now() - Clock().now()
    assert timedelta(days=30) - timedelta(seconds=5) < ahead <= timedelta(days=30)


def test_the_hague_has_summer_time() -> None:
    offsets = {datetime(2026, month, 1, tzinfo=THE_HAGUE).utcoffset() for month in (1, 7)}
    assert offsets == {timedelta(hours=1), timedelta(hours=2)}
