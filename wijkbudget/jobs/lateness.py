"""Which task of a round is late: due for a while, unfinished, and waiting for nobody."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.keeping import keeping_of
from ..rounds.rules import Phase
from ..rounds.tables import FinishedTask, Round
from .reminders import REMINDERS
from .timetable import TIMETABLE, Task

LATE = timedelta(minutes=5)
"""How long a task may take, or nobody be able to vote, before that is told; with the time until the next check that
stays under ten minutes."""


def lateness(session: Session, round: Round, now: datetime) -> str | None:
    """What of this round is late, in words; None while all is done or waits for people as it should."""
    if _nobody_can_vote(session, round, now):
        return f"nobody can vote since {_written(round.schedule.voting)}: the urn is not ready"
    done = select(FinishedTask.task, FinishedTask.finished_at).where(FinishedTask.round_id == round.id)
    finished = dict(session.execute(done).tuples().all())
    for timetable in (TIMETABLE, REMINDERS):
        task = next((task for task in timetable if task.name not in finished), None)
        if task is not None and task.is_due(round, now):
            earlier = [finished[other.name] for other in timetable if other.name in finished]
            since = _could_be_done_since(session, round, task, earlier)
            if since is not None and is_late(since, now):
                return f"{task.name}: not done since {_written(since)}"
    return None


def is_late(since: datetime, now: datetime) -> bool:
    """Whether what could be done since then should be done by now."""
    return now - since >= LATE


def _could_be_done_since(session: Session, round: Round, task: Task, earlier: Iterable[datetime]) -> datetime | None:
    """Since when nothing keeps the scheduler from doing the task; None while it waits for people."""
    waited = task.wait(session, round) if task.wait else task.due_at(round)
    return max(task.due_at(round), waited, *earlier) if waited else None


def _nobody_can_vote(session: Session, round: Round, now: datetime) -> bool:
    is_voting = round.schedule.phase_at(now) is Phase.VOTING and is_late(round.schedule.voting, now)
    return is_voting and not keeping_of(session, round).is_open_to_voters


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
