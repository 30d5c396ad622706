"""The plans of a round as a visitor sees them: in an order of their own while plans compete, winners first after it."""

from dataclasses import dataclass
from math import ceil

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...ballots.queries import menu_ids
from ...people.tables import Person
from ...plans.queries import PAGE_SIZE, all_placed, placed_plans, plan_totals
from ...results.tables import Result
from ...rounds.tables import Round
from ..cards import Card, cards
from ..outcome import outcome_view
from ..visitor import visitor_seed


@dataclass(frozen=True)
class Shelf:
    """One page of cards, how many there are in all, and whether their order is the visitor's own."""

    cards: list[Card]
    total: int
    is_shuffled: bool
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, ceil(self.total / self.size))


def shelf(
    session: Session,
    round: Round,
    result: Result | None,
    person: Person | None,
    *,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Shelf:
    """A page of `size` plans that stand on the site; `result` is the published one."""
    if result:
        ordered = _winners_first(session, round, result)
        return Shelf(ordered[(page - 1) * size : page * size], len(ordered), is_shuffled=False, size=size)
    plans = placed_plans(session, round.id, seed=visitor_seed(), page=page, size=size)
    menu = menu_ids(session, round.id)
    tagged = [card.tagged(_("Op de stemlijst")) if card.id in menu else card for card in cards(session, plans, person)]
    return Shelf(tagged, plan_totals(session, round.id).placed, is_shuffled=True, size=size)


def _winners_first(session: Session, round: Round, result: Result) -> list[Card]:
    counted = {plan.card.id: plan.card for plan in outcome_view(session, round, result).plans}
    others = cards(session, [plan for plan in all_placed(session, round.id) if plan.id not in counted])
    return [*sorted(counted.values(), key=lambda card: (not card.won, -(card.points or 0), card.id)), *others]
