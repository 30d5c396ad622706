"""One profile counted by several rules, side by side, to show what differs before anybody has voted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from ...rounds.forms import BallotForm, Form
from ...tally.completion import Completion
from ...tally.counting import RULES
from ...tally.equal_shares import EqualShares
from ...tally.instance import Instance, TallyError
from ...tally.invented import FillIn, affordable, divided, in_order, most_liked
from ...tally.method import rule_title
from ...tally.outcome import Outcome
from ...tally.profile import Profile
from ...tally.rule import Rule
from ...tally.ties import CheapestFirst, Lot
from ...tally.words import listed
from ..wording import PageWords, euros, number, rounded

CENTS = 100
MOST_NAMED = 5


@dataclass(frozen=True)
class Contest:
    """What is counted: the plans and what they are called, the ballots, and the currency, empty for euros."""

    instance: Instance
    profile: Profile
    titles: Mapping[str, str]
    is_approval: bool
    currency: str = ""

    def amount(self, minor: int | Fraction) -> str:
        """An amount in euros, or in the currency of a file."""
        units = Fraction(minor) / self.instance.unit
        return f"{self.currency} {number(units)}" if self.currency else euros(rounded(units * CENTS))


@dataclass(frozen=True)
class Column:
    """What one rule comes to; `is_own` for the rule of the round."""

    title: str
    outcome: Outcome
    is_own: bool


@dataclass(frozen=True)
class Trial:
    """A contest counted by each rule that can count it; `left_out` says of the others why not."""

    contest: Contest
    columns: Sequence[Column]
    left_out: Sequence[str]

    @property
    def plans(self) -> list[tuple[str, int, int, list[bool]]]:
        """The plans, most votes first: title, cost, points, and by column whether it is funded."""
        findings = self.columns[0].outcome.findings.values()
        return [
            (
                self.contest.titles[found.plan],
                found.cost,
                found.points,
                [found.plan in column.outcome.funded for column in self.columns],
            )
            for found in sorted(findings, key=lambda found: (-found.points, found.cost, found.plan))
        ]

    @property
    def differences(self) -> list[str]:
        """What each other rule makes different from the round's own, or from the first where that one cannot count."""
        own, *others = self.columns
        return [self._difference(column, set(own.outcome.funded)) for column in others]

    def _difference(self, column: Column, own: set[str]) -> str:
        funded = set(column.outcome.funded)
        more, less = self._named(funded - own), self._named(own - funded)
        if more and less:
            return _("%(rule)s: wel %(more)s, maar niet %(less)s.", rule=column.title, more=more, less=less)
        if more:
            return _("%(rule)s: ook %(more)s.", rule=column.title, more=more)
        if less:
            return _("%(rule)s: niet %(less)s.", rule=column.title, less=less)
        return _("%(rule)s: dezelfde plannen.", rule=column.title)

    def _named(self, plan_ids: set[str]) -> str:
        titles = [f"‘{self.contest.titles[plan_id]}’" for plan_id in sorted(plan_ids)]
        if len(titles) > MOST_NAMED:
            hidden = _("%(count)s andere", count=number(len(titles) - MOST_NAMED))
            titles = [*titles[:MOST_NAMED], hidden]
        return listed(titles, PageWords())


def rules_to_try(own: Rule) -> list[Rule]:
    """The round's own rule first, then the others as they are by default, and equal shares with what is left spent."""
    others = [kind() for name, kind in RULES.items() if name != own.name]
    filled = EqualShares(completion=Completion.MOST_VOTES)
    return [own, *others, *([filled] if filled.name != own.name else [])]


def tried(contest: Contest, own: Rule, *, seed: str) -> Trial:
    """The contest counted by each of the rules; ties that get there are settled by a lot with this seed."""
    columns, left_out = list[Column](), list[str]()
    ties = CheapestFirst(Lot(seed, "trial"))
    for rule in rules_to_try(own):
        title = _title(rule, is_own=rule is own, in_points=not contest.is_approval)
        if not rule.takes(is_approval=contest.is_approval):
            left_out.append(_("%(rule)s telt alleen stemmen waarbij elk gekozen plan 1 stem krijgt.", rule=title))
            continue
        try:
            columns.append(Column(title, rule.count(contest.instance, contest.profile, ties), rule is own))
        except TallyError:
            left_out.append(_("%(rule)s kan dit niet tellen: de bedragen of de punten zijn te groot.", rule=title))
    return Trial(contest, columns, left_out)


def fill_in_of(form: BallotForm, instance: Instance) -> FillIn:
    """How an invented voter fills in such a ballot."""
    least, most = form.min_choices or 0, form.max_choices
    ways: dict[Form, FillIn] = {
        Form.BASKET: lambda wishes: affordable(wishes, instance, least=least, most=most),
        Form.APPROVAL: lambda wishes: most_liked(wishes, least=least, most=most or 0),
        Form.ONE: lambda wishes: most_liked(wishes, most=1),
        Form.POINTS: lambda wishes: divided(wishes, total=form.total_points or 0, most=form.most_points or 0),
        Form.RANKING: lambda wishes: in_order(wishes, most=most or 0),
    }
    return ways[form.form]


def _title(rule: Rule, *, is_own: bool, in_points: bool) -> str:
    title = rule_title(rule.name, PageWords(), in_points=in_points)
    is_filled = isinstance(rule, EqualShares) and rule.completion is not Completion.NONE
    return _("%(rule)s, aangevuld", rule=title) if is_filled and not is_own else title
