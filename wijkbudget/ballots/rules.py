"""What a valid ballot is, and the rules of a round as they are frozen when voting opens."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..refusal import Refusal
from ..rounds.rules import BallotForm, Form


class NotOnMenu(Refusal):
    """The ballot names a plan that is not on this round's menu."""


class PlanTwice(Refusal):
    """The ballot names a plan twice."""


class OverBudget(Refusal):
    """The chosen plans together cost more than the budget; details: `over` in cents."""


class TooManyChoices(Refusal):
    """The ballot names more plans than the form allows; details: `most`, `chosen`."""


class BlankOrChoices(Refusal):
    """A ballot names plans or is blank; neither, or both, leaves in doubt what the voter wants."""


class UnknownCode(Refusal):
    """The voting code is unknown or blocked; which of the two is not told."""


class MistypedCode(Refusal):
    """The text cannot be a voting code: a symbol is missing or wrong, so it costs no guess."""


class VotedMeanwhile(Refusal):
    """A ballot was cast with this entitlement after the voter looked; the voter looks again before it is replaced."""


class SpoiltPage(Refusal):
    """What was sent is not what the page for sending a ballot sends; nothing of it is used."""


class OtherBooth(Refusal):
    """The page belongs to another voter than the one whose code was entered last in this browser."""


class UrnNotReady(Refusal):
    """Voting has begun by the clock, and the scheduler has not frozen the rules yet."""


class BudgetUnderPlan(Refusal):
    """A plan that was judged feasible would cost more than the budget, so nobody could choose it; details: `cost`."""


class CodesMadeMeanwhile(Refusal):
    """Codes were made after the page was shown, by a doubled click or by a colleague."""


class MoreCodesThanElectorate(Refusal):
    """There may be no more codes than people who may vote; details: `left`."""


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
    """Valid choices: plan ids, ascending; none is a blank vote."""

    choices: tuple[int, ...]


@dataclass(frozen=True)
class FrozenRules:
    """All that decides how a round is voted and counted; `budget` in cents, moments in ISO 8601 UTC."""

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
    counting: str = "most votes that fit: skip what does not fit, zero votes never win"
    ties: str = "cheapest first, then the lot with the seed of the urn"

    def document(self) -> str:
        """The rules as canonical JSON: sorted keys, no spaces."""
        return canonical(self, default=vars)

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
            ballot_form=BallotForm(Form(form["form"]), form["max_choices"]),
            menu=tuple(MenuItem(**item) for item in values.pop("menu")),
            criteria=tuple(values.pop("criteria")),
            **values,
        )


def canonical(value: object, default: object = None) -> str:
    """One way to write a value as JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=default)  # type: ignore[arg-type]


def stated_choices(choices: Sequence[int], *, is_blank: bool) -> Sequence[int]:
    """The choices of a ballot that either names plans or says to be blank. Raises BlankOrChoices."""
    if bool(choices) == is_blank:
        raise BlankOrChoices()
    return choices


def valid_ballot(choices: Sequence[int], rules: FrozenRules) -> Ballot:
    """The ballot with these plan ids, in any order. Raises NotOnMenu, PlanTwice, OverBudget, TooManyChoices."""
    costs = {item.plan_id: item.cost for item in rules.menu}
    if not costs.keys() >= set(choices):
        raise NotOnMenu()
    if len(set(choices)) < len(choices):
        raise PlanTwice()
    _require_form(choices, sum(costs[choice] for choice in choices), rules)
    return Ballot(tuple(sorted(choices)))


def _require_form(choices: Sequence[int], total: int, rules: FrozenRules) -> None:
    most = rules.ballot_form.max_choices
    if rules.ballot_form.form is Form.BASKET and total > rules.budget:
        raise OverBudget(over=total - rules.budget)
    if most is not None and len(choices) > most:
        raise TooManyChoices(most=most, chosen=len(choices))
