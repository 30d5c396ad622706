"""`wijkbudget count FILE.pb`: recounts an election that is not ours."""

import json
from pathlib import Path

import click

from ..tally.instance import TallyError
from ..tally.most_votes import most_votes
from ..tally.pabulib import read_election
from ..tally.report import as_text, as_values
from ..tally.ties import CheapestFirst, Lexicographic, Lot, LotNeeded, TieOrder


class NotCounted(click.ClickException):
    """This file cannot be counted as asked."""

    exit_code = 2


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("--ties", type=click.Choice(["cheapest", "lexicographic"]), default="cheapest", show_default=True)
@click.option("--seed", help="Seed of the lot, for a tie that nothing else decides.")
@click.option("--round", "round_name", default="", help="Name of the round that the lot is drawn for.")
def count(file: Path, *, is_json: bool, ties: str, seed: str | None, round_name: str) -> None:
    """Count the Pabulib FILE by most votes that fit; a plan that does not fit is skipped."""
    try:
        election = read_election(file.read_bytes())
        order: TieOrder = CheapestFirst(Lot(seed, round_name) if seed else None)
        outcome = most_votes(
            election.instance, election.profile, ties=Lexicographic() if ties == "lexicographic" else order
        )
    except LotNeeded as needed:
        raise NotCounted(f"{file.name}: {needed}; give its --seed") from needed
    except TallyError as error:
        raise NotCounted(f"{file.name}: {error}") from error
    click.echo(json.dumps(as_values(election, outcome), ensure_ascii=False) if is_json else as_text(election, outcome))
