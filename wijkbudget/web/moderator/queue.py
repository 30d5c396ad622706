"""The plans that wait for a decision."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from ...clock import THE_HAGUE
from ...plans import queries
from ...plans.tables import Plan
from ..access import me
from ..blueprints import moderator
from ..transactions import now, session

LATE = 7


@dataclass(frozen=True)
class Waiting:
    """A plan with the days since it was submitted, and whether it waits for its placement or its feasibility."""

    plan: Plan
    days: int
    for_placement: bool

    @property
    def is_late(self) -> bool:
        """Whether it waits longer than a week for its placement."""
        return self.for_placement and self.days > LATE


@moderator.get("")
def queue() -> ResponseReturnValue:
    """What waits in my districts, the oldest first."""
    plans = queries.queue(session(), me().district_ids, now())
    return render_template("moderator/queue.html", waiting=[_waiting(plan) for plan in plans])


def _waiting(plan: Plan) -> Waiting:
    return Waiting(plan=plan, days=_days(plan.submitted_at, now()), for_placement=not plan.is_placed)


def _days(start: datetime, end: datetime) -> int:
    """Days on the calendar in The Hague."""
    return (end.astimezone(THE_HAGUE).date() - start.astimezone(THE_HAGUE).date()).days
