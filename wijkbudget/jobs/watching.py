"""Keeping watch: whatever was not checked for a while is checked, each subject in a transaction of its own."""

import logging

from ..ballots.keys import KeyFolder
from ..clock import Clock
from ..database import Database, read_clock
from ..rounds.tables import Round
from ..watch.actions import claim_check, list_checks, reconcile, record_finding
from ..watch.canary import fly_canary
from ..watch.queries import checks, subjects
from ..watch.rules import Subject, Watched
from .lateness import lateness

logger = logging.getLogger(__name__)


def keep_watch(database: Database, *, keys: KeyFolder, pepper: str, clock: Clock) -> None:
    """Check what is due; what cannot be checked holds up no other, and is missed by the health page after a while."""
    for subject in _due(database, clock):
        try:
            _look(database, subject, keys, pepper, clock)
        except Exception:
            logger.exception("check %s failed and will be tried again", subject.name)


def _due(database: Database, clock: Clock) -> list[Subject]:
    now = clock.now()
    with database.reading() as session:
        wanted, known = subjects(session), checks(session)
    if set(wanted) != known.keys():
        with database.transaction() as session:
            list_checks(session, subjects=wanted, now=now)
    return [subject for subject in wanted if subject not in known or subject.is_due(known[subject].checked_at, now)]


def _look(database: Database, subject: Subject, keys: KeyFolder, pepper: str, clock: Clock) -> None:
    if subject.watched is Watched.CANARY:
        _look_at_canary(database, subject, keys, clock)
        return
    with database.transaction() as session:
        if subject.watched is not Watched.TASKS:
            reconcile(session, subject=subject, keys=keys, pepper=pepper, now=clock.now())
        elif claim_check(session, subject=subject, now=clock.now()):
            late = lateness(session, session.get_one(Round, subject.round_id), read_clock(session) + clock.ahead)
            record_finding(session, subject=subject, problem=late, now=clock.now())


def _look_at_canary(database: Database, subject: Subject, keys: KeyFolder, clock: Clock) -> None:
    # It casts and reads in transactions of its own, so it is claimed first: two of them would find each other's vote.
    with database.transaction() as session:
        is_ours = claim_check(session, subject=subject, now=clock.now())
    if is_ours:
        problem = fly_canary(database, keys=keys, clock=clock)
        with database.transaction() as session:
            record_finding(session, subject=subject, problem=problem, now=clock.now())
