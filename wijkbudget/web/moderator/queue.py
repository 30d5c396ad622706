"""The plans that wait for a decision."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from ...plans import queries
from ...plans.rules import waits_too_long
from ...plans.tables import Plan
from ..access import me
from ..blueprints import moderator
from ..transactions import now, session
from ..wording import days_between


@dataclass(frozen=True)
class Waiting:
    """A plan with the days since it was submitted, and whether it waits for its placement or its feasibility."""

    plan: Plan
    days: int
    for_placement: bool

    @property
    def is_late(self) -> bool:
        """Whether it waits too long for its placement."""
        return self.for_placement and waits_too_long(self.days)


@moderator.get("")
def queue() -> ResponseReturnValue:
    """What waits in my districts, the oldest first."""
    plans = queries.queue(session(), me().district_ids, now())
    return render_template("moderator/queue.html", waiting=[_waiting(plan) for plan in plans])


def _waiting(plan: Plan) -> Waiting:
    return Waiting(plan=plan, days=days_between(plan.submitted_at, now()), for_placement=not plan.is_placed)
