"""`wijkbudget postcodes import FILE`: in which neighbourhood each postcode lies."""

from pathlib import Path

import click

from ..places.actions import import_postcodes
from ..places.files import read_postcodes
from ..places.rules import BrokenLines
from .context import open_database


@click.group()
def postcodes() -> None:
    """Postcodes."""


@postcodes.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def _import(file: Path) -> None:
    """Replace all postcodes by those of the CSV FILE with the header `postcode,wijkcode`."""
    try:
        with open_database().transaction() as session:
            number = import_postcodes(session, read_postcodes(file.read_text(encoding="utf-8")))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name} is not UTF-8. Nothing was imported.") from error
    except BrokenLines as refusal:
        raise click.ClickException(_sentence(file, refusal)) from refusal
    click.echo(f"{number} postcodes are there.")


def _sentence(file: Path, refusal: BrokenLines) -> str:
    lines = refusal.details["lines"]
    assert isinstance(lines, dict)  # noqa: S101  (for the type checker)
    reasons = "\n".join(f"line {number}: {reason}" for number, reason in lines.items())
    return f"{file.name} has lines that cannot be read. Nothing was imported.\n{reasons}"
