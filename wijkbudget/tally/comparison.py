"""The same ballots counted by several rules, side by side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .instance import Instance
from .method import rule_title
from .outcome import Outcome
from .pabulib import Election
from .profile import Profile
from .report import as_values, table
from .rule import NotForTheseBallots, Progress, Rule
from .ties import TieOrder
from .words import Words


@dataclass(frozen=True)
class Comparison:
    """The outcomes by the name of their rule, and why other rules cannot count these ballots."""

    outcomes: Mapping[str, Outcome]
    left_out: Mapping[str, str]


def compared(
    rules: Iterable[Rule], instance: Instance, profile: Profile, ties: TieOrder, progress: Progress
) -> Comparison:
    """Every rule that takes these ballots. Raises UnknownPlan, LotNeeded."""
    rules = list(rules)
    outcomes, left_out = dict[str, Outcome](), dict[str, str]()
    for done, rule in enumerate(rules, start=1):
        try:
            outcomes[rule.name] = rule.count(instance, profile, ties)
        except NotForTheseBallots as reason:
            left_out[rule.name] = str(reason)
        progress(done / len(rules))
    return Comparison(outcomes, left_out)


def comparison_values(election: Election, comparison: Comparison) -> dict[str, object]:
    """Plain JSON values: under `rules` what each rule alone would give."""
    return {
        "budget": election.amount(election.instance.budget),
        "ballots": election.profile.ballots,
        "rules": {name: as_values(election, outcome) for name, outcome in comparison.outcomes.items()},
        "left_out": dict(comparison.left_out),
    }


def comparison_text(election: Election, comparison: Comparison, words: Words) -> str:
    """A line for every plan, `*` under the rules that fund it, then what voters got from each rule."""
    outcomes = list(comparison.outcomes.values())
    findings = outcomes[0].findings.values() if outcomes else ()
    plans = [found.plan for found in sorted(findings, key=lambda found: (-found.points, found.plan))]
    lines = table([["", *plans, *measure_titles(words)], *(column(plans, outcome, words) for outcome in outcomes)])
    names = [f"{plan}  {election.names.get(plan, '')}".rstrip() for plan in plans]
    return "\n".join([*(lines if outcomes else ()), *left_out(comparison, words), "", *names])


def column(plans: Iterable[str], outcome: Outcome, words: Words) -> list[str]:
    """The column of one rule."""
    marks = ["*" * (plan in outcome.funded) for plan in plans]
    return [rule_title(outcome.rule, words), *marks, *measure_cells(outcome, words)]


def measure_titles(words: Words) -> tuple[str, ...]:
    """What the measures are called."""
    return (
        words.gettext("plannen die doorgaan"),
        words.gettext("uitgegeven"),
        words.gettext("over"),
        words.gettext("stembiljetten met een plan dat doorgaat"),
        words.gettext("stemmen of punten voor plannen die doorgaan"),
        words.gettext("gemiddeld per stembiljet"),
    )


def measure_cells(outcome: Outcome, words: Words) -> tuple[str, ...]:
    """The measures of one outcome, in that order."""
    return (
        words.number(len(outcome.funded)),
        words.amount(outcome.spent),
        words.amount(outcome.left),
        words.number(outcome.ballots_with_funded),
        words.number(outcome.points_funded),
        words.amount(outcome.mean_amount or 0),
    )


def left_out(comparison: Comparison, words: Words) -> Iterator[str]:
    """A line for every rule that cannot count these ballots."""
    for name, why in comparison.left_out.items():
        yield f"{rule_title(name, words)}: {why}"
