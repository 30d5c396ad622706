"""What tests look up in an urn after it was opened; the site shows none of it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkbudget.ballots.tables import OpenedBallot


def opened_ballots(session: Session, round_id: int) -> Sequence[OpenedBallot]:
    """The counted ballots in the order of their trackers."""
    wanted = select(OpenedBallot).where(OpenedBallot.round_id == round_id).order_by(OpenedBallot.tracker)
    return session.scalars(wanted).all()
