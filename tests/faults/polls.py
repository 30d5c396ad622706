"""A round in which is voted now, by the real clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from tests.builders import Builder
from tests.moments import DAY, SECOND
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.tables import Envelope
from wijkbudget.clock import Clock
from wijkbudget.database import Database, lock_and_read_clock
from wijkbudget.jobs.phases import catch_up
from wijkbudget.results.actions import SETTLING
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Schedule
from wijkbudget.rounds.tables import Round

PLANS = ("Speeltuin", "Bankje", "Boom", "Fietsenrek", "Moestuin")


@dataclass(frozen=True)
class Poll:
    """A round in which can be voted until `closing`: five plans of which any may be chosen, and its codes."""

    database: Database
    keys: Path
    round_id: int
    closing: datetime
    plans: list[int]
    codes: list[str]
    entitlements: list[int]

    @property
    def letters(self) -> list[tuple[str, int]]:
        """Each code with its right to vote."""
        return list(zip(self.codes, self.entitlements, strict=True))

    def envelopes(self) -> dict[int, bytes]:
        """What lies in the urn, by right to vote."""
        with self.database.reading() as session:
            wanted = select(Envelope.entitlement_id, Envelope.sealed).where(Envelope.round_id == self.round_id)
            return dict(session.execute(wanted).tuples().all())

    def database_clock(self) -> Clock:
        """A clock that tells what the database's own clock tells."""
        with self.database.transaction() as session:
            before = Clock().now()
            moment = lock_and_read_clock(session, select(Round.id).where(Round.id == self.round_id))
            after = Clock().now()
        return Clock(min(moment - before, timedelta()) + max(moment - after, timedelta()))

    def close(self, ago: timedelta = SETTLING) -> None:
        """Let voting have closed so long ago; as no official can, since the past is fixed."""
        closed = Clock().now() - ago
        with self.database.transaction() as session:
            session.execute(update(Round).where(Round.id == self.round_id).values(counting_from=closed))

    def work_as_scheduler(self, ahead: timedelta = timedelta(0)) -> None:
        """Do what is due, when it is so much later than now."""
        catch_up(self.database, keys=KeyFolder(self.keys), clock=Clock(ahead))

    def count(self) -> None:
        """Do what the scheduler does once voting is over and has settled."""
        self.work_as_scheduler(self.closing + SETTLING + SECOND - Clock().now())


def opened_poll(database: Database, keys: Path, *, voters: int = 2, length: timedelta = DAY) -> Poll:
    """A round whose urn is ready, so that a site on `database` takes votes; it closes when `length` has passed."""
    [poll] = opened_polls(database, keys, voters=voters, rounds=1, length=length)
    return poll


def opened_polls(database: Database, keys: Path, *, voters: int, rounds: int, length: timedelta = DAY) -> list[Poll]:
    """So many of these rounds at once."""
    now = Clock().now()
    # SQLite's clock tells milliseconds: a closing at a whole second is the same moment for everybody
    closing = (now + length).replace(microsecond=0) + SECOND
    schedule = Schedule(now - 60 * DAY, now - 30 * DAY, now - DAY, closing, closing + 9 * DAY)
    polls = list(_polls(database, keys, voters, rounds, schedule))
    polls[0].work_as_scheduler()
    return polls


def _polls(database: Database, keys: Path, voters: int, rounds: int, schedule: Schedule) -> Iterator[Poll]:
    form = BallotForm(Form.APPROVAL, len(PLANS))
    for _ in range(rounds):
        with database.transaction() as session:
            number = session.scalar(select(func.count()).select_from(Round)) or 0
            build = Builder(session, first=1 + 1000 * number)
            round_ = build.round(title=f"Ronde {number}", schedule=schedule, ballot_form=form, eligible=voters)
            plans = [build.menu_plan(round_, title=plan).id for plan in PLANS]
            codes = build.codes(round_, voters)
            entitlements = [build.entitlement(code) for code in codes]
            yield Poll(database, keys, round_.id, schedule.counting, plans, codes, entitlements)
