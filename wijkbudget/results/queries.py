"""Which results there are."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..rounds.tables import Round
from .tables import Draw, Result


def result_of(session: Session, round_id: int) -> Result | None:
    """The result of the round, published or not; None before the count."""
    return session.get(Result, round_id)


def published_results(session: Session) -> list[tuple[Round, Result]]:
    """All published results with their rounds, the newest first."""
    published = select(Round, Result).join(Result).where(Result.published_at.is_not(None))
    return [(round, result) for round, result in session.execute(published.order_by(Result.published_at.desc()))]


def draw_of(session: Session, round_id: int) -> Draw | None:
    """The public draw of the round, with the groups of plans it decides among; None if the count needed none."""
    return session.get(Draw, round_id)


def waits_for_draw(session: Session, round_id: int) -> Draw | None:
    """The draw that the count of this round waits for, entered or not; None once two people have typed it in."""
    draw = draw_of(session, round_id)
    return draw if draw is not None and draw.confirmed_at is None else None
