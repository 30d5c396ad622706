"""Why one of several plans that stood equal went first, in sentences."""

from dataclasses import dataclass

from .outcome import Finding, Outcome
from .ties import CheapestFirst, Dearest, Lexicographic
from .words import Words, listed


def tied_in_words(finding: Finding, outcome: Outcome, words: Words, votes: str) -> str:
    """With whom a plan stood equal and what decided, if some of them won and others did not; else empty.

    `votes` is what plans get from ballots: votes, or points.
    """
    for tie in outcome.ties:
        if finding.plan in tie.plans and len({outcome.findings[plan].is_funded for plan in tie.plans}) > 1:
            return Equals(finding, outcome, words, votes, tie.plans).in_words()
    return ""


@dataclass(frozen=True)
class Equals:
    """One plan in one tie, in which others fared otherwise; `plans` are all of the tie, as the tie order put them."""

    finding: Finding
    outcome: Outcome
    words: Words
    votes: str
    plans: tuple[str, ...]

    def in_words(self) -> str:
        """That there was a tie, and what decided."""
        return f"{self._company()} {self._precedence()}"

    def _company(self) -> str:
        """With whom it stood equal; of best value, where whole sets do, it names no plans."""
        if self.outcome.rule == "best-value" and self.finding.is_funded:
            return self.words.gettext("Een groep zonder dit plan is even goed.")
        if self.outcome.rule == "best-value":
            return self.words.gettext("Een groep met dit plan is even goed.")
        others = [self.words.plan(plan) for plan in self.plans if plan != self.finding.plan]
        return self.words.gettext("Het stond gelijk met %(plans)s.", plans=listed(others, self.words))

    def _precedence(self) -> str:
        """What put this plan ahead of, or behind, the nearest that fared otherwise."""
        tie_order, pair = self.outcome.tie_order, (self.finding, self._counterpart())
        if any(self.finding.plan in group for group in self.outcome.lots):
            return self.words.gettext("Het lot besliste.")
        if tie_order == Lexicographic.name or (tie_order != CheapestFirst.name and len({f.cost for f in pair}) == 1):
            return self.words.gettext("De code die het eerst komt ging voor.")
        if tie_order == Dearest.name:
            return self.words.gettext("Het duurste plan ging voor.")
        if len({found.cost for found in pair}) > 1:
            return self.words.gettext("Het goedkoopste plan ging voor.")
        if len({found.points for found in pair}) > 1:
            return self.words.gettext("Het plan met de meeste %(votes)s ging voor.", votes=self.votes)
        return self.words.gettext("Het lot bepaalde de volgorde.")

    def _counterpart(self) -> Finding:
        """Of those that fared otherwise, the last funded one for a plan that lost, or the first not funded."""
        tied = (self.outcome.findings[plan] for plan in self.plans)
        others = [other for other in tied if other.is_funded is not self.finding.is_funded]
        return others[0] if self.finding.is_funded else others[-1]
