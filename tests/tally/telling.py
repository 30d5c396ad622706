"""Outcomes written by hand, and words to tell them with: Dutch, and such that show whether they were asked."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from wijkbudget.commands.words import PlainWords
from wijkbudget.tally.outcome import Finding, Outcome, Tie, Verdict
from wijkbudget.tally.ties import CheapestFirst, Lot

TURNS = {"misfit": "skip", "percent": 0, "minimum": 0}
SHARES = {"utility": "cost", "completion": "none", "stop": "exhaustive"}


class Dutch(PlainWords):
    """Dutch, with amounts in cents."""

    def amount(self, minor: int | Fraction) -> str:
        return f"{super().amount(minor)} ct"


DUTCH = Dutch(str, language="nl")


class Marks:
    """Words that put a mark in the place of every sentence, and write nothing else."""

    def gettext(self, message: str, /, **values: str) -> str:
        assert message % values
        return "#"

    def ngettext(self, one: str, many: str, count: int, /, **values: str) -> str:
        assert (one if count == 1 else many) % values
        return "#"

    def amount(self, minor: int | Fraction) -> str:
        return "#"

    def number(self, value: int | Fraction) -> str:
        return "#"

    def plan(self, plan_id: str) -> str:
        return "#"


def found(plan: str, verdict: Verdict = Verdict.FUNDED, points: int = 5, cost: int = 10, **more: Any) -> Finding:
    """A finding of a plan that each ballot for it gave one point."""
    return Finding(**{"ballots": points, **more}, plan=plan, verdict=verdict, points=points, cost=cost)


def told(*findings: Finding, rule: str = "most-votes", settings: dict[str, Any] | None = None, **more: Any) -> Outcome:
    """The outcome with these findings, of 20 ballots that divide 100 cents."""
    known = (
        {**TURNS, **(settings or {})} if rule in ("most-votes", "votes-per-euro") else {**SHARES, **(settings or {})}
    )
    funded = tuple(finding.plan for finding in findings if finding.is_funded)
    outcome = Outcome(
        rule=rule, settings=known, tie_order=CheapestFirst.name, budget=100, ballots=20, ballots_with_funded=12,
        funded=funded, left=100 - sum(finding.cost for finding in findings if finding.is_funded),
        findings={finding.plan: finding for finding in findings}, ties=(), lots=(), lot=None,
    )  # fmt: skip
    return replace(outcome, **more)


def tied(*plans: str) -> tuple[Tie, ...]:
    """One tie."""
    return (Tie(plans),)


LOT = Lot("seed", "7")
