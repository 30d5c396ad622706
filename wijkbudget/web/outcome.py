"""A counted round as its page shows it: every plan with the reason why it won or not, and how it was counted."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from ..ballots.queries import opening_of, urn_of
from ..ballots.rules import FrozenRules
from ..ballots.tables import Urn
from ..plans.queries import plans_by_id
from ..plans.tables import Plan
from ..results.queries import draw_of, result_of
from ..results.tables import Result
from ..rounds.tables import Round
from ..tally.explain import advice, details, headline, in_points
from ..tally.method import rule_in_words, rule_title, ties_in_words
from ..tally.outcome import Finding, Outcome
from ..tally.pencil import Column, Drawn, draws, lot_in_words, measures_in_words, start_in_words, steps_in_words
from ..tally.turnout import turnout
from ..tally.words import quantity
from .cards import Card, cards
from .standing import Ending
from .wording import PageWords, form_in_words


@dataclass(frozen=True)
class PlanOutcome:
    """What became of one plan; `cost` in cents, `rank` None if its turn never came; the rest in words."""

    card: Card
    points: int
    cost: int
    won: bool
    headline: str
    details: str
    advice: str
    rank: int | None


@dataclass(frozen=True)
class UrnFacts:
    """How the urn can be checked: its envelopes, how many were rejected, its Merkle root, and the hash of the rules."""

    envelopes: int
    rejected: int
    merkle_root: str
    rules_hash: str


@dataclass(frozen=True)
class Method:
    """How ballots were filled in and counted, in sentences; `columns` are those of the table of steps."""

    title: str
    form: str
    rule: str
    start: str
    ties: str
    columns: tuple[Column, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True)
class LotFacts:
    """Whether a lot decided, in sentences, what each plan drew, and the proof of a draw in public (else empty)."""

    words: tuple[str, ...]
    drawn: tuple[tuple[str, Drawn], ...]
    seed: str
    proof: str


@dataclass(frozen=True)
class OtherRule:
    """What another rule makes of the same ballots: the plans that only it funds, and those that it does not fund."""

    title: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    left: int


@dataclass(frozen=True)
class OutcomeView:
    """A result in plain values; `steps` is the count as it can be followed with a pencil.

    `others` are the plans whose turn never came, the one with most points first.
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
    in_points: bool
    method: Method
    lot: LotFacts
    compared: tuple[OtherRule, ...]
    urn: UrnFacts | None

    @property
    def winners(self) -> tuple[PlanOutcome, ...]:
        """The plans that are carried out, in the order of the count."""
        return tuple(plan for plan in self.plans if plan.won)

    @property
    def plans(self) -> tuple[PlanOutcome, ...]:
        """All plans, those of the steps first."""
        return self.steps + self.others

    @property
    def by_points(self) -> tuple[PlanOutcome, ...]:
        """All plans, the one with most points first, equals in the order of the count."""
        return tuple(sorted(self.plans, key=lambda plan: -plan.points))

    @property
    def longest(self) -> int:
        """What a full bar stands for: all who voted, or, where they gave points, the most that one plan got."""
        return max((plan.points for plan in self.plans), default=0) if self.in_points else self.voted

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
    outcome, urn = result.decided, urn_of(session, round.id)
    shown = _cards(session, outcome)
    words = PageWords({plan: card.title for plan, card in shown.items()})
    plans = {plan: _plan_outcome(found, outcome, shown[plan], words) for plan, found in outcome.findings.items()}
    steps = tuple(plans.pop(step.plan) for step in outcome.steps)
    return OutcomeView(
        steps=steps,
        others=tuple(sorted(plans.values(), key=lambda plan: -plan.points)),
        budget=outcome.budget,
        left=outcome.left,
        voted=result.voted,
        voted_for_winner=outcome.ballots_with_funded,
        eligible=result.eligible,
        turnout=turnout(result.voted, result.eligible),
        blank=result.blank,
        in_points=in_points(outcome),
        method=_method(outcome, words, urn),
        lot=_lot_facts(session, round, outcome, words),
        compared=tuple(_other_rule(other, outcome, words) for other in result.others),
        urn=_urn_facts(session, urn),
    )


def _cards(session: Session, outcome: Outcome) -> dict[str, Card]:
    plans = plans_by_id(session, [int(plan) for plan in outcome.findings])
    return {str(card.id): card for card in cards(session, plans)}


def _plan_outcome(found: Finding, outcome: Outcome, card: Card, words: PageWords) -> PlanOutcome:
    got = quantity(found.points, words, in_points=in_points(outcome))
    return PlanOutcome(
        card=card.counted(found.points, got, won=found.is_funded, cost=found.cost),
        points=found.points,
        cost=found.cost,
        won=found.is_funded,
        headline=headline(found, words),
        details=details(found, outcome, words),
        advice=advice(found, outcome, words),
        rank=found.rank,
    )


def _method(outcome: Outcome, words: PageWords, urn: Urn | None) -> Method:
    points = in_points(outcome)
    return Method(
        title=rule_title(outcome.rule, words, in_points=points),
        form=form_in_words(FrozenRules.parse(urn.rules).ballot_form) if urn else "",
        rule=rule_in_words(outcome.rule, outcome.settings, words, in_points=points),
        start=start_in_words(outcome, words),
        ties=ties_in_words(outcome.tie_order, words, in_points=points),
        columns=steps_in_words(outcome, words),
        measures=measures_in_words(outcome, words),
    )


def _lot_facts(session: Session, round: Round, outcome: Outcome, words: PageWords) -> LotFacts:
    draw = draw_of(session, round.id)
    return LotFacts(
        words=lot_in_words(outcome, words),
        drawn=tuple((words.titles[drawn.plan], drawn) for drawn in draws(outcome)),
        seed=outcome.lot.seed if outcome.lot else "",
        proof=(draw.proof or "") if draw else "",
    )


def _other_rule(other: Outcome, outcome: Outcome, words: PageWords) -> OtherRule:
    return OtherRule(
        title=rule_title(other.rule, words, in_points=in_points(other)),
        gained=tuple(words.titles[plan] for plan in other.funded if plan not in outcome.funded),
        lost=tuple(words.titles[plan] for plan in outcome.funded if plan not in other.funded),
        left=other.left,
    )


def _urn_facts(session: Session, urn: Urn | None) -> UrnFacts | None:
    opening = opening_of(session, urn.round_id) if urn else None
    if opening is None or urn is None:
        return None
    return UrnFacts(opening.envelopes, sum(opening.rejected.values()), opening.merkle_root, urn.rules_hash)
