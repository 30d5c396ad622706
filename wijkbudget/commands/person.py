"""`wijkbudget person appoint` and `dismiss`: who is moderator, official or administrator."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ..clock import Clock
from ..people.actions import appoint_person, dismiss_person
from ..people.rules import APPOINTED, NeedsDistrict, NotAppointed, Role, UnknownDistrict, UnknownPerson
from ..refusal import Refusal
from .context import open_database

SENTENCES: dict[type[Refusal], str] = {
    UnknownPerson: "Nobody has an account with the address {email}.",
    UnknownDistrict: "There is no stadsdeel {slug}.",
    NotAppointed: "The person with the address {email} is not {role}.",
    NeedsDistrict: "A moderator needs --stadsdeel at least once; the other roles have none.",
}

ROLE = click.Choice(sorted(role.value for role in APPOINTED))


@click.group()
def person() -> None:
    """People."""


@person.command("appoint")
@click.argument("email")
@click.argument("role", type=ROLE)
@click.option(
    "--stadsdeel", "slugs", multiple=True, help="A district of a moderator, like haagse-hout; may be repeated."
)
def _appoint(email: str, role: str, slugs: tuple[str, ...]) -> None:
    """Give the person with this EMAIL a ROLE, at once."""
    with _told_in_words(), open_database().transaction() as session:
        appointed = appoint_person(session, email=email, role=Role(role), district_slugs=slugs, now=Clock().now())
    scope = f" in {', '.join(sorted(slugs))}" if slugs else ""
    click.echo(f"{appointed.name} ({appointed.email}) is {role}{scope} from now on.")


@person.command("dismiss")
@click.argument("email")
@click.argument("role", type=ROLE)
def _dismiss(email: str, role: str) -> None:
    """Take a ROLE from the person with this EMAIL, at once, also while signed in."""
    with _told_in_words(), open_database().transaction() as session:
        dismissed = dismiss_person(session, email=email, role=Role(role), now=Clock().now())
    click.echo(f"{dismissed.name} ({dismissed.email}) is {role} no longer.")


@contextmanager
def _told_in_words() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(SENTENCES[type(refusal)].format(**refusal.details)) from refusal
