"""`wijkbudget person appoint`: who is moderator, official or administrator."""

import click

from ..clock import Clock
from ..people.actions import appoint_person
from ..people.rules import APPOINTED, NeedsDistrict, Role, UnknownDistrict, UnknownPerson
from ..refusal import Refusal
from .context import open_database

SENTENCES: dict[type[Refusal], str] = {
    UnknownPerson: "Nobody has an account with the address {email}.",
    UnknownDistrict: "There is no stadsdeel {slug}.",
    NeedsDistrict: "A moderator needs --stadsdeel at least once; the other roles have none.",
}


@click.group()
def person() -> None:
    """People."""


@person.command("appoint")
@click.argument("email")
@click.argument("role", type=click.Choice(sorted(role.value for role in APPOINTED)))
@click.option(
    "--stadsdeel", "slugs", multiple=True, help="A district of a moderator, like haagse-hout; may be repeated."
)
def _appoint(email: str, role: str, slugs: tuple[str, ...]) -> None:
    """Give the person with this EMAIL a ROLE, at once."""
    try:
        with open_database().transaction() as session:
            appointed = appoint_person(session, email=email, role=Role(role), district_slugs=slugs, now=Clock().now())
    except Refusal as refusal:
        raise click.ClickException(SENTENCES[type(refusal)].format(**refusal.details)) from refusal
    scope = f" in {', '.join(sorted(slugs))}" if slugs else ""
    click.echo(f"{appointed.name} ({appointed.email}) is {role}{scope} from now on.")
