"""Which plans, which photo, how many likes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from ..places.tables import Neighbourhood
from ..rounds.tables import Area, Round
from .rules import on_menu
from .tables import Decision, Like, Photo, Plan, Question, Rendition

PAGE_SIZE = 24
SHUFFLE_PRIME = 2**31 - 1


@dataclass(frozen=True)
class PlanTotals:
    """How many plans of a round were submitted and placed, their likes, and how many wait for a decision.

    Withdrawn plans do not count.
    """

    submitted: int
    placed: int
    likes: int
    waiting: int


def plan_by_id(session: Session, plan_id: int) -> Plan | None:
    """The plan with this number."""
    return session.get(Plan, plan_id)


def plans_by_id(session: Session, plan_ids: Collection[int]) -> Sequence[Plan]:
    """The plans with these numbers, withdrawn ones too, by number."""
    return session.scalars(select(Plan).where(Plan.id.in_(plan_ids)).order_by(Plan.id)).all()


def placed_plans(session: Session, round_id: int, *, seed: int, page: int = 1, size: int = PAGE_SIZE) -> Sequence[Plan]:
    """A page of `size` placed plans, in an order that is the visitor's own: `seed` is at least 1."""
    statement = _placed(round_id).order_by(_own_order(seed), Plan.id)
    return session.scalars(statement.limit(size).offset((page - 1) * size)).all()


def all_placed(session: Session, round_id: int) -> Sequence[Plan]:
    """All placed plans of the round, the first submitted first."""
    return session.scalars(_placed(round_id).order_by(Plan.id)).all()


def menu_plans(session: Session, round_id: int) -> Sequence[Plan]:
    """The plans that stand on the ballot, by number."""
    return [plan for plan in all_placed(session, round_id) if _is_on_menu(plan)]


def ballot_plans(session: Session, plan_ids: Collection[int], *, seed: int) -> Sequence[Plan]:
    """These plans of one menu, withdrawn ones too, in an order that is the voter's own."""
    return session.scalars(select(Plan).where(Plan.id.in_(plan_ids)).order_by(_own_order(seed), Plan.id)).all()


def newest_placed(session: Session, round_ids: Collection[int], limit: int) -> Sequence[Plan]:
    """The last submitted of the plans that stand on the site in these rounds."""
    wanted = select(Plan).where(Plan.round_id.in_(round_ids), _is_placed())
    return session.scalars(wanted.order_by(Plan.submitted_at.desc(), Plan.id.desc()).limit(limit)).all()


def placed_per_round(session: Session) -> dict[int, int]:
    """How many plans stand on the site, by round id; rounds without plans are absent."""
    placed = select(Plan.round_id, func.count()).where(_is_placed()).group_by(Plan.round_id)
    return dict(session.execute(placed).tuples().all())


def plans_of(session: Session, person_id: int) -> Sequence[Plan]:
    """The plans that this person submitted, the newest first."""
    own = select(Plan).options(joinedload(Plan.round)).where(Plan.author_id == person_id)
    return session.scalars(own.order_by(Plan.id.desc())).all()


def queue(session: Session, district_ids: Collection[int], now: datetime) -> Sequence[Plan]:
    """The plans in these districts that wait for a decision, the oldest first.

    A placed plan waits for its feasibility from the moment that it has the likes which put it on the menu. Once that is
    frozen, nothing waits.
    """
    open_now = and_(Round.submitting_from <= now, now < Round.voting_from, Round.frozen_at.is_(None))
    return session.scalars(
        select(Plan)
        .join(Plan.round)
        .options(contains_eager(Plan.round))
        .where(open_now, Plan.withdrawn_at.is_(None), Plan.round_id.in_(_rounds_in(district_ids)))
        .where(_waits())
        .order_by(Plan.submitted_at, Plan.id)
    ).all()


def liked_by(session: Session, person_id: int, plan_ids: Collection[int]) -> set[int]:
    """Which of these plans the person likes."""
    return set(session.scalars(select(Like.plan_id).where(Like.person_id == person_id, Like.plan_id.in_(plan_ids))))


def plan_totals(session: Session, round_id: int) -> PlanTotals:
    """What the plans of a round come to."""
    placed = func.count().filter(_is_placed())
    likes = func.coalesce(func.sum(Plan.like_count).filter(_is_placed()), 0)
    totals = select(func.count(), placed, likes, func.count().filter(_waits())).join(Plan.round)
    of_round = totals.where(Plan.round_id == round_id, Plan.withdrawn_at.is_(None))
    return PlanTotals(*session.execute(of_round).one())


def photo_named(session: Session, name: str) -> Photo | None:
    """The photo with this name."""
    return session.scalar(select(Photo).where(Photo.name == name))


def rendition_of(session: Session, photo: Photo, width: int) -> Rendition | None:
    """The photo at this width."""
    return session.get(Rendition, (photo.id, width))


def highest_cost(session: Session, round_id: int) -> int:
    """The checked cost in cents of the dearest feasible plan of the round, 0 if there is none."""
    feasible = select(func.max(Decision.cost)).join(Plan).where(Plan.round_id == round_id, Plan.withdrawn_at.is_(None))
    return session.scalar(feasible) or 0


def _own_order(seed: int) -> ColumnElement[int]:
    return cast(Plan.shuffle_key, BigInteger) * seed % SHUFFLE_PRIME


def _placed(round_id: int) -> Select[tuple[Plan]]:
    return select(Plan).where(Plan.round_id == round_id, _is_placed())


def _is_placed() -> ColumnElement[bool]:
    return and_(Plan.withdrawn_at.is_(None), _decided_yes(Question.PLACEMENT))


def _waits() -> ColumnElement[bool]:
    """Whether a plan, joined with its round, waits for the next decision about it."""
    is_liked = and_(_decided_yes(Question.PLACEMENT), Plan.like_count >= Round.like_threshold)
    return or_(~_decided(Question.PLACEMENT), and_(is_liked, ~_decided(Question.FEASIBILITY)))


def _decided(question: Question) -> ColumnElement[bool]:
    return Plan.decisions.any(Decision.question == question)


def _decided_yes(question: Question) -> ColumnElement[bool]:
    return Plan.decisions.any(and_(Decision.question == question, Decision.is_yes))


def _rounds_in(district_ids: Collection[int]) -> Select[tuple[int]]:
    return select(Area.round_id).join(Neighbourhood).where(Neighbourhood.district_id.in_(district_ids))


def _is_on_menu(plan: Plan) -> bool:
    judged = plan.decision(Question.FEASIBILITY)
    return on_menu(
        is_feasible=judged is not None and judged.is_yes,
        likes=plan.like_count,
        threshold=plan.round.like_threshold,
    )
