"""What is kept no longer than it is needed: the keys of urns, sealed ballots, and failed guesses."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.destruction import destroy_key
from ..ballots.guesses import forget_guesses
from ..ballots.keys import KeyFolder
from ..ballots.tables import Urn
from ..clock import Clock
from ..database import Database, read_clock
from ..results.tables import Result
from ..rounds.tables import Round

logger = logging.getLogger(__name__)

OBJECTION_TERM = timedelta(weeks=6)
"""How long after its publication a result can be objected to (Awb 6:7), and the urn can be opened again."""


def keep_no_longer(database: Database, *, keys: KeyFolder, clock: Clock) -> None:
    """Destroy each key whose objection term is over, and forget old guesses; what fails for one round holds up nothing.

    Each round has a transaction of its own. The database's clock says what moment it is: what a scheduler whose own is
    weeks ahead destroyed would not come back.
    """
    with database.reading() as session:
        now = read_clock(session) + clock.ahead
        due = rounds_past_objection(session, now)
    for round_id in due:
        try:
            with database.transaction() as session:
                destroy_key(session, round=session.get_one(Round, round_id), keys=keys, now=now)
        except Exception:
            logger.exception("round %s: its key was not destroyed; that will be tried again", round_id)
    with database.transaction() as session:
        forget_guesses(session, now)


def rounds_past_objection(session: Session, now: datetime) -> Sequence[int]:
    """The rounds whose result nobody can object to any more, and whose key still exists."""
    over = Result.published_at <= now - OBJECTION_TERM
    rounds = select(Urn.round_id).join(Result, Result.round_id == Urn.round_id).where(over)
    return session.scalars(rounds.where(Urn.key_destroyed_at.is_(None)).order_by(Urn.round_id)).all()
