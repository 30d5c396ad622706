"""Which results there are."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..rounds.tables import Round
from .tables import Result


def result_of(session: Session, round_id: int) -> Result | None:
    """The result of the round, published or not; None before the count."""
    return session.get(Result, round_id)


def published_results(session: Session) -> list[tuple[Round, Result]]:
    """All published results with their rounds, the newest first."""
    published = select(Round, Result).join(Result).where(Result.published_at.is_not(None))
    return [(round, result) for round, result in session.execute(published.order_by(Result.published_at.desc()))]
