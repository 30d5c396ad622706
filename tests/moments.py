"""The calendar of the rounds in tests: one moment inside each phase."""

from datetime import UTC, datetime, timedelta

from wijkbudget.clock import Clock
from wijkbudget.rounds.rules import Schedule

SCHEDULE = Schedule(
    submitting=datetime(2026, 9, 1, 10, tzinfo=UTC),
    reviewing=datetime(2026, 10, 1, 10, tzinfo=UTC),
    voting=datetime(2026, 11, 1, 10, tzinfo=UTC),
    counting=datetime(2026, 12, 1, 10, tzinfo=UTC),
    result=datetime(2026, 12, 10, 10, tzinfo=UTC),
)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
ANNOUNCED = SCHEDULE.submitting - DAY
SUBMITTING = SCHEDULE.submitting + DAY
REVIEWING = SCHEDULE.reviewing + DAY
VOTING = SCHEDULE.voting + DAY
COUNTING = SCHEDULE.counting + DAY
RESULT = SCHEDULE.result + DAY


class Standing(Clock):
    """A clock that stands still at one moment."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment
