"""The stored result of a round."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Table
from ..tally.document import from_document
from ..tally.outcome import Outcome


class Result(Table):
    """What the count came to, written once; pages, figures and exports read it, nothing is computed again for show."""

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("voted >= 0 AND voted <= eligible AND eligible > 0", name="turnout"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="publication"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    voted: Mapped[int]
    eligible: Mapped[int]
    blank: Mapped[int]
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    counted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def decided(self) -> Outcome:
        """The outcome as the tally gave it."""
        return from_document(self.outcome)
