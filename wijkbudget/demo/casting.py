"""Casting many ballots through the door that voters use, several in one transaction."""

from collections.abc import Callable, Sequence
from secrets import token_bytes

from sqlalchemy.orm import Session

from ..ballots.accounts import entitle_person
from ..ballots.actions import cast_ballot, find_code
from ..ballots.forms import Points
from ..ballots.urn import NONCE_BYTES
from ..clock import Clock
from ..database import Database
from ..people.tables import Person
from ..rounds.tables import Round

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


def vote_with_account(session: Session, *, round: Round, person: Person, points: Points, clock: Clock) -> None:
    """What a resident does who signs in and declares to be old enough."""
    right = entitle_person(session, round=round, person=person, is_old_enough=True, now=clock.now())
    session.flush()
    _cast(session, right.id, points, clock)


def _vote(session: Session, code: str, points: Points, *, pepper: str, clock: Clock) -> None:
    """What somebody does who types the code from the letter."""
    _cast(session, find_code(session, typed=code, pepper=pepper).entitlement_id, points, clock)


def _cast(session: Session, entitlement_id: int, points: Points, clock: Clock) -> None:
    cast_ballot(session, entitlement_id=entitlement_id, points=points, nonce=token_bytes(NONCE_BYTES), clock=clock)
