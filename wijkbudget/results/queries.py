"""Which results there are."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..rounds.tables import Round
from .tables import Draw, Publication, Result


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


def publication_of(session: Session, round_id: int) -> Publication | None:
    """The package of the round, None before it is made."""
    return session.get(Publication, round_id)


@dataclass(frozen=True)
class Seen:
    """What a page tells about a package: its size in bytes, and whose signature it bears."""

    size: int
    public_key: bytes


def package_seen(session: Session, round_id: int) -> Seen | None:
    """The package of the round without its contents, None before it is made."""
    told = select(func.length(Publication.package), Publication.public_key).where(Publication.round_id == round_id)
    row = session.execute(told).first()
    return Seen(*row) if row else None
