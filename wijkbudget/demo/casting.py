"""Casting many ballots through the door that voters use, several in one transaction."""

from collections.abc import Callable, Sequence
from secrets import token_bytes

from sqlalchemy.orm import Session

from ..ballots.actions import cast_ballot, find_code
from ..ballots.forms import Points
from ..ballots.urn import NONCE_BYTES
from ..clock import Clock
from ..database import Database

Vote = tuple[str, Points]
"""A voting code as it is written on the letter, and the points for plans."""


def cast_votes(
    database: Database,
    votes: Sequence[Vote],
    *,
    batch: int,
    pepper: str,
    clock: Clock,
    on_cast: Callable[[int], object] = lambda _: None,
) -> None:
    """Cast all votes; `on_cast` hears how many went in after each transaction of at most `batch` of them."""
    for start in range(0, len(votes), batch):
        part = votes[start : start + batch]
        with database.transaction() as session:
            for code, points in part:
                _vote(session, code, points, pepper=pepper, clock=clock)
        on_cast(len(part))


def _vote(session: Session, code: str, points: Points, *, pepper: str, clock: Clock) -> None:
    """What somebody does who types the code from the letter."""
    entitlement_id = find_code(session, typed=code, pepper=pepper).entitlement_id
    cast_ballot(session, entitlement_id=entitlement_id, points=points, nonce=token_bytes(NONCE_BYTES), clock=clock)
