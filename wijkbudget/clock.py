"""The only reader of the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

THE_HAGUE = ZoneInfo("Europe/Amsterdam")


@dataclass
class Clock:
    """Tells the moment; `ahead` is how far a rehearsal runs ahead of real time, zero everywhere else."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The present moment, in UTC with its zone."""
        return datetime.now(UTC) + self.ahead
