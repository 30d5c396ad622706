"""Which districts and neighbourhoods there are, and in which one a postcode lies."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from .tables import District, Neighbourhood, Postcode

DIGITS = 4


def districts(session: Session) -> Sequence[District]:
    """All districts, by name."""
    return session.scalars(select(District).order_by(District.name)).all()


def neighbourhoods(session: Session) -> Sequence[Neighbourhood]:
    """All neighbourhoods, by number."""
    return session.scalars(select(Neighbourhood).order_by(Neighbourhood.number)).all()


def neighbourhood_by_slug(session: Session, slug: str) -> Neighbourhood | None:
    """The neighbourhood at this address, None if there is none."""
    return session.scalar(select(Neighbourhood).where(Neighbourhood.slug == slug))


def neighbourhood_of(session: Session, postcode: str) -> Neighbourhood | None:
    """Where a valid postcode lies, None if we do not know this postcode."""
    lies_in = select(Postcode.neighbourhood_id).where(Postcode.code == postcode)
    return session.scalar(select(Neighbourhood).where(Neighbourhood.id.in_(lies_in)))


def neighbourhoods_near(session: Session, postcode: str) -> Sequence[Neighbourhood]:
    """The neighbourhoods with a postcode of the same four digits, by number."""
    shares_digits = select(Postcode.neighbourhood_id).where(Postcode.code.startswith(postcode[:DIGITS]))
    return session.scalars(
        select(Neighbourhood).where(Neighbourhood.id.in_(shares_digits)).order_by(Neighbourhood.number)
    ).all()
