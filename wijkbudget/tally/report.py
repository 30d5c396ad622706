"""The outcome of an election, for a program (`outcome_values`) and for a reader (`as_text`)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Protocol

from .explain import advice, explain, in_points
from .method import rule_in_words, rule_title, ties_in_words
from .outcome import Finding, Outcome
from .pabulib import Election
from .pencil import Column, draws, lot_in_words, measures_in_words, start_in_words, steps_in_words
from .words import Words

AMOUNTS = ("cost", "left_before", "left_after", "price", "held", "short")


class Money(Protocol):
    """How amounts are written: whole minor units as decimals of the unit."""

    @property
    def decimals(self) -> int:
        """A unit is 10**decimals minor units."""

    def amount(self, minor: int) -> str:
        """The amount in the unit, exact."""


def amount_written(money: Money, minor: int | Fraction) -> str:
    """An amount of minor units in the unit, exact: as a decimal, or as 'p/q' where it is no whole minor unit."""
    if minor == int(minor):
        return money.amount(int(minor))
    return str(Fraction(minor) / 10**money.decimals)


def as_values(election: Election, outcome: Outcome) -> dict[str, object]:
    """The outcome of an election from a file, with what was passed over in reading it."""
    return outcome_values(outcome, election) | {"passed_over": [remark._asdict() for remark in election.passed_over]}


def outcome_values(outcome: Outcome, money: Money) -> dict[str, object]:
    """Plain JSON values; amounts are exact strings as `amount_written` writes them, findings are by plan id."""
    return {
        "rule": outcome.rule,
        "settings": dict(outcome.settings),
        "budget": money.amount(outcome.budget),
        "ballots": outcome.ballots,
        "funded": list(outcome.funded),
        "left": money.amount(outcome.left),
        "findings": {plan_id: finding_values(found, money) for plan_id, found in outcome.findings.items()},
        "measures": measure_values(outcome, money),
        "ties": [list(tie.plans) for tie in outcome.ties],
        "tie_order": outcome.tie_order,
        "lots": [list(group) for group in outcome.lots],
        "lot": asdict(outcome.lot) if outcome.lot else None,
        "endowment": _written(money, outcome.endowment),
    }


def finding_values(finding: Finding, money: Money) -> dict[str, object]:
    """One finding in plain JSON values, with what follows from it: `lacked`, `spare` and `short`."""
    values = asdict(finding) | {"verdict": finding.verdict.value, "short": finding.short}
    values |= {name: _written(money, values[name]) for name in AMOUNTS}
    del values["plan"]
    return values | {"lacked": finding.lacked, "spare": finding.spare}


def measure_values(outcome: Outcome, money: Money) -> dict[str, object]:
    """What can be laid beside the measures of another rule."""
    return {
        "spent": money.amount(outcome.spent),
        "points_funded": outcome.points_funded,
        "ballots_with_funded": outcome.ballots_with_funded,
        "ballots_without_funded": outcome.ballots_without_funded,
        "mean_amount": _written(money, outcome.mean_amount),
    }


def _written(money: Money, minor: int | Fraction | None) -> str | None:
    return None if minor is None else amount_written(money, minor)


def as_text(election: Election, outcome: Outcome, words: Words) -> str:
    """For people: how the rule goes, the count as a table of steps, a reason for every plan, and what voters got."""
    points = in_points(outcome)
    return "\n".join(
        [
            heading(outcome, words),
            rule_in_words(outcome.rule, outcome.settings, words, in_points=points),
            *filter(None, [start_in_words(outcome, words)]),
            ties_in_words(outcome.tie_order, words, in_points=points),
            "",
            *step_table(outcome, steps_in_words(outcome, words)),
            "",
            *(line for found in outcome.findings.values() for line in reason(election, found, outcome, words)),
            "",
            *measures_in_words(outcome, words),
            *lot_in_words(outcome, words),
            *(f"{draw.number}  {draw.check}" for draw in draws(outcome)),
        ]
    )


def heading(outcome: Outcome, words: Words) -> str:
    """The rule, and what there was to count and to divide."""
    return words.gettext(
        "%(rule)s: %(ballots)s stembiljetten, budget %(budget)s, %(funded)s plannen gaan door, over %(left)s",
        rule=rule_title(outcome.rule, words, in_points=in_points(outcome)), ballots=words.number(outcome.ballots),
        budget=words.amount(outcome.budget), funded=words.number(len(outcome.funded)), left=words.amount(outcome.left),
    )  # fmt: skip


def step_table(outcome: Outcome, columns: Sequence[Column]) -> Iterator[str]:
    """The steps in columns, numbered, `*` before a plan that is funded."""
    marks = [("*" if step.is_funded else "") + str(step.rank) for step in outcome.steps]
    plans = [step.plan for step in outcome.steps]
    return table([("", *marks), ("", *plans), *((column.title, *column.cells) for column in columns)])


def table(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table of these columns, each to the right and as wide as it needs to be."""
    aligned = [[cell.rjust(max(map(len, column))) for cell in column] for column in columns]
    return ("  ".join(line).rstrip() for line in zip(*aligned, strict=True))


def reason(election: Election, finding: Finding, outcome: Outcome, words: Words) -> Iterator[str]:
    """Two lines: which plan, and why it is funded or not and what would have made the difference."""
    yield f"{finding.plan}  {election.names.get(finding.plan, '')}".rstrip()
    yield "    " + " ".join(filter(None, (explain(finding, outcome, words), advice(finding, outcome, words))))
