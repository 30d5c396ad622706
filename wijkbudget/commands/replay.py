"""`wijkbudget replay FILE.pb`: holds a real election again, vote by vote, and compares the winners."""

import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import click
from sqlalchemy.exc import ArgumentError, OperationalError

from ..database import Database
from ..demo.declared import CannotRehearse, official_winners
from ..demo.rehearsal import NotEmpty, Rehearsal, Stage, rehearse
from ..rounds.forms import Form
from ..tally.in_turn import MostVotes
from ..tally.instance import TallyError
from ..tally.outcome import Finding, Outcome, Verdict
from ..tally.pabulib import Election, read_election
from ..tally.pabulib_head import VoteType
from ..tally.turnout import turnout

DIFFERENT = 1
DEFAULT_BATCH = 200
HUNDREDTHS = 10_000


class NotReplayed(click.ClickException):
    """This file cannot be replayed, or not in this database."""

    exit_code = 2


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--database", "url", help="Where to play it: an empty database. Default: SQLite, thrown away afterwards.")
@click.option("--batch", type=click.IntRange(min=1), default=DEFAULT_BATCH, show_default=True, help="Votes per commit.")
@click.pass_context
def replay(context: click.Context, file: Path, *, url: str | None, batch: int) -> None:
    """Hold the election in the Pabulib FILE again: a code and a sealed ballot for every voter, urn, count.

    It is counted by the rule that the file declares, or by most votes if that is none of ours.

    Ends with status 1 if other plans win than those the file marks as selected, and with 2 if it cannot be replayed.
    """
    try:
        election = read_election(file.read_bytes())
        rehearsal = _played(election, url, batch)
    except (TallyError, CannotRehearse, NotEmpty) as reason:
        raise NotReplayed(f"{file.name}: {reason}") from reason
    except (ArgumentError, OperationalError) as reason:
        raise NotReplayed("the database cannot be opened") from reason
    click.echo("\n".join(_report(election, rehearsal)))
    if (official := official_winners(election)) is not None and set(_winners(rehearsal)) != official:
        context.exit(DIFFERENT)


def _played(election: Election, url: str | None, batch: int) -> Rehearsal:
    with tempfile.TemporaryDirectory(prefix="wijkbudget-replay-") as folder:
        database = Database(url or f"sqlite:///{Path(folder) / 'replay.db'}")
        try:
            stage = Stage.in_folder(database, Path(folder))
            with click.progressbar(length=len(election.ballots), label="Casting every ballot", show_pos=True) as bar:
                return rehearse(stage, election, batch=batch, on_cast=bar.update)
        finally:
            database.engine.dispose()


def _winners(rehearsal: Rehearsal) -> list[str]:
    return [rehearsal.file_ids[plan] for plan in rehearsal.result.decided.funded]


def _report(election: Election, rehearsal: Rehearsal) -> Iterator[str]:
    outcome, file_ids = rehearsal.result.decided, rehearsal.file_ids
    unit = "votes" if rehearsal.form.is_approval else "points"
    yield election.meta.get("description", "")
    yield from _manner(election, rehearsal)
    yield f"{unit:>7}  {'plan':>8}  {'here':<12} {'in the file':<12} name"
    for finding in outcome.findings.values():
        yield _line(election, finding, file_ids[finding.plan])
    yield _turnout(rehearsal)
    yield from _ties(outcome, file_ids, unit)
    yield _comparison(_winners(rehearsal), official_winners(election))


def _manner(election: Election, rehearsal: Rehearsal) -> Iterator[str]:
    """How it was held, and where that is not as the file says."""
    outcome, form = rehearsal.result.decided, rehearsal.form
    settings = ", ".join(f"{name} {value}" for name, value in outcome.settings.items())
    yield f"Ballots: {form.form}. Rule: {outcome.rule} ({settings})."
    if not rehearsal.is_declared:
        yield f"The rule of the file, {election.meta.get('rule', 'not told')}, is none of ours."
    if election.vote_type is VoteType.ORDINAL and form.form is Form.POINTS:
        yield (
            "Ballots rank fewer plans than the longest one. The file gives them fewer points than a ranking here would,"
            " so every ballot was cast with the file's points."
        )


def _line(election: Election, finding: Finding, plan: str) -> str:
    here = finding.verdict.value.replace("_", " ")
    official = official_winners(election)
    there = "" if official is None else "selected" if plan in official else "not selected"
    return f"{finding.points:>7}  {plan:>8}  {here:<12} {there:<12} {election.names[plan]}"


def _turnout(rehearsal: Rehearsal) -> str:
    voted, eligible = rehearsal.result.voted, rehearsal.result.eligible
    return (
        f"Turnout: {voted} of {eligible} codes voted, {_percentage(turnout(voted, eligible))}"
        " (the file tells who voted, not how many could have)."
    )


def _percentage(share: Fraction) -> str:
    hundredths = int(share * HUNDREDTHS + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _ties(outcome: Outcome, file_ids: dict[str, str], unit: str) -> Iterator[str]:
    """A sentence for each tie by which a plan lost that would have won, had it gone first; else for each lot."""
    if outcome.rule != MostVotes.name:
        yield from (f"The lot decided among {_named(lot, file_ids)}." for lot in outcome.lots)
        return
    for tie in outcome.ties:
        first = outcome.findings[tie.plans[0]]
        losers = [plan for plan in tie.plans if _would_fit(outcome.findings[plan], first.left_before or 0)]
        if losers:
            how = "by lot" if any(set(group) <= set(tie.plans) for group in outcome.lots) else "the cheapest first"
            yield (
                f"The outcome hangs on a tie: {_named(tie.plans, file_ids)} have {first.points} {unit} each and went"
                f" {how}; {_named(losers, file_ids)} would have won, had the order been another."
            )


def _would_fit(finding: Finding, left: int) -> bool:
    return finding.verdict is Verdict.DOES_NOT_FIT and finding.cost <= left


def _named(plans: tuple[str, ...] | list[str], file_ids: dict[str, str]) -> str:
    return ", ".join(file_ids[plan] for plan in plans)


def _comparison(winners: list[str], selected: frozenset[str] | None) -> str:
    if selected is None:
        return f"{len(winners)} plans win; the file does not say which were selected."
    extra, missing = sorted(set(winners) - selected), sorted(selected - set(winners))
    if not extra and not missing:
        return f"AGREEMENT: the same {len(winners)} plans win here as in the file."
    return (
        f"DISAGREEMENT: {len(winners)} plans win here, {len(selected)} were selected in the file;"
        f" only here: {', '.join(extra) or 'none'}; only in the file: {', '.join(missing) or 'none'}."
    )
