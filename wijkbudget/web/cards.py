"""Plans as cards show them: plain values, read with a fixed number of statements however many plans there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from ..people.tables import Person
from ..plans.queries import liked_by
from ..plans.tables import Photo, Plan


@dataclass(frozen=True)
class Card:
    """A plan in a list; `cost` in cents. `points`, in words `got`, and `won` are known once it was counted."""

    id: int
    title: str
    summary: str
    place: str
    cost: int | None
    like_count: int
    liked: bool
    photo: Photo | None
    points: int | None = None
    got: str = ""
    won: bool = False
    tag: str = ""

    def counted(self, points: int, got: str, *, won: bool, cost: int) -> "Card":
        """This card as it came out of the count."""
        return replace(self, points=points, got=got, won=won, cost=cost)

    def tagged(self, tag: str) -> "Card":
        """This card with a word on its picture."""
        return replace(self, tag=tag)


def cards(session: Session, plans: Sequence[Plan], person: Person | None = None) -> list[Card]:
    """The plans as cards, in the same order; `person` is who looks, None for a visitor."""
    liked = liked_by(session, person.id, [plan.id for plan in plans]) if person else set()
    return [
        Card(
            id=plan.id, title=plan.title, summary=plan.summary, place=plan.place, cost=plan.cost,
            like_count=plan.like_count, liked=plan.id in liked, photo=plan.photo,
        )
        for plan in plans
    ]  # fmt: skip
