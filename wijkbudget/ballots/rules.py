"""What a valid ballot is, and the rules of a round as they are frozen when voting opens."""

import hashlib
import json
from collections.abc import Iterable, Sized
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from ..refusal import Refusal
from ..rounds.forms import BallotForm, Form
from ..rounds.rules import SeedSource
from ..rounds.voting import VotingTerms
from ..tally.counting import rule_of
from ..tally.in_turn import MostVotes
from ..tally.rule import Rule
from ..tally.ties import CheapestFirst
from .forms import CHECKS, NotOnMenu, PlanTwice, Points

Stated = TypeVar("Stated", bound=Sized)


class BlankOrChoices(Refusal):
    """A ballot names plans or is blank; neither, or both, leaves in doubt what the voter wants."""


class UnknownCode(Refusal):
    """The voting code is unknown or blocked; which of the two is not told."""


class MistypedCode(Refusal):
    """The text cannot be a voting code: a symbol is missing or wrong, so it costs no guess."""


class TooManyGuesses(Refusal):
    """So many unknown codes were tried that more of them are not even counted; a good code still opens the booth."""


class AlreadyVoted(Refusal):
    """A ballot was already cast with this right to vote, in a round in which a vote is final."""


class VotedMeanwhile(Refusal):
    """A ballot was cast with this entitlement after the voter looked; the voter looks again before it is replaced."""


class SpoiltPage(Refusal):
    """What was sent is not what the page for sending a ballot sends; nothing of it is used."""


class OtherBooth(Refusal):
    """The page belongs to another voter than the one whose code was entered last in this browser."""


class UrnNotReady(Refusal):
    """Voting has begun by the clock, and the scheduler has not frozen the rules yet."""


class KeyLost(Refusal):
    """So many shares of the key were lost that nobody can open the urn, so it takes no ballots."""


class BudgetUnderPlan(Refusal):
    """A plan that was judged feasible would cost more than the budget, so nobody could choose it; details: `cost`."""


class FewerEligibleThanCodes(Refusal):
    """An electorate is not smaller than the number of codes that were handed out; details: `codes`."""


@dataclass(frozen=True)
class MenuItem:
    """A plan that can be chosen, with its checked `cost` in cents."""

    plan_id: int
    title: str
    cost: int


@dataclass(frozen=True)
class Ballot:
    """Valid points for plans, ascending by plan id; none is a blank vote."""

    points: Points


@dataclass(frozen=True)
class FrozenRules:
    """All that decides how a round is voted and counted; `budget` in cents, moments in ISO 8601 UTC.

    `counting` holds the name of the `rule` and its `settings`, `ties` the name of the tie order.
    """

    round_id: int
    title: str
    kind: str
    area: str
    budget: int
    schedule: dict[str, str]
    ballot_form: BallotForm
    like_threshold: int
    criteria: tuple[str, ...]
    eligible: int
    reference_date: str
    menu: tuple[MenuItem, ...]
    counting: dict[str, Any] = field(default_factory=lambda: counting_document(MostVotes()))
    seed_source: SeedSource = SeedSource.URN
    compares: bool = False
    voting: VotingTerms = field(default_factory=VotingTerms)
    ties: str = CheapestFirst.name

    def document(self) -> str:
        """The rules as canonical JSON: sorted keys, no spaces."""
        return canonical(asdict(self))

    @property
    def hash(self) -> str:
        """SHA-256 of the document, in hexadecimal."""
        return hashlib.sha256(self.document().encode()).hexdigest()

    @staticmethod
    def parse(document: str) -> "FrozenRules":
        """The rules that `document()` wrote."""
        values = json.loads(document)
        form = values.pop("ballot_form")
        return FrozenRules(
            ballot_form=BallotForm(**form | {"form": Form(form["form"])}),
            menu=tuple(MenuItem(**item) for item in values.pop("menu")),
            criteria=tuple(values.pop("criteria")),
            seed_source=SeedSource(values.pop("seed_source")),
            voting=VotingTerms.parse(values.pop("voting")),
            **values,
        )

    @cached_property
    def costs(self) -> dict[int, int]:
        """The cost of each plan on the menu by its id, in cents."""
        return {item.plan_id: item.cost for item in self.menu}

    @cached_property
    def rule(self) -> Rule:
        """The counting rule with its settings."""
        return rule_of(self.counting["rule"], self.counting["settings"])


def counting_document(rule: Rule) -> dict[str, Any]:
    """A counting rule as it stands in frozen rules."""
    return {"rule": rule.name, "settings": dict(rule.settings)}


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: object) -> str:
    """One way to write a value as JSON."""
    return _CANONICAL.encode(value)


def stated_choices(choices: Stated, *, is_blank: bool) -> Stated:
    """The choices (plans, or points for plans) of a ballot that either has some or says to be blank.

    Raises BlankOrChoices.
    """
    if bool(choices) == is_blank:
        raise BlankOrChoices()
    return choices


def chosen(plan_ids: Iterable[int]) -> Points:
    """One point for each of these plans."""
    return tuple((plan_id, 1) for plan_id in plan_ids)


def ranked(plan_ids: Iterable[int], form: BallotForm) -> Points:
    """The points of a ranking, the best plan first: as many as the form allows plans, then one fewer for each next."""
    return tuple((plan_id, (form.max_choices or 0) - place) for place, plan_id in enumerate(plan_ids))


def valid_ballot(points: Iterable[tuple[int, int]], rules: FrozenRules) -> Ballot:
    """The ballot with these points, in any order; without points it is blank, and valid in every form.

    Raises NotOnMenu, PlanTwice, TooFewPointsForPlan, and what the function of its form raises.
    """
    pairs = tuple(sorted(points))
    plans = {plan_id for plan_id, _ in pairs}
    if not rules.costs.keys() >= plans:
        raise NotOnMenu()
    if len(plans) < len(pairs):
        raise PlanTwice()
    if pairs:
        CHECKS[rules.ballot_form.form](pairs, rules)
    return Ballot(pairs)


def longest_ballot(rules: FrozenRules) -> Ballot:
    """A ballot that no valid one is longer than when it is written down; it may be over a limit itself.

    It names the plans with the longest ids, as many as the form allows, each with as many digits as points may have.
    """
    form = rules.ballot_form
    longest = sorted(rules.costs, key=lambda plan_id: (-len(str(plan_id)), plan_id))
    most = {Form.ONE: 1, Form.POINTS: form.total_points}.get(form.form, form.max_choices)
    points = {Form.POINTS: form.most_points, Form.RANKING: form.max_choices}.get(form.form) or 1
    return Ballot(tuple(sorted((plan_id, points) for plan_id in longest[:most])))
