"""Which rounds there are, and where."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from .tables import Area, Round

NEWEST_FIRST = (Round.voting_from.desc(), Round.id.desc())


def round_by_slug(session: Session, slug: str) -> Round | None:
    """The round with this address; the canary's has none."""
    return session.scalar(select(Round).where(Round.slug == slug, ~Round.is_canary))


def rounds(session: Session) -> Sequence[Round]:
    """All rounds but the canary's, the one that votes last first."""
    return session.scalars(select(Round).where(~Round.is_canary).order_by(*NEWEST_FIRST)).all()


def rounds_of_neighbourhood(session: Session, neighbourhood_id: int) -> Sequence[Round]:
    """The rounds in whose area this neighbourhood lies, the one that votes last first."""
    of_area = select(Round).join(Area, Area.round_id == Round.id).where(Area.neighbourhood_id == neighbourhood_id)
    return session.scalars(of_area.order_by(*NEWEST_FIRST)).all()
