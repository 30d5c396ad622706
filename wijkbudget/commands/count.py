"""`wijkbudget count FILE.pb`: recounts an election that is not ours."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ..tally.comparison import compared, comparison_text, comparison_values
from ..tally.completion import Completion, StopAt
from ..tally.counting import RULES
from ..tally.instance import TallyError
from ..tally.margins import with_margins
from ..tally.pabulib import Election, read_election
from ..tally.report import as_text, as_values
from ..tally.rule import Progress, Utility
from ..tally.ties import LotNeeded
from .counting_options import BY_LOT, Asked, read_groups, read_misfit, read_ties
from .words import PlainWords

STEPS = 1000


class NotCounted(click.ClickException):
    """This file cannot be counted as asked."""

    exit_code = 2


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rule", type=click.Choice(list(RULES)), help="The counting rule; most-votes if not given.")
@click.option("--misfit", callback=read_misfit, help="skip, stop, or stretch:PERCENT, at a plan that does not fit.")
@click.option("--minimum", type=click.IntRange(0), help="Points a plan needs: at least so many.")
@click.option("--utility", type=click.Choice([*map(str, Utility)]), help="What a point is worth.")
@click.option(
    "--completion", type=click.Choice([*map(str, Completion)]), help="What equal shares does with money left."
)
@click.option("--stop", type=click.Choice([*map(str, StopAt)]), help="When adding one ends.")
@click.option(
    "--ties",
    callback=read_ties,
    default=BY_LOT,
    metavar="ORDER",
    help=f"lexicographic, cheapest, dearest or {BY_LOT}:SEED; by default the last, its seed only if it is needed.",
)
@click.option("--round", "round_name", default="", help="Name of the round that the lot is drawn for.")
@click.option("--exclusive", multiple=True, callback=read_groups, metavar="A,B,…", help="At most one of these plans.")
@click.option("--lenient", "is_lenient", is_flag=True, help="List and pass over what is wrong with ballots.")
@click.option("--compare", "is_compared", is_flag=True, help="Count by all rules that take these ballots.")
@click.option("--margins", "has_margins", is_flag=True, help="Count again to find what plans lacked; takes longer.")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@click.option("--json", "is_json", is_flag=True, help="One JSON object; amounts '12.50', or 'p/q' if not whole cents.")
def count(file: Path, **options: Any) -> None:
    """Count the Pabulib FILE, and tell of every plan why it is funded or not."""
    asked = Asked(**options)
    if asked.is_compared and (asked.rule or asked.has_margins):
        raise click.UsageError("--compare counts by every rule: it goes without --rule and --margins")
    with refused_by_name(file.name):
        election = read_election(file.read_bytes(), is_lenient=asked.is_lenient)
        told = comparison(asked, election) if asked.is_compared else single(asked, election)
    for remark in election.passed_over:
        click.echo(f"{file.name}: line {remark.line}: passed over: {remark.reason}", err=True)
    click.echo(told)


@contextmanager
def refused_by_name(name: str) -> Iterator[None]:
    """What the tally refuses ends the command with status 2, the file's name and the reason."""
    try:
        yield
    except LotNeeded as needed:
        raise NotCounted(f"{name}: {needed}; give its seed: --ties {BY_LOT}:SEED") from needed
    except TallyError as error:
        raise NotCounted(f"{name}: {error}") from error


def single(asked: Asked, election: Election) -> str:
    """The outcome by one rule, as JSON or as text."""
    instance, ties, profile = asked.instance(election), asked.tie_order(), election.profile
    rule = asked.chosen_rule()
    with progress_bar(f"Counting by {rule.name}") as progress:
        outcome = rule.count(instance, profile, ties)
        if asked.has_margins:
            outcome = with_margins(outcome, rule, instance, profile, ties, progress)
        progress(1)
    if asked.is_json:
        return json.dumps(as_values(election, outcome), ensure_ascii=False)
    return as_text(election, outcome, words_for(asked, election))


def comparison(asked: Asked, election: Election) -> str:
    """The outcomes by all rules, as JSON or as text."""
    rules, refused = asked.every_rule()
    with progress_bar("Counting by every rule") as progress:
        counts = compared(rules, asked.instance(election), election.profile, asked.tie_order(), progress)
    counts = replace(counts, left_out={**refused, **counts.left_out})
    if asked.is_json:
        return json.dumps(comparison_values(election, counts), ensure_ascii=False)
    return comparison_text(election, counts, words_for(asked, election))


def words_for(asked: Asked, election: Election) -> PlainWords:
    """The language of the sentences, with amounts in the unit of the file."""
    return PlainWords(election.amount, decimals=election.decimals, language=asked.language)


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A bar on the terminal, if there is one, that is told which share is done."""
    with click.progressbar(length=STEPS, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield lambda share: bar.update(int(share * STEPS) - bar.pos)
