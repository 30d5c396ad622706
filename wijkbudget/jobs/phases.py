"""Doing what begun phases ask for: each task once per round, in a transaction of its own, late as good as on time."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.keys import KeyFolder
from ..clock import Clock
from ..database import Database, insert_or_refuse, read_clock
from ..refusal import Refusal
from ..rounds.tables import FinishedTask, Round
from .timetable import TIMETABLE, Act, Desk, Task

logger = logging.getLogger(__name__)


class AlreadyFinished(Refusal):
    """Another scheduler did this task."""


def catch_up(database: Database, *, keys: KeyFolder, clock: Clock, timetable: Sequence[Task] | None = None) -> None:
    """Do every task whose moment has come and that was not done; what fails for one round holds up no other.

    The database's clock says what moment it is: a scheduler whose own is ahead freezes nothing early.
    """
    with database.reading() as session:
        due = due_tasks(session, read_clock(session) + clock.ahead, timetable)
    for round_id, tasks in due.items():
        try:
            for task in tasks:
                if not _do(database, round_id, task, keys=keys, clock=clock):
                    break
        except Exception:
            logger.exception("round %s: a task failed and will be tried again", round_id)


def due_tasks(session: Session, now: datetime, timetable: Sequence[Task] | None = None) -> dict[int, list[Task]]:
    """For each round the tasks that are due and not finished, in order."""
    finished = {(row.round_id, row.task) for row in session.scalars(select(FinishedTask))}
    rounds = session.scalars(select(Round).where(~Round.is_canary).order_by(Round.id))
    asked = timetable or TIMETABLE
    due = {
        round.id: [task for task in asked if task.is_due(round, now) and (round.id, task.name) not in finished]
        for round in rounds
    }
    return {round_id: tasks for round_id, tasks in due.items() if tasks}


def _do(database: Database, round_id: int, task: Task, *, keys: KeyFolder, clock: Clock) -> bool:
    """Whether the next task of this round can be done."""
    act = _prepared(database, round_id, task, keys, clock)
    try:
        with database.transaction() as session:
            # The key of this row makes a second scheduler wait here, and then stop.
            mark = FinishedTask(round_id=round_id, task=task.name, finished_at=read_clock(session) + clock.ahead)
            insert_or_refuse(session, mark, AlreadyFinished())
            desk = _desk(session, round_id, keys, clock)
            if not task.is_due(desk.round, desk.now):
                session.rollback()  # the start was moved since the list of due tasks was read
            elif not act(desk):
                session.delete(mark)
                return False
    except AlreadyFinished:
        logger.info("round %s: %s was done by another scheduler", round_id, task.name)
    return True


def _prepared(database: Database, round_id: int, task: Task, keys: KeyFolder, clock: Clock) -> Act:
    with database.reading() as session:
        desk = _desk(session, round_id, keys, clock)
        return task.prepare(desk) if task.prepare and task.is_due(desk.round, desk.now) else task.act


def _desk(session: Session, round_id: int, keys: KeyFolder, clock: Clock) -> Desk:
    return Desk(session, session.get_one(Round, round_id), keys, clock, read_clock(session) + clock.ahead)
