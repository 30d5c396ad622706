"""The outcome of an election from a file, for a program (`as_values`) and for a reader (`as_text`)."""

from .outcome import Finding, Outcome, Verdict
from .pabulib import Election


def as_values(election: Election, outcome: Outcome) -> dict[str, object]:
    """Plain JSON values; amounts are exact strings in the file's unit, findings are by plan id."""
    return {
        "rule": outcome.rule,
        "budget": election.amount(outcome.budget),
        "ballots": outcome.ballots,
        "funded": list(outcome.funded),
        "left": election.amount(outcome.left),
        "findings": {plan_id: finding_values(election, found) for plan_id, found in outcome.findings.items()},
        "ties": [{"votes": tie.votes, "plans": list(tie.plans)} for tie in outcome.ties],
        "tie_order": outcome.tie_order,
        "lot_needed": outcome.is_lot_needed,
    }


def finding_values(election: Election, finding: Finding) -> dict[str, object]:
    """One finding in plain JSON values."""
    return {
        "verdict": finding.verdict.value,
        "votes": finding.votes,
        "rank": finding.rank,
        "cost": election.amount(finding.cost),
        "left_before": None if finding.left_before is None else election.amount(finding.left_before),
        "left_after": None if finding.left_after is None else election.amount(finding.left_after),
        "lacked": finding.lacked,
    }


def as_text(election: Election, outcome: Outcome) -> str:
    """A table for people: one line per plan in the order of the count, each with the reason."""
    header = ("rank", "plan", "votes", "cost", "outcome")
    rows = [header, *(row(election, finding) for finding in outcome.findings.values())]
    widths = [max(len(line[column]) for line in rows) for column in range(len(header) - 1)]
    lines = [
        f"{outcome.rule}: {outcome.ballots} ballots, budget {election.amount(outcome.budget)}",
        *(aligned(line, widths) for line in rows),
        f"{len(outcome.funded)} funded, left {election.amount(outcome.left)}",
        "a lot decided who is funded" if outcome.is_lot_needed else "no lot was needed",
    ]
    return "\n".join(lines)


def row(election: Election, finding: Finding) -> tuple[str, str, str, str, str]:
    """The cells of one plan."""
    rank = "" if finding.rank is None else str(finding.rank)
    reason = f"{sentence(election, finding)}  {election.names.get(finding.plan, '')}".rstrip()
    return rank, finding.plan, str(finding.votes), election.amount(finding.cost), reason


def aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    """Cells in columns, to the right, and the last as it is."""
    return "  ".join([*(cell.rjust(width) for cell, width in zip(cells, widths, strict=False)), cells[-1]])


def sentence(election: Election, finding: Finding) -> str:
    """Why this plan is funded or not."""
    match finding.verdict:
        case Verdict.FUNDED:
            return f"funded, {election.amount(finding.left_after or 0)} left."
        case Verdict.DOES_NOT_FIT:
            return f"does not fit, {election.amount(finding.left_before or 0)} was left{lacked(finding)}."
        case Verdict.NO_VOTES:
            return f"nobody voted for it{lacked(finding)}."
        case Verdict.WITHDRAWN:
            return "withdrawn."


def lacked(finding: Finding) -> str:
    """How many votes short it was."""
    if finding.lacked is None:
        return "; it costs more than the whole budget"
    return f"; {finding.lacked} more {'vote' if finding.lacked == 1 else 'votes'} would have funded it"
