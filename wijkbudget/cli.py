"""`wijkbudget …`: what an administrator or a machine does from the command line."""

import click

from .commands.count import count
from .commands.journal import journal
from .commands.letters import letters
from .commands.person import person
from .commands.places import places
from .commands.postcodes import postcodes
from .commands.replay import replay
from .commands.service import migrate, run, scheduler
from .commands.verify import verify
from .web.logs import keep_votes_and_links_out


@click.group()
def main() -> None:
    """Participatory budgeting for Dutch municipalities."""
    keep_votes_and_links_out()


for command in (count, journal, letters, migrate, person, places, postcodes, replay, run, scheduler, verify):
    main.add_command(command)

if __name__ == "__main__":
    main()
