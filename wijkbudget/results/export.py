"""A published round for others to count: its ballots as a Pabulib file, and its outcome in plain values."""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..ballots.rules import Ballot, FrozenRules
from ..rounds.forms import Form
from ..tally.outcome import Outcome, Verdict
from ..tally.pabulib_head import VoteType, written
from ..tally.pabulib_writer import write_election
from ..tally.report import outcome_values
from ..tally.turnout import turnout
from .rules import instance_of, profile_of
from .tables import Result

VOTE_TYPES = {
    Form.BASKET: VoteType.APPROVAL,
    Form.APPROVAL: VoteType.APPROVAL,
    Form.ONE: VoteType.ONE,
    Form.POINTS: VoteType.CUMULATIVE,
    Form.RANKING: VoteType.ORDINAL,
}


@dataclass(frozen=True)
class Euros:
    """Amounts in cents, written in euros: '40000.00'."""

    decimals: int = 2

    def amount(self, minor: int) -> str:
        """The amount in euros, exact."""
        return written(minor, self.decimals)


def result_values(result: Result) -> dict[str, object]:
    """The stored result in plain JSON values: who voted, and the outcome as `wijkbudget count --json` tells it."""
    return {
        "round": result.round_id,
        "eligible": result.eligible,
        "voted": result.voted,
        "blank": result.blank,
        "turnout": str(turnout(result.voted, result.eligible)),
        **outcome_values(result.decided, Euros()),
    }


def has_plan_left(outcome: Outcome) -> bool:
    """Whether there is a plan that was not withdrawn: without one, no `.pb` file can be written."""
    return any(found.verdict is not Verdict.WITHDRAWN for found in outcome.findings.values())


def pabulib_file(rules: FrozenRules, ballots: Iterable[Ballot], outcome: Outcome) -> str:
    """The text of a `.pb` file that comes to the same winners in any count by the same rule.

    Raises NotWritable if no plan is left.
    """
    findings = outcome.findings.values()
    withdrawn = [int(found.plan) for found in findings if found.verdict is Verdict.WITHDRAWN]
    return write_election(
        meta=_meta(rules, outcome) | ({"min_length": ""} if withdrawn else {}),  # ballots are shorter without them
        instance=instance_of(rules, withdrawn),
        names={str(item.plan_id): item.title for item in rules.menu},
        profile=profile_of(ballots),
        vote_type=VOTE_TYPES[rules.ballot_form.form],
        selected=outcome.funded,
        stretched=[f.plan for f in findings if f.is_funded and f.cost > (f.left_before or 0)],
    )


def _meta(rules: FrozenRules, outcome: Outcome) -> dict[str, str]:
    schedule = rules.schedule
    return {
        "description": rules.title,
        "country": "Netherlands",
        "unit": "Den Haag",
        "subunit": rules.area,
        "instance": schedule["voting"][:4],
        "date_begin": _day(schedule["voting"]),
        "date_end": _day(schedule["counting"]),
        "language": "nl",
        "currency": "EUR",
        "edition": str(rules.round_id),
        "comment": _comment(rules, outcome),
        **_limits(rules),
    }


def _day(moment: str) -> str:
    """A moment in ISO 8601 as Pabulib writes days."""
    year, month, day = moment[:10].split("-")
    return f"{day}.{month}.{year}"


def _comment(rules: FrozenRules, outcome: Outcome) -> str:
    settings = ", ".join(f"{name} {value}" for name, value in rules.rule.settings.items())
    remarks = [f"counted by {rules.rule.name} ({settings}); ties: {rules.ties}."]
    if outcome.lot:
        remarks.append(f"seed of the lot: {outcome.lot.seed}, for round {outcome.lot.round}.")
    return " ".join(f"#{number}: {remark}" for number, remark in enumerate(remarks, 1))


def _limits(rules: FrozenRules) -> dict[str, str]:
    form, most = rules.ballot_form, rules.ballot_form.max_choices
    if form.form is Form.RANKING and most:
        return {"max_points": str(most), "max_sum_points": str(most * (most + 1) // 2), "max_length": str(most)}
    given = {
        "max_length": most,
        "min_length": form.min_choices,
        "max_points": form.most_points,
        "max_sum_points": form.total_points,
    }
    limits = {key: str(value) for key, value in given.items() if value is not None}
    return limits | ({"max_sum_cost": f"{rules.budget / 100:.2f}"} if form.form is Form.BASKET else {})


def recount_command(outcome: Outcome, file: str) -> str:
    """What to type to count the file again, and come to the same winners by the same reasons."""
    options = [f"--rule {outcome.rule}", *_settings(outcome)]
    if outcome.lot:
        options += [f"--ties cheapest-then-lot:{shlex.quote(outcome.lot.seed)}", f"--round {outcome.lot.round}"]
    if any(finding.more_voters is not None for finding in outcome.findings.values()):
        options.append("--margins")
    return " ".join(["wijkbudget count", file, *options])


def _settings(outcome: Outcome) -> Iterator[str]:
    """The settings as options, without those that say nothing beside the others."""
    settings = outcome.settings
    for name, value in settings.items():
        if name == "misfit" and settings.get("percent"):
            yield f"--misfit {value}:{settings['percent']}"
        elif name != "percent" and not (name == "stop" and "add-one" not in str(settings["completion"])):
            yield f"--{name} {value}"
