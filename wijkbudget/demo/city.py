"""The demonstration city: places, people, rounds in every phase, plans and votes; built once, then left alone."""

from collections.abc import Callable
from datetime import timedelta
from itertools import zip_longest

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Config

from ..ballots.keys import KeyFolder
from ..clock import Clock
from ..database import Database, Table
from ..mail.tables import Letter
from ..people.tables import Person
from ..places.actions import import_places, import_postcodes
from ..places.files import the_hague
from ..places.tables import Postcode
from .codes import keep_codes, usable_codes
from .people import ADA, IRIS, MO, OLGA, OTTO, PASSWORD, SAMIRA, Part, everybody, settle_administrator, settle_people
from .postcodes import postcode_lines
from .rounds import ANNOUNCED_BEFORE, Town, live_through
from .script import read_rounds

CODES_FILE = "stemcodes.txt"
RECENT = timedelta(days=3)
BEFORE = timedelta(days=30)


def _say(text: str) -> None:
    print(text, flush=True)  # at once, also into a pipe: building takes a while


def fill_city(database: Database, config: Config, *, tell: Callable[[str], object] = _say) -> list[str]:
    """Build the city if nobody lives in the database yet; gives voting codes that can vote now, at most three."""
    now = Clock().now()
    file = config.key_folder.parent / CODES_FILE
    with database.reading() as session:
        emails = set(session.scalars(select(Person.email)))
    if _is_cut_short(emails):
        _clear(database)
        emails = set()
    town = Town(database, KeyFolder(config.key_folder), config.code_pepper, now)
    if not emails:
        tell("Building the demonstration city. This happens once and takes less than half a minute.")
        keep_codes(file, _build(town))
        _complete(town)
    with database.reading() as session:
        return usable_codes(session, file, pepper=config.code_pepper, now=now)


def welcome(config: Config, codes: list[str]) -> str:
    """What the command `run` prints: where to go, who to be, and how to vote."""
    people = "\n".join(f"  {part.email:<22}{_role(part)}" for part in (SAMIRA, MO, OLGA, OTTO, IRIS, ADA))
    voting = "\n".join(f"  {code}" for code in codes) or "  none left; remove the folder instance for a new city"
    return f"""
Wijkbudget runs on {config.public_url}/

Sign in with the password {PASSWORD} as
{people}
Vote on {config.public_url}/stemmen with one of these codes:
{voting}
Or sign in as Samira and vote in Leidschenveen, where an account is enough.
Codes need two officials: in Mariahoeve Otto asked for a list, Olga can release it, either of them downloads it.
The key of its urn needs three: Olga, Otto and Iris, each in a browser of their own.
The round of Scheveningse Parkwijken is published: look for a receipt there, or count it yourself.
Letters arrive on {config.public_url}/ontwikkel/post
Ctrl+C stops it; the next start finds everything as it was.
"""


def _role(part: Part) -> str:
    return f"{part.role.value} of {' and '.join(part.districts)}" if part.districts else part.role.value


def _is_cut_short(emails: set[str]) -> bool:
    """Whether building was interrupted: nobody but our own people is there, and the last of them is not."""
    return bool(emails) and emails <= everybody() and ADA.email not in emails


def _clear(database: Database) -> None:
    # The tables and not their rows: those of the journal cannot be deleted.
    with database.engine.begin() as connection:
        Table.metadata.drop_all(connection)
        Table.metadata.create_all(connection)


def _build(town: Town) -> list[str]:
    scripts = read_rounds(town.now)
    settled = min(script.schedule.submitting for script in scripts) - ANNOUNCED_BEFORE - BEFORE
    with town.database.transaction() as session:
        import_places(session, the_hague())
        if session.scalar(select(Postcode).limit(1)) is None:
            import_postcodes(session, enumerate(postcode_lines(), start=1))
        settle_people(session, tuple(postcode for postcode, _ in postcode_lines()), settled)
    spare = [live_through(town, script) for script in scripts]
    return [code for turn in zip_longest(*spare) for code in turn if code]  # of each round that votes one in turn


def _complete(town: Town) -> None:
    with town.database.transaction() as session:
        _put_away_old_letters(session, town)
        settle_administrator(session, postcode_lines()[0][0], town.now)


def _put_away_old_letters(session: Session, town: Town) -> None:
    # They count as sent when they were posted, as the postman would have done: hundreds of letters about last year
    # would bury the few of these days, which he delivers as soon as the scheduler runs.
    old = update(Letter).where(Letter.sent_at.is_(None), Letter.posted_at < town.now - RECENT)
    session.execute(old.values(sent_at=Letter.posted_at, details={}))
