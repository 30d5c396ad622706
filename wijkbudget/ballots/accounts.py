"""The right to vote of somebody with an account: a postcode in the area, the age as declared, once for each person."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..database import lock_row
from ..people.tables import Person
from ..places.queries import neighbourhood_of
from ..refusal import Refusal
from ..rounds.rules import Phase, require_phase
from ..rounds.tables import Round
from ..rounds.voting import Franchise
from .tables import Entitlement


class NoAccounts(Refusal):
    """In this round people vote with a code from a letter, so an account gives no right to vote."""


class NotConfirmed(Refusal):
    """The address of the account was never confirmed."""


class LivesElsewhere(Refusal):
    """The postcode of the account lies outside the area of the round, or is not known."""


class AgeNotDeclared(Refusal):
    """Who votes with an account declares to be old enough; details: `youngest` in years."""


class ElectorateComplete(Refusal):
    """As many people with an account have a right to vote as there are people who may."""


def entitle_person(
    session: Session, *, round: Round, person: Person, is_old_enough: bool, now: datetime
) -> Entitlement:
    """The person's one right to vote in the round, given now or earlier; `is_old_enough` is what the person declares.

    Raises NoAccounts, NotConfirmed, WrongPhase, LivesElsewhere, AgeNotDeclared, ElectorateComplete.
    """
    require_accounts(round)
    if person.confirmed_at is None:
        raise NotConfirmed()
    require_phase(round.schedule, Phase.VOTING, now)
    require_resident(session, round, person)
    if not is_old_enough:
        raise AgeNotDeclared(youngest=round.voting.youngest)
    return right_of(session, round.id, person.id) or _new_right(session, round, person)


def require_accounts(round: Round) -> None:
    """Raise NoAccounts in a round in which people vote with a code."""
    if round.voting.franchise is not Franchise.ACCOUNT:
        raise NoAccounts()


def require_resident(session: Session, round: Round, person: Person) -> None:
    """Raise LivesElsewhere unless the person's postcode lies in the area of the round."""
    place = neighbourhood_of(session, person.postcode)
    if place is None or place.id not in {area.id for area in round.neighbourhoods}:
        raise LivesElsewhere()


def right_of(session: Session, round_id: int, person_id: int) -> Entitlement | None:
    """The right to vote that the person has in the round."""
    own = (Entitlement.round_id == round_id, Entitlement.person_id == person_id)
    return session.scalar(select(Entitlement).where(*own))


def _new_right(session: Session, round: Round, person: Person) -> Entitlement:
    # Who else wants a right waits here, so there are never more of them than people who may vote.
    lock_row(session, round)
    if accounts_entitled(session, round.id) >= round.electorate.eligible:
        raise ElectorateComplete()
    right = Entitlement(round_id=round.id, person_id=person.id)
    try:
        with session.begin_nested():
            session.add(right)
    except IntegrityError:  # the same person in another window: the key keeps it at one
        return session.scalars(
            select(Entitlement).where(Entitlement.round_id == round.id, Entitlement.person_id == person.id)
        ).one()
    return right


def accounts_entitled(session: Session, round_id: int) -> int:
    """How many people with an account were given a right to vote."""
    given = (Entitlement.round_id == round_id, Entitlement.person_id.is_not(None))
    return session.scalar(select(func.count()).select_from(Entitlement).where(*given)) or 0
