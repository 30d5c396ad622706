"""How many plans, likes and votes there were, per round and per year."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..plans.tables import Plan
from ..results.tables import Result
from ..rounds.tables import Round
from .rules import RoundFigures, Turnout, YearFigures, bounds


def year_figures(session: Session, year: int) -> YearFigures:
    """The figures of the rounds whose voting closes in this year of The Hague's calendar, by title."""
    start, end = bounds(year)
    submitted = (
        select(Plan.round_id, func.count().label("plans"), func.sum(Plan.like_count).label("likes"))
        .group_by(Plan.round_id)
        .subquery()
    )
    rows = session.execute(
        select(Round.slug, Round.title, Round.kind, submitted.c.plans, submitted.c.likes, Result.voted, Result.eligible)
        .outerjoin(submitted, submitted.c.round_id == Round.id)
        .outerjoin(Result, (Result.round_id == Round.id) & Result.published_at.is_not(None))
        .where(Round.counting_from >= start, Round.counting_from < end, ~Round.is_canary)
        .order_by(Round.title, Round.id)
    )
    return YearFigures(
        year,
        tuple(
            RoundFigures(slug, title, kind, plans or 0, int(likes or 0), Turnout(voted, eligible) if eligible else None)
            for slug, title, kind, plans, likes, voted, eligible in rows
        ),
    )
