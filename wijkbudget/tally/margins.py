"""What plans lacked where a rule cannot tell: found by counting again with more voters for one of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

from .in_turn import InTurn
from .instance import Instance, TallyError
from .outcome import Finding, Outcome, Verdict
from .profile import Profile
from .rule import Progress, Rule
from .ties import TieOrder

NEARBY = 8
"""The first step away from a guess is so small a part of it."""


def unheard(_share: float) -> None:
    """Progress that nobody follows."""


def with_margins(
    outcome: Outcome,
    rule: Rule,
    instance: Instance,
    profile: Profile,
    ties: TieOrder,
    progress: Progress = unheard,
) -> Outcome:
    """The outcome of this count, its findings with `more_voters` where a plan could have won and none else tells how.

    So many more voters who name nothing but the plan would have it funded, and one fewer would not: both were counted.
    They come with a purse of their own, so that every purse gets smaller. Each gives the plan one point, or the most
    points that any ballot gave a plan. None is found beyond as many voters again as there were. A count that waits for
    a lot, or would pass what can be added up, does not fund. More than those voters may, by some rules, lose it again.
    """
    again = Again(outcome, rule, instance, profile, ties)
    searched = [finding for finding in outcome.findings.values() if again.is_open(finding)]
    findings = dict(outcome.findings)
    for number, finding in enumerate(searched):
        progress(number / len(searched))
        findings[finding.plan] = replace(finding, more_voters=again.more_voters(finding))
    progress(1)
    return replace(outcome, findings=findings)


@dataclass(frozen=True)
class Again:
    """The same count with more voters."""

    outcome: Outcome
    rule: Rule
    instance: Instance
    profile: Profile
    ties: TieOrder

    def is_open(self, finding: Finding) -> bool:
        """Whether counting again could tell more about a plan: it is out, and not by what the rule itself can tell."""
        is_out = not finding.is_funded and finding.verdict is not Verdict.WITHDRAWN
        is_known = finding.needed is not None or isinstance(self.rule, InTurn)
        return is_out and not is_known and finding.cost <= self.instance.budget

    def more_voters(self, finding: Finding) -> int | None:
        """The number that funds, when one fewer does not; None if none was found."""
        most = max(self.outcome.ballots, 1)
        return least_found(lambda more: self.funds(finding.plan, more), self.guess(finding), most)

    def guess(self, finding: Finding) -> int:
        """As many voters as would bring what the supporters lacked, if no purse got smaller; 1 if that is not known.

        A voter brings the endowment, or where money is earned, what everybody had earned in the end.
        """
        earned = (found.price for found in self.outcome.findings.values() if found.price is not None)
        share = self.outcome.endowment or max(earned, default=None)
        return ceil(finding.short / share) if finding.short and share else 1

    def funds(self, plan_id: str, more: int) -> bool:
        """Whether so many more voters for this plan would have it funded."""
        try:
            profile = self.profile.with_more(((plan_id, self.profile.most_points),), more)
            return plan_id in self.rule.funded(self.instance, profile, self.ties)
        except TallyError:
            return False


def least_found(is_enough: Callable[[int], bool], guess: int, most: int) -> int | None:
    """A number up to `most` that is enough while one less is not; 0 is not. None if no number that was tried is enough.

    From the guess it goes up, or down, by steps that double, and halves what lies between: few trials if the guess is
    near.
    """
    start = min(guess, most)
    step = max(1, start // NEARBY)
    span = below(is_enough, start, step) if is_enough(start) else above(is_enough, start, step, most)
    return None if span is None else halved(is_enough, *span)


def below(is_enough: Callable[[int], bool], enough: int, step: int) -> tuple[int, int]:
    """A lower number that is too few, or 0, and one above it that is enough."""
    while enough > step:
        if not is_enough(enough - step):
            return enough - step, enough
        enough, step = enough - step, step * 2
    return 0, enough


def above(is_enough: Callable[[int], bool], too_few: int, step: int, most: int) -> tuple[int, int] | None:
    """A number that is too few and a higher one that is enough; None if `most` is reached without one."""
    while too_few < most:
        number = min(too_few + step, most)
        if is_enough(number):
            return too_few, number
        too_few, step = number, step * 2
    return None


def halved(is_enough: Callable[[int], bool], too_few: int, enough: int) -> int:
    """A number between these that is enough while one less is not."""
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        too_few, enough = (too_few, middle) if is_enough(middle) else (middle, enough)
    return enough
