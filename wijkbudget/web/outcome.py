"""A counted round as its page shows it: every plan with its votes and the reason why it won or not."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ..ballots.queries import opening_of, urn_of
from ..plans.queries import plans_by_id
from ..plans.tables import Plan
from ..results.queries import result_of
from ..results.tables import Result
from ..rounds.tables import Round
from ..tally.outcome import Finding, Outcome, Verdict
from ..tally.turnout import turnout
from .cards import Card, cards
from .standing import Ending
from .wording import euros, number


@dataclass(frozen=True)
class PlanOutcome:
    """What became of one plan; amounts in cents, `rank` None if its turn never came."""

    card: Card
    votes: int
    cost: int
    won: bool
    verdict: str
    advice: str
    rank: int | None
    left_before: int | None
    left_after: int | None


@dataclass(frozen=True)
class UrnFacts:
    """How the urn can be checked: its envelopes, how many were rejected, its Merkle root, and the hash of the rules."""

    envelopes: int
    rejected: int
    merkle_root: str
    rules_hash: str


@dataclass(frozen=True)
class OutcomeView:
    """A result in plain values; `steps` is the count as it can be followed with a pencil.

    `others` are the plans whose turn never came; `voted_for_winner` is how many voters chose a plan that won.
    """

    steps: tuple[PlanOutcome, ...]
    others: tuple[PlanOutcome, ...]
    budget: int
    left: int
    voted: int
    voted_for_winner: int
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
    def plans(self) -> tuple[PlanOutcome, ...]:
        """All plans, those of the steps first."""
        return self.steps + self.others

    @property
    def spent(self) -> int:
        """What the winning plans cost together, in cents."""
        return self.budget - self.left


def published_result(session: Session, round: Round) -> Result | None:
    """The result that everybody may see, None before it is published."""
    result = result_of(session, round.id)
    return result if result and result.published_at else None


def ending_of(plan: Plan, result: Result) -> Ending | None:
    """What a published result made of the plan, None if it was not on the ballot."""
    decided, name = result.decided, str(plan.id)
    if result.published_at is None or name not in decided.findings:
        return None
    return Ending(name in decided.funded, result.published_at)


def outcome_view(session: Session, round: Round, result: Result) -> OutcomeView:
    """The stored result in words and figures; nothing is counted again."""
    outcome = result.decided
    shown = _cards(session, outcome)
    plans = {plan: _plan_outcome(found, shown[plan]) for plan, found in sorted(outcome.findings.items())}
    return OutcomeView(
        steps=tuple(plans.pop(step.plan) for step in outcome.steps),
        others=tuple(plans.values()),
        budget=outcome.budget,
        left=outcome.left,
        voted=result.voted,
        voted_for_winner=outcome.ballots_with_funded,
        eligible=result.eligible,
        turnout=turnout(result.voted, result.eligible),
        blank=result.blank,
        lots=tuple(tuple(shown[plan].title for plan in group) for group in outcome.lots),
        lot_seed=outcome.lot.seed if outcome.lot else "",
        urn=_urn_facts(session, round),
    )


def _cards(session: Session, outcome: Outcome) -> dict[str, Card]:
    plans = plans_by_id(session, [int(plan) for plan in outcome.findings])
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
