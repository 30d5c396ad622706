"""`wijkbudget places import`: the districts and neighbourhoods of The Hague."""

import click

from ..places.actions import import_places
from ..places.files import the_hague
from .context import open_database


@click.group()
def places() -> None:
    """Districts and neighbourhoods."""


@places.command("import")
def _import() -> None:
    """Add or update the neighbourhoods of The Hague; doing it twice is doing it once."""
    rows = the_hague()
    with open_database().transaction() as session:
        import_places(session, rows)
    click.echo(f"{len(rows)} neighbourhoods are there.")
