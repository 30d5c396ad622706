"""A count worked out before the transaction that records it, so that it keeps nobody from voting in another round.

SQLite has one write lock for everybody: opening and counting within it took longer than voters wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.keys import KeyFolder
from ..ballots.opening import Reading, read_urn
from ..ballots.queries import has_envelopes, opened_ballots, opening_of, urn_of
from ..ballots.rules import Ballot, FrozenRules
from ..ballots.tables import Urn
from ..ballots.unlocking import fitting_key
from ..plans.tables import Plan
from ..rounds.rules import SeedSource
from ..rounds.tables import Round
from ..tally.outcome import Outcome
from ..tally.ties import Lot, LotNeeded
from .queries import draw_of, result_of, waits_for_draw
from .rules import compared, counted, lot_seed


@dataclass(frozen=True)
class Basis:
    """All that a count follows from; `drawn` is the lot of a public draw."""

    rules_hash: str
    merkle_root: str
    drawn: Lot | None
    withdrawn: frozenset[int]


@dataclass(frozen=True)
class Count:
    """What the ballots come to by the rule of their round, and by other rules if it compares them."""

    basis: Basis
    outcome: Outcome
    others: tuple[Outcome, ...]
    blank: int


@dataclass(frozen=True)
class OpenTie:
    """What the ballots come to hangs on a lot that was not drawn."""

    basis: Basis
    needed: LotNeeded


@dataclass(frozen=True)
class Draft:
    """What was read from the urn, unless that was opened before, and what it comes to."""

    reading: Reading | None
    count: Count | OpenTie


def draft_count(session: Session, *, round: Round, keys: KeyFolder) -> Draft | None:
    """What opening and counting this closed round will come to; None while that waits for somebody. It only reads.

    There is none of an urn without envelopes: what needs no key would be wrong if a vote is just being committed.
    """
    urn = urn_of(session, round.id)
    if urn is None or result_of(session, round.id) or waits_for_draw(session, round.id):
        return None
    rules, opening = FrozenRules.parse(urn.rules), opening_of(session, round.id)
    if opening:
        basis = basis_of(session, urn, opening.merkle_root)
        return Draft(None, _drafted(rules, basis, opened_ballots(session, round.id)))
    if not has_envelopes(session, round.id):
        return None
    if (key := fitting_key(session, round=round, urn=urn, keys=keys)) is None:
        return None
    reading = read_urn(session, rules=rules, private_key=key)
    ballots = [Ballot(opened.points) for opened in reading.contents.ballots]
    return Draft(reading, _drafted(rules, basis_of(session, urn, reading.merkle_root), ballots))


def basis_of(session: Session, urn: Urn, merkle_root: str) -> Basis:
    """What the count of these envelopes follows from as things are now."""
    draw = draw_of(session, urn.round_id)
    drawn = Lot(draw.seed, str(urn.round_id)) if draw is not None and draw.seed is not None else None
    menu = [item.plan_id for item in FrozenRules.parse(urn.rules).menu]
    withdrawn = select(Plan.id).where(Plan.id.in_(menu), Plan.withdrawn_at.is_not(None))
    return Basis(urn.rules_hash, merkle_root, drawn, frozenset(session.scalars(withdrawn)))


def count_of(rules: FrozenRules, basis: Basis, ballots: Iterable[Ballot]) -> Count:
    """Count the ballots. Raises LotNeeded if that hangs on a public draw that is still to come."""
    cast = list(ballots)
    by_urn = Lot(lot_seed(rules_hash=basis.rules_hash, merkle_root=basis.merkle_root), str(rules.round_id))
    lot = by_urn if rules.seed_source is SeedSource.URN else basis.drawn
    outcome = counted(rules, cast, lot=lot, withdrawn=basis.withdrawn)
    # Other rules may meet ties that were never drawn for; nothing is decided by what they come to.
    others = compared(rules, cast, lot=lot or by_urn, withdrawn=basis.withdrawn) if rules.compares else []
    return Count(basis, outcome, tuple(others), blank=sum(not ballot.points for ballot in cast))


def _drafted(rules: FrozenRules, basis: Basis, ballots: Iterable[Ballot]) -> Count | OpenTie:
    try:
        return count_of(rules, basis, ballots)
    except LotNeeded as needed:
        return OpenTie(basis, needed)
