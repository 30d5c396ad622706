"""Rounds, their areas, and what has been done for each of their phases."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from ..database import Table
from ..places.tables import Neighbourhood
from .rules import LONGEST_AREA_NAME, LONGEST_TITLE, BallotForm, Electorate, Form, Kind, Schedule


def _named(kind: type[Kind] | type[Form]) -> Enum:
    return Enum(kind, native_enum=False, length=20, values_callable=lambda members: [m.value for m in members])


class Area(Table):
    """A neighbourhood belongs to the area of a round."""

    __tablename__ = "area"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id"), primary_key=True, index=True)


class Round(Table):
    """One round; its phase follows from the schedule and the clock and is stored nowhere."""

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[Kind] = mapped_column(_named(Kind))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    area_name: Mapped[str] = mapped_column(String(LONGEST_AREA_NAME))
    budget: Mapped[int] = mapped_column(BigInteger)
    like_threshold: Mapped[int]
    criteria: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    submitting_from: Mapped[datetime]
    reviewing_from: Mapped[datetime]
    voting_from: Mapped[datetime]
    counting_from: Mapped[datetime]
    result_from: Mapped[datetime]
    schedule: Mapped[Schedule] = composite(
        "submitting_from", "reviewing_from", "voting_from", "counting_from", "result_from"
    )

    form: Mapped[Form] = mapped_column(_named(Form))
    max_choices: Mapped[int | None]
    ballot_form: Mapped[BallotForm] = composite("form", "max_choices")

    eligible: Mapped[int]
    reference_date: Mapped[date]
    electorate: Mapped[Electorate] = composite("eligible", "reference_date")

    neighbourhoods: Mapped[list[Neighbourhood]] = relationship(
        secondary="area", lazy="selectin", order_by=Neighbourhood.number
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it from the class)
    __table_args__ = (
        CheckConstraint("budget > 0", name="budget"),
        CheckConstraint("like_threshold >= 0", name="like_threshold"),
        CheckConstraint("eligible > 0", name="eligible"),
        CheckConstraint("(form = 'approval') = (max_choices IS NOT NULL)", name="max_choices"),
        CheckConstraint(
            "submitting_from < reviewing_from AND reviewing_from < voting_from"
            " AND voting_from < counting_from AND counting_from < result_from",
            name="schedule",
        ),
    )

    @property
    def district_ids(self) -> frozenset[int]:
        """The districts in which the area lies."""
        return frozenset(neighbourhood.district_id for neighbourhood in self.neighbourhoods)


class FinishedTask(Table):
    """A task that a phase asks for was done; the key makes it happen once, however many schedulers run."""

    __tablename__ = "finished_task"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    task: Mapped[str] = mapped_column(String(40), primary_key=True)
    finished_at: Mapped[datetime]
