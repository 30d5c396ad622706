"""The stored result of a round, and the public draw that it may wait for."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Table
from ..tally.document import from_document
from ..tally.outcome import Outcome
from .rules import LONGEST_SEED


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
    compared: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    counted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def decided(self) -> Outcome:
        """The outcome as the tally gave it."""
        return from_document(self.outcome)

    @property
    def others(self) -> list[Outcome]:
        """What the same ballots come to by other rules; empty unless the round's rules ask for that."""
        return [from_document(document) for document in self.compared]


class Publication(Table):
    """The package of a published round, as anyone downloads and checks it; made once, signed for `public_key`."""

    __tablename__ = "publication"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    package: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]


class Draw(Table):
    """A public draw that a count waits for: among which plans, and once it was held its seed, typed in by two people.

    `groups` holds the ids of the plans that the lot decides among. `proof` tells which draw it was and where to see it.
    """

    __tablename__ = "draw"
    __table_args__ = (
        CheckConstraint(
            "(seed IS NULL) = (entered_by IS NULL) AND (seed IS NULL) = (entered_at IS NULL)"
            " AND (seed IS NULL) = (proof IS NULL)",
            name="entry",
        ),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmation"),
        CheckConstraint("confirmed_by IS NULL OR entered_by IS NOT NULL", name="confirms_an_entry"),
        CheckConstraint("entered_by <> confirmed_by", name="two_people"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    groups: Mapped[list[list[int]]] = mapped_column(JSON)
    needed_at: Mapped[datetime]
    seed: Mapped[str | None] = mapped_column(String(LONGEST_SEED))
    proof: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
