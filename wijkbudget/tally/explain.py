"""Why a plan won or lost, in sentences that are the same on every page and in every file.

The messages are Dutch; `Words` puts them in a language. Money that was held is rounded down and money that lacked is
rounded up, so that the two make the cost, and nobody reads that a plan lacked nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from .equals import tied_in_words
from .outcome import Finding, Outcome, Verdict
from .turns import Misfit
from .words import Words, kind, quantity


def in_points(outcome: Outcome) -> bool:
    """Whether ballots gave points, so that these are no votes."""
    return any(found.points != found.ballots for found in outcome.findings.values())


def explain(finding: Finding, outcome: Outcome, words: Words) -> str:
    """Why this plan won or lost, in a few short sentences."""
    return " ".join(filter(None, (headline(finding, words), details(finding, outcome, words))))


def headline(finding: Finding, words: Words) -> str:
    """That a plan won; empty for others, whose reason says enough."""
    return words.gettext("Gaat door.") if finding.is_funded else ""


def details(finding: Finding, outcome: Outcome, words: Words) -> str:
    """What stands behind the headline; empty if nothing is to be added to it."""
    case = Case(finding, outcome, words)
    return " ".join(filter(None, (REASONS[finding.verdict](case), tied_in_words(finding, outcome, words, case.votes))))


def advice(finding: Finding, outcome: Outcome, words: Words) -> str:
    """What would have made the difference, all else unchanged; empty where that is not known."""
    if finding.is_funded and finding.needed == 1 < finding.points:
        one = quantity(1, words, in_points=in_points(outcome))
        return words.gettext("Had ook met %(votes)s gewonnen.", votes=one)
    if finding.spare is not None:
        fewer = quantity(finding.spare + 1, words, in_points=in_points(outcome))
        return words.gettext("Had met %(votes)s minder niet gewonnen.", votes=fewer)
    if finding.lacked is not None:
        more = quantity(finding.lacked, words, in_points=in_points(outcome))
        return words.gettext("Had met %(votes)s meer wel gewonnen.", votes=more)
    if finding.more_voters is not None:
        return words.ngettext(
            "Had gewonnen met %(voters)s stemmer meer die alleen dit plan koos.",
            "Had gewonnen met %(voters)s stemmers meer die alleen dit plan kozen.",
            finding.more_voters,
            voters=words.number(finding.more_voters),
        )
    return ""


@dataclass(frozen=True)
class Case:
    """One plan in one outcome, and the words to tell of it."""

    finding: Finding
    outcome: Outcome
    words: Words

    @property
    def in_points(self) -> bool:
        """Whether ballots gave points."""
        return in_points(self.outcome)

    @property
    def votes(self) -> str:
        """Votes, or points."""
        return kind(self.words, in_points=self.in_points)

    @property
    def is_by_cost(self) -> bool:
        """Whether a point for a dear plan weighs more."""
        return self.outcome.settings.get("utility") == "cost"

    def funded(self) -> str:
        """How it won, if there is more to tell than that it did."""
        finding, left = self.finding, self.finding.left_before
        if finding.is_filled_in:
            return self.words.gettext(
                "Het kreeg geld dat over was. Dat ging naar de meeste %(votes)s.", votes=self.votes
            )
        if left is not None and left < finding.cost:
            share = f"{self.outcome.settings['percent']}%"
            return self.words.gettext(
                "Er was nog %(left)s over, minimaal %(share)s van de kosten.", left=self.words.amount(left), share=share
            )
        if finding.price is not None:
            return self._paid(finding.price)
        return self._best_group() if self.outcome.rule == "best-value" else ""

    def _paid(self, price: Fraction) -> str:
        """What it took from its supporters; by phragmén the price is what everybody had earned by then."""
        amount = self.words.amount(price)
        if self.outcome.rule == "phragmen":
            return self.words.gettext(
                "De stemmers konden dit plan kopen toen iedereen %(price)s had gekregen.", price=amount
            )
        if self.in_points:
            paid = self.words.gettext("De stemmers voor dit plan betaalden %(price)s per punt.", price=amount)
        else:
            paid = self.words.gettext("Iedere stemmer voor dit plan betaalde %(price)s.", price=amount)
        if price * self.finding.points > self.finding.cost:
            paid += " " + self.words.gettext("Wie dat niet meer had, betaalde wat er over was.")
        return paid

    def _best_group(self) -> str:
        if self.is_by_cost:
            return self.words.gettext("Het hoort bij de groep plannen die samen de hoogste score krijgt.")
        return self.words.gettext(
            "Het hoort bij de groep plannen die samen de meeste %(votes)s krijgt.", votes=self.votes
        )

    @property
    def is_too_dear(self) -> bool:
        """Whether no number of votes could have helped."""
        return self.finding.cost > self.outcome.budget and self.outcome.settings.get("misfit") != Misfit.STRETCH

    def does_not_fit(self) -> str:
        """The money left was not enough."""
        if self.is_too_dear:
            return self.words.gettext("Kost meer dan het hele budget.")
        return " ".join(filter(None, (self._together(), self._misfit(self.finding.left_before or 0))))

    def _misfit(self, left: int) -> str:
        if not left:
            return self.words.gettext("Past niet meer: het geld was op.")
        return self.words.gettext(
            "Past niet meer: er was nog %(left)s over. Dat is %(short)s te weinig.",
            left=self.words.amount(left), short=self.words.amount(self.finding.cost - left),
        )  # fmt: skip

    def _together(self) -> str:
        """What the supporters held in the end, if that was less than the cost; else empty."""
        if self.finding.held is None or not self.finding.short:
            return ""
        held, short = self.words.amount(floor(self.finding.held)), self.words.amount(ceil(self.finding.short))
        if self.outcome.rule == "phragmen":
            end = self.words.gettext("Aan het eind hadden de stemmers voor dit plan samen %(held)s.", held=held)
        else:
            end = self.words.gettext("De stemmers voor dit plan hadden samen nog %(held)s.", held=held)
        return end + " " + self.words.gettext("Er was %(short)s te weinig.", short=short)

    def after_the_end(self) -> str:
        """The count ended at a plan for which there was too little."""
        for step in self.outcome.steps:
            if step.verdict is not Verdict.EXCLUDED and step.cost > (step.left_before or 0):
                return self.words.gettext(
                    "Kwam niet meer aan de beurt: de telling stopte bij %(plan)s.", plan=self.words.plan(step.plan)
                )
        return self.words.gettext("Kwam niet meer aan de beurt.")

    def below_minimum(self) -> str:
        """It lacked support from the start."""
        minimum = quantity(int(self.outcome.settings["minimum"]), self.words, in_points=self.in_points)
        return self.words.gettext("Te weinig: een plan had minimaal %(votes)s nodig.", votes=minimum)

    def excluded(self) -> str:
        """Another plan of its group was funded."""
        rival = self.words.plan(self.finding.beside or "")
        return self.words.gettext("Kan niet naast %(plan)s, en dat plan gaat door.", plan=rival)

    def not_affordable(self) -> str:
        """Its supporters together held too little."""
        if self.is_too_dear:
            return self.words.gettext("Kost meer dan het hele budget.")
        together = self._together() or self.words.gettext("De stemmers voor dit plan hadden samen te weinig geld.")
        return " ".join(filter(None, (together, self._not_filled_in())))

    def _not_filled_in(self) -> str:
        """That what was left did not do either, where it had a turn for that."""
        if self.finding.left_before is None:
            return ""
        if not self.finding.left_before:
            return self.words.gettext("Er was ook geen geld meer over.")
        left = self.words.amount(self.finding.left_before)
        return self.words.gettext("Het paste ook niet in de %(left)s die over was.", left=left)

    def less_together(self) -> str:
        """The best sets go without it."""
        if any(self.finding.plan in tie.plans for tie in self.outcome.ties):
            return self.words.gettext("Hoort niet bij de gekozen groep plannen.")
        if self.is_by_cost:
            return self.words.gettext("De gekozen plannen krijgen samen een hogere score dan elke groep met dit plan.")
        return self.words.gettext(
            "De gekozen plannen krijgen samen meer %(votes)s dan elke groep met dit plan.", votes=self.votes
        )

    def no_votes(self) -> str:
        """Nobody named it."""
        if self.in_points:
            return self.words.gettext("Niemand gaf dit plan punten.")
        return self.words.gettext("Niemand stemde op dit plan.")

    def withdrawn(self) -> str:
        """It was taken off."""
        return self.words.gettext("Ingetrokken tijdens de stemming.")


REASONS: dict[Verdict, Callable[[Case], str]] = {
    Verdict.FUNDED: Case.funded,
    Verdict.DOES_NOT_FIT: Case.does_not_fit,
    Verdict.AFTER_THE_END: Case.after_the_end,
    Verdict.BELOW_MINIMUM: Case.below_minimum,
    Verdict.EXCLUDED: Case.excluded,
    Verdict.NOT_AFFORDABLE: Case.not_affordable,
    Verdict.LESS_TOGETHER: Case.less_together,
    Verdict.NO_VOTES: Case.no_votes,
    Verdict.WITHDRAWN: Case.withdrawn,
}
"""The sentences for each verdict."""
