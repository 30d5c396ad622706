"""`wijkbudget journal verify`: whether nobody changed or removed an entry of the journal."""

import re

import click

from ..journal import Head, first_broken, is_in_chain, journal_head
from .context import open_database


@click.group()
def journal() -> None:
    """Who did what and when."""


def _head(_context: click.Context, _option: click.Parameter, written: str | None) -> Head | None:
    if written is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}:[0-9a-f]{64}", written):
        raise click.BadParameter("write it as an earlier run printed it, NUMBER:HASH.")
    number, _, hash_ = written.partition(":")
    return Head(int(number), hash_)


@journal.command("verify")
@click.option(
    "--head",
    "noted",
    metavar="NUMBER:HASH",
    callback=_head,
    help="The newest entry of an earlier run: is it there?",
)
def _verify(noted: Head | None) -> None:
    """Check the whole journal; name the first broken entry, or the newest one for you to note elsewhere."""
    with open_database().reading() as session:
        newest = journal_head(session)
        if broken := first_broken(session):
            raise click.ClickException(f"Entry {broken.number} is the first broken one: {broken.fault}.")
        if noted and not is_in_chain(session, noted):
            raise click.ClickException(
                f"Entry {noted.number} is not the one that you noted: the journal was cut off or written anew."
            )
    entries = "1 entry" if newest.number == 1 else f"{newest.number} entries"
    click.echo(f"{entries}, unbroken. Newest: {newest.number}:{newest.hash}")
