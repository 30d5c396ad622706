"""Liking plans, and taking that back."""

from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..database import changed_rows, lock_row
from ..people.tables import Person
from ..rounds.rules import Phase, require_phase
from .actions import require_present
from .rules import NotPlaced, PlanInfeasible
from .tables import Like, Plan, Question


def like_plan(session: Session, *, plan: Plan, person: Person, now: datetime) -> None:
    """The person likes the plan; again changes nothing. Raises WrongPhase, PlanWithdrawn, NotPlaced, PlanInfeasible."""
    lock_row(session, plan)
    _require_likeable(plan, now)
    try:
        with session.begin_nested():
            session.execute(insert(Like).values(plan_id=plan.id, person_id=person.id, liked_at=now))
    except IntegrityError:
        return
    _count_likes(session, plan, 1)


def unlike_plan(session: Session, *, plan: Plan, person: Person, now: datetime) -> None:
    """The person no longer likes the plan; once is enough. Raises what like_plan raises."""
    lock_row(session, plan)
    _require_likeable(plan, now)
    gone = changed_rows(session, delete(Like).where(Like.plan_id == plan.id, Like.person_id == person.id))
    _count_likes(session, plan, -gone)


def _require_likeable(plan: Plan, now: datetime) -> None:
    require_phase(plan.round.schedule, Phase.SUBMITTING, now)
    require_present(plan)
    if not plan.is_placed:
        raise NotPlaced()
    judged = plan.decision(Question.FEASIBILITY)
    if judged and not judged.is_yes:
        raise PlanInfeasible()


def _count_likes(session: Session, plan: Plan, change: int) -> None:
    # Past the version: a like does not make a moderator's page stale.
    session.execute(update(Plan).where(Plan.id == plan.id).values(like_count=Plan.like_count + change))
