"""Plans, photos, likes and decisions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Table
from ..people.tables import Person
from ..rounds.tables import Round
from .rules import LONGEST_ALT_TEXT, LONGEST_PLACE, LONGEST_SUMMARY, LONGEST_TITLE, enough_likes, rendition_widths


class Question(StrEnum):
    """What the city decides about a plan: is it placed on the site, and is it feasible at this cost."""

    PLACEMENT = "placement"
    FEASIBILITY = "feasibility"


class Plan(Table):
    """A plan of a resident; `estimated_cost` in cents. `shuffle_key` is random and orders plans per visitor."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    summary: Mapped[str] = mapped_column(String(LONGEST_SUMMARY))
    what: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE))
    estimated_cost: Mapped[int | None] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    like_count: Mapped[int] = mapped_column(default=0)
    shuffle_key: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship()
    author: Mapped[Person] = relationship()
    photo: Mapped["Photo | None"] = relationship(back_populates="plan", lazy="selectin", cascade="all, delete-orphan")
    decisions: Mapped[list["Decision"]] = relationship(lazy="selectin", back_populates="plan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it from the class)
    __table_args__ = (
        CheckConstraint("estimated_cost > 0", name="estimated_cost"),
        CheckConstraint("like_count >= 0", name="like_count"),
        Index("ix_plan_round_shuffle", "round_id", "shuffle_key"),
        # a doubled click submits once; withdrawn plans may be tried again
        Index(
            "uq_plan_title",
            "round_id",
            "author_id",
            "title",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    def decision(self, question: Question) -> "Decision | None":
        """What was decided on this question, None if nothing yet."""
        return next((made for made in self.decisions if made.question is question), None)

    @property
    def was_placed(self) -> bool:
        """Whether the city placed the plan, withdrawn or not."""
        placement = self.decision(Question.PLACEMENT)
        return placement is not None and placement.is_yes

    @property
    def is_placed(self) -> bool:
        """Whether the city placed the plan and its author did not withdraw it."""
        return self.was_placed and self.withdrawn_at is None

    @property
    def has_enough_likes(self) -> bool:
        """Whether the plan has the likes that its round asks for."""
        return enough_likes(self.like_count, threshold=self.round.like_threshold)

    def is_visible_to(self, person: Person | None) -> bool:
        """Whether this person may see it: once placed everybody, before that its author and its moderators."""
        if self.was_placed or person is None:
            return self.was_placed
        return person.id == self.author_id or bool(person.district_ids & self.round.district_ids)

    @property
    def checked_cost(self) -> int:
        """The cost in cents at which the city judged the plan feasible. Raises LookupError if it did not."""
        judged = self.decision(Question.FEASIBILITY)
        if judged is None or judged.cost is None:
            raise LookupError(f"plan {self.id} was not judged feasible")
        return judged.cost

    @property
    def cost(self) -> int | None:
        """The checked cost in cents, or else the author's estimate."""
        judged = self.decision(Question.FEASIBILITY)
        return judged.cost if judged and judged.cost else self.estimated_cost


class Decision(Table):
    """What a moderator decided about a plan, with the reason that its author got; `cost` in cents, checked."""

    __tablename__ = "decision"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    question: Mapped[Question] = mapped_column(
        Enum(Question, native_enum=False, length=20, values_callable=lambda members: [m.value for m in members]),
        primary_key=True,
    )
    is_yes: Mapped[bool]
    criterion: Mapped[str | None] = mapped_column(Text)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    plan: Mapped[Plan] = relationship(back_populates="decisions")
    moderator: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("question <> 'placement' OR is_yes OR criterion IS NOT NULL", name="criterion"),
        CheckConstraint("(question = 'feasibility' AND is_yes) = (cost IS NOT NULL)", name="cost"),
        CheckConstraint("cost > 0", name="cost_above_zero"),
    )


class Like(Table):
    """A person likes a plan, once."""

    __tablename__ = "plan_like"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    liked_at: Mapped[datetime]


class Photo(Table):
    """The photo of a plan: re-encoded, without metadata; `name` is random, width and height in pixels."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("plan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    name: Mapped[str] = mapped_column(String(32), unique=True)
    alt: Mapped[str] = mapped_column(String(LONGEST_ALT_TEXT))
    width: Mapped[int]
    height: Mapped[int]
    plan: Mapped[Plan] = relationship(back_populates="photo")
    renditions: Mapped[list["Rendition"]] = relationship(order_by="Rendition.width", cascade="all, delete-orphan")

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the renditions, rising, without loading those."""
        return rendition_widths(self.width)


class Rendition(Table):
    """A photo at one width in pixels, as WebP. In the database, so that a photo and its plan stand or fall together."""

    __tablename__ = "rendition"

    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    webp: Mapped[bytes] = mapped_column(LargeBinary)
