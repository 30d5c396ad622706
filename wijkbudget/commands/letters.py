"""`wijkbudget letters BATCH`: the letters of a list of codes that was released, as files for the printer."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from config import Config

from ..ballots.batches import BatchDiscarded, BatchHandedOut, BatchNotReleased, begin_codes, made_codes
from ..ballots.tables import CodeBatch
from ..clock import Clock
from ..database import Database
from ..people.queries import person_by_email
from ..people.rules import Role
from ..printing.terms import VotingLetter
from ..refusal import Refusal
from ..rounds.rules import WrongPhase
from ..rounds.tables import Round
from ..web.official.printing import letter_terms, whole_list
from .context import open_database, settings

SENTENCES: dict[type[Refusal], str] = {
    BatchNotReleased: "A second official has not released this list yet.",
    BatchHandedOut: "This list was handed out already: discard it on the site and ask for another one.",
    BatchDiscarded: "This list was discarded.",
    WrongPhase: "Voting in this round is over.",
}


@click.command()
@click.argument("batch_id", metavar="BATCH", type=int)
@click.option("--official", "email", required=True, help="Who takes the letters: the address of an official.")
@click.option(
    "--folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where the PDF files go."
)
def letters(batch_id: int, *, email: str, folder: Path) -> None:
    """Make the letters of the released list BATCH, once: PDF files of 500 pages, readable by you alone.

    The codes become good when the last file is complete, and only then the files lose the `.part` at the end of their
    names. If it breaks off, discard the list on the site.
    """
    config, database = settings(), open_database()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    round_ = _begun(database, batch_id, email)
    size, written = _size(database, batch_id), list[Path]()
    with click.progressbar(length=size, label="Making letters", show_pos=True) as bar:
        made = _letters(database, batch_id, config, bar.update)
        for volume in whole_list(made, size, letter_terms(round_, config)):
            written.append(_write(folder / volume.name, volume.pdf))
    for draft in written:
        draft.rename(draft.with_suffix(""))
    click.echo(f"{size} letters in {len(written)} files. Remove them once the printer has them.")


def _begun(database: Database, batch_id: int, email: str) -> Round:
    with database.transaction() as session:
        batch, person = session.get(CodeBatch, batch_id), person_by_email(session, email)
        if batch is None:
            raise click.ClickException(f"There is no list {batch_id}.")
        if person is None or Role.OFFICIAL not in person.roles:
            raise click.ClickException(f"{email} is no official.")
        try:
            begin_codes(session, batch=batch, official=person, now=Clock().now())
        except tuple(SENTENCES) as refusal:
            raise click.ClickException(SENTENCES[type(refusal)]) from refusal
        return session.get_one(Round, batch.round_id)


def _size(database: Database, batch_id: int) -> int:
    with database.reading() as session:
        return session.get_one(CodeBatch, batch_id).size


def _letters(
    database: Database, batch_id: int, config: Config, on_made: Callable[[int], object]
) -> Iterator[VotingLetter]:
    try:
        for piece in made_codes(database, batch_id=batch_id, pepper=config.code_pepper, clock=Clock()):
            for serial, code in piece:
                yield VotingLetter(serial, code)
                on_made(1)
    except (BatchDiscarded, WrongPhase) as refusal:
        raise click.ClickException(f"{SENTENCES[type(refusal)]} No code of this list is good.") from refusal


def _write(file: Path, content: bytes) -> Path:
    """A draft of the file: what lies here under its own name has good codes."""
    draft = file.with_name(f"{file.name}.part")
    try:
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as there:
        raise _there_already(draft) from there
    with os.fdopen(number, "wb") as pdf:
        # Looked for with the draft in place, which keeps out another run that would make this name meanwhile.
        if file.exists():
            draft.unlink()
            raise _there_already(file)
        pdf.write(content)
    return draft


def _there_already(file: Path) -> click.ClickException:
    return click.ClickException(f"{file} is there already. No code of this list is good: discard it.")
