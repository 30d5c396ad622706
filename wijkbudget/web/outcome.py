"""A counted round as its page shows it: every plan with its votes and the reason why it won or not."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ..ballots.queries import opening_of, urn_of
from ..plans.queries import ballot_plans
from ..results.queries import result_of
from ..results.tables import Result
from ..rounds.tables import Round
from ..tally.document import from_document
from ..tally.outcome import Finding, Outcome, Verdict
from ..tally.turnout import turnout
from .cards import Card, cards
from .wording import euros, number


@dataclass(frozen=True)
class PlanOutcome:
    """What became of one plan; amounts in cents, `rank` None if its turn never came."""

    card: Card
    votes: int
    cost: int
    won: bool
    withdrawn: bool
    verdict: str
    advice: str
    rank: int | None
    left_before: int | None
    left_after: int | None


@dataclass(frozen=True)
class UrnFacts:
    """How the envelopes can be checked: how many there were, how many were rejected, and two fingerprints."""

    envelopes: int
    rejected: int
    merkle_root: str
    rules_hash: str


@dataclass(frozen=True)
class OutcomeView:
    """A result in plain values; `plans` in the order of the count, then those whose turn never came."""

    plans: tuple[PlanOutcome, ...]
    budget: int
    left: int
    voted: int
    eligible: int
    turnout: Fraction
    blank: int
    lots: tuple[tuple[str, ...], ...]
    lot_seed: str
    urn: UrnFacts | None

    @property
    def winners(self) -> tuple[PlanOutcome, ...]:
        """The plans that are carried out, the one with most votes first."""
        return tuple(plan for plan in self.plans if plan.won)

    @property
    def steps(self) -> tuple[PlanOutcome, ...]:
        """The count as it can be followed with a pencil."""
        return tuple(plan for plan in self.plans if plan.rank is not None)

    @property
    def spent(self) -> int:
        """What the winning plans cost together, in cents."""
        return self.budget - self.left


def published_result(session: Session, round: Round) -> Result | None:
    """The result that everybody may see, None before it is published."""
    result = result_of(session, round.id)
    return result if result and result.published_at else None


def outcome_view(session: Session, round: Round, result: Result) -> OutcomeView:
    """The stored result in words and figures; nothing is counted again."""
    outcome = from_document(result.outcome)
    shown = _cards(session, outcome)
    ordered = sorted(outcome.findings.values(), key=lambda found: (found.rank is None, found.rank or 0, found.plan))
    return OutcomeView(
        plans=tuple(_plan_outcome(found, shown[found.plan]) for found in ordered),
        budget=outcome.budget,
        left=outcome.left,
        voted=result.voted,
        eligible=result.eligible,
        turnout=turnout(result.voted, result.eligible),
        blank=result.blank,
        lots=tuple(tuple(shown[plan].title for plan in group) for group in outcome.lots),
        lot_seed=result.lot_seed,
        urn=_urn_facts(session, round),
    )


def _cards(session: Session, outcome: Outcome) -> dict[str, Card]:
    plans = ballot_plans(session, [int(plan) for plan in outcome.findings], seed=1)
    return {str(card.id): card for card in cards(session, plans)}


def _urn_facts(session: Session, round: Round) -> UrnFacts | None:
    opening, urn = opening_of(session, round.id), urn_of(session, round.id)
    if opening is None or urn is None:
        return None
    return UrnFacts(opening.envelopes, sum(opening.rejected.values()), opening.merkle_root, urn.rules_hash)


def _plan_outcome(found: Finding, card: Card) -> PlanOutcome:
    won = found.verdict is Verdict.FUNDED
    return PlanOutcome(
        card=card.counted(found.votes, won=won, cost=found.cost),
        votes=found.votes,
        cost=found.cost,
        won=won,
        withdrawn=found.verdict is Verdict.WITHDRAWN,
        verdict=_verdict(found),
        advice=_advice(found),
        rank=found.rank,
        left_before=found.left_before,
        left_after=found.left_after,
    )


def _verdict(found: Finding) -> str:
    match found.verdict:
        case Verdict.FUNDED:
            return _("Gaat door")
        case Verdict.DOES_NOT_FIT:
            return _("Past niet meer: er was nog %(left)s over", left=euros(found.left_before or 0))
        case Verdict.NO_VOTES:
            return _("Niemand stemde op dit plan")
        case Verdict.WITHDRAWN:
            return _("Ingetrokken tijdens de stemming")


def _advice(found: Finding) -> str:
    if found.lacked is None:
        return ""
    return ngettext(
        "Had met %(votes)s stem meer wel gewonnen.",
        "Had met %(votes)s stemmen meer wel gewonnen.",
        found.lacked,
        votes=number(found.lacked),
    )
