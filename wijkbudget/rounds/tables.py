"""Rounds, their areas, and what has been done for each of their phases."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from ..database import Table
from ..places.tables import Neighbourhood
from ..tally.counting import rule_of
from .forms import BallotForm, Form
from .rules import LONGEST_AREA_NAME, LONGEST_TITLE, Counting, Electorate, Kind, Schedule, SeedSource
from .voting import FEWEST_PUBLISHED, OLDEST_OF_ALL, YOUNGEST_OF_ALL, Franchise, KeyKeeping, VotingTerms


def _named(kind: type[StrEnum]) -> Enum:
    return Enum(kind, native_enum=False, length=20, values_callable=lambda members: [m.value for m in members])


class Area(Table):
    """A neighbourhood belongs to the area of a round."""

    __tablename__ = "area"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id"), primary_key=True, index=True)


class Round(Table):
    """One round; its phase follows from the schedule and the clock and is stored nowhere.

    `is_canary` marks the round in which only the synthetic voter votes; no list of rounds holds it.
    """

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
    min_choices: Mapped[int | None]
    total_points: Mapped[int | None]
    most_points: Mapped[int | None]
    ballot_form: Mapped[BallotForm] = composite("form", "max_choices", "min_choices", "total_points", "most_points")

    rule: Mapped[str] = mapped_column(String(20))
    rule_settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    seed_source: Mapped[SeedSource] = mapped_column(_named(SeedSource))
    compares: Mapped[bool]

    eligible: Mapped[int]
    reference_date: Mapped[date]
    electorate: Mapped[Electorate] = composite("eligible", "reference_date")

    franchise: Mapped[Franchise] = mapped_column(_named(Franchise))
    youngest: Mapped[int]
    is_final: Mapped[bool]
    key_keeping: Mapped[KeyKeeping] = mapped_column(_named(KeyKeeping))
    publish_ballots_from: Mapped[int]
    voting: Mapped[VotingTerms] = composite("franchise", "youngest", "is_final", "key_keeping", "publish_ballots_from")
    frozen_at: Mapped[datetime | None]
    is_canary: Mapped[bool] = mapped_column(default=False)

    neighbourhoods: Mapped[list[Neighbourhood]] = relationship(
        secondary="area", lazy="selectin", order_by=Neighbourhood.number
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it from the class)
    __table_args__ = (
        CheckConstraint("budget > 0", name="budget"),
        CheckConstraint("like_threshold >= 0", name="like_threshold"),
        CheckConstraint("eligible > 0", name="eligible"),
        CheckConstraint("form NOT IN ('approval', 'ranking') OR max_choices IS NOT NULL", name="needs_maximum"),
        CheckConstraint("form IN ('basket', 'approval', 'ranking') OR max_choices IS NULL", name="max_choices"),
        CheckConstraint("form IN ('basket', 'approval') OR min_choices IS NULL", name="min_choices"),
        CheckConstraint("max_choices >= 1", name="maximum_above_zero"),
        CheckConstraint("min_choices >= 1", name="minimum_above_zero"),
        CheckConstraint("min_choices <= max_choices", name="minimum_over_maximum"),
        CheckConstraint("(form = 'points') = (total_points IS NOT NULL)", name="total_points"),
        CheckConstraint("(form = 'points') = (most_points IS NOT NULL)", name="most_points"),
        CheckConstraint("1 <= most_points AND most_points <= total_points", name="points"),
        CheckConstraint(f"youngest BETWEEN {YOUNGEST_OF_ALL} AND {OLDEST_OF_ALL}", name="youngest"),
        CheckConstraint(f"publish_ballots_from >= {FEWEST_PUBLISHED}", name="publish_ballots_from"),
        CheckConstraint(
            "submitting_from < reviewing_from AND reviewing_from < voting_from"
            " AND voting_from < counting_from AND counting_from < result_from",
            name="schedule",
        ),
    )

    @property
    def counting(self) -> Counting:
        """How its ballots are counted."""
        return Counting(rule_of(self.rule, self.rule_settings), self.seed_source, self.compares)

    @counting.setter
    def counting(self, counting: Counting) -> None:
        self.rule, self.rule_settings = counting.rule.name, dict(counting.rule.settings)
        self.seed_source, self.compares = counting.seed, counting.compares

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
