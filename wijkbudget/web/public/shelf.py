"""The plans of a round as a visitor sees them: in an order of their own while plans compete, winners first after it."""

import secrets
from dataclasses import dataclass
from math import ceil

from flask import session as cookie
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...ballots.queries import urn_of
from ...ballots.rules import FrozenRules
from ...people.tables import Person
from ...plans.queries import PAGE_SIZE, SHUFFLE_PRIME, all_placed, placed_plans, round_figures
from ...results.tables import Result
from ...rounds.tables import Round
from ..cards import Card, cards
from ..outcome import outcome_view, published_result


@dataclass(frozen=True)
class Shelf:
    """One page of cards, how many there are in all, and whether their order is the visitor's own."""

    cards: list[Card]
    total: int
    is_shuffled: bool

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, ceil(self.total / PAGE_SIZE))


def shelf(session: Session, round: Round, *, page: int = 1, person: Person | None = None) -> Shelf:
    """A page of the plans that stand on the site."""
    if result := published_result(session, round):
        ordered = _winners_first(session, round, result)
        return Shelf(ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], len(ordered), is_shuffled=False)
    plans = placed_plans(session, round.id, seed=visitor_seed(), page=page)
    menu = menu_ids(session, round)
    tagged = [
        card.tagged(_("Op de stemlijst"), "checkbox") if card.id in menu else card
        for card in cards(session, plans, person)
    ]
    return Shelf(tagged, round_figures(session, round.id).placed, is_shuffled=True)


def menu_ids(session: Session, round: Round) -> frozenset[int]:
    """The plans on the ballot as it was frozen when voting opened; none before that."""
    urn = urn_of(session, round.id)
    return frozenset(item.plan_id for item in FrozenRules.parse(urn.rules).menu) if urn else frozenset()


def visitor_seed() -> int:
    """The number that orders plans for this visitor, the same during the whole visit."""
    if "seed" not in cookie:
        cookie["seed"] = 1 + secrets.randbelow(SHUFFLE_PRIME - 1)
    return int(cookie["seed"])


def _winners_first(session: Session, round: Round, result: Result) -> list[Card]:
    counted = {plan.card.id: plan.card for plan in outcome_view(session, round, result).plans}
    others = cards(session, [plan for plan in all_placed(session, round.id) if plan.id not in counted])
    return [*sorted(counted.values(), key=lambda card: (not card.won, -(card.votes or 0), card.id)), *others]
