"""A scheduler that watches, and what can be done to a round behind its back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from config import Config
from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.moments import VOTING
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.rules import chosen
from wijkbudget.ballots.tables import Entitlement, Envelope, OpenedBallot, Opening
from wijkbudget.database import Database
from wijkbudget.demo.casting import cast_votes
from wijkbudget.jobs.phases import catch_up
from wijkbudget.jobs.reminders import REMINDERS
from wijkbudget.jobs.timetable import TIMETABLE
from wijkbudget.jobs.watching import keep_watch
from wijkbudget.mail.tables import Letter
from wijkbudget.results.tables import Result
from wijkbudget.rounds.tables import Round
from wijkbudget.watch.tables import Check

ALARMS = ("alarm", "alarm-over")


@dataclass
class Watchman:
    """A scheduler with its database, keys and clock."""

    database: Database
    config: Config
    clock: MovableClock

    @property
    def keys(self) -> KeyFolder:
        return KeyFolder(self.config.key_folder)

    def key_file(self, round_id: int) -> str:
        """The name of the file in the key folder."""
        return f"round-{round_id}.key"

    def voted_round(self, build: Builder, *, votes: int = 3, rights: int = 5) -> Round:
        """A round in which people vote now: so many of them did, with codes from a letter."""
        round_ = build.round()
        plan = build.menu_plan(round_)
        codes = build.codes(round_, rights)
        build.commit()
        self.work(VOTING)
        cast = [(code, chosen([plan.id])) for code in codes[:votes]]
        cast_votes(self.database, cast, batch=1, pepper=PEPPER, clock=self.clock)
        return round_

    def work(self, moment: datetime) -> None:
        """Do what the phases ask for at that moment."""
        self.clock.move_to(moment)
        for timetable in (TIMETABLE, REMINDERS):
            catch_up(self.database, keys=self.keys, clock=self.clock, timetable=timetable)

    def look(self, moment: datetime) -> None:
        """Check what is due at that moment."""
        self.clock.move_to(moment)
        keep_watch(self.database, keys=self.keys, pepper=self.config.code_pepper, clock=self.clock)

    def check(self, name: str) -> Check | None:
        with self.database.reading() as session:
            return session.get(Check, name)

    def problem(self, name: str) -> str | None:
        """What is wrong by the check of that name."""
        check = self.check(name)
        assert check is not None
        return check.problem

    def problems(self) -> dict[str, str]:
        with self.database.reading() as session:
            return {check.name: check.problem for check in session.scalars(select(Check)) if check.problem}

    def alarms(self) -> list[tuple[str, str]]:
        """The kinds of the letters about alarms, and which check they name, in the order in which they were posted."""
        with self.database.reading() as session:
            letters = session.scalars(select(Letter).where(Letter.kind.in_(ALARMS)).order_by(Letter.id)).all()
        return [(letter.kind, letter.details["check"]) for letter in letters]

    def letters(self) -> list[Letter]:
        with self.database.reading() as session:
            return list(session.scalars(select(Letter).where(Letter.kind.in_(ALARMS)).order_by(Letter.id)))

    def behind_its_back(self, deed: Callable[[Session, int], object], round_: Round) -> None:
        with self.database.transaction() as session:
            deed(session, round_.id)


def lose_an_envelope(session: Session, round_id: int) -> None:
    one = select(Envelope.entitlement_id).where(Envelope.round_id == round_id).limit(1).scalar_subquery()
    session.execute(delete(Envelope).where(Envelope.entitlement_id == one))


def use_a_right_without_a_vote(session: Session, round_id: int) -> None:
    unused = select(Entitlement.id).where(Entitlement.round_id == round_id, ~Entitlement.is_used).limit(1)
    session.execute(update(Entitlement).where(Entitlement.id == unused.scalar_subquery()).values(is_used=True))


def forget_that_a_right_was_used(session: Session, round_id: int) -> None:
    used = select(Entitlement.id).where(Entitlement.round_id == round_id, Entitlement.is_used).limit(1)
    session.execute(update(Entitlement).where(Entitlement.id == used.scalar_subquery()).values(is_used=False))


def give_an_envelope_to_another_right(session: Session, round_id: int) -> None:
    unused = select(Entitlement.id).where(Entitlement.round_id == round_id, ~Entitlement.is_used).limit(1)
    one = select(Envelope.entitlement_id).where(Envelope.round_id == round_id).limit(1)
    move = update(Envelope).where(Envelope.entitlement_id == one.scalar_subquery())
    session.execute(move.values(entitlement_id=unused.scalar_subquery()))


def lose_a_ballot(session: Session, round_id: int) -> None:
    one = select(OpenedBallot.tracker).where(OpenedBallot.round_id == round_id).limit(1).scalar_subquery()
    session.execute(delete(OpenedBallot).where(OpenedBallot.round_id == round_id, OpenedBallot.tracker == one))


def invent_a_ballot(session: Session, round_id: int) -> None:
    session.execute(insert(OpenedBallot).values(round_id=round_id, tracker="0" * 16, points=[]))


def invent_a_rejection(session: Session, round_id: int) -> None:
    session.execute(update(Opening).where(Opening.round_id == round_id).values(rejected={"copy": 1}))


def write_another_number_of_envelopes(session: Session, round_id: int) -> None:
    session.execute(update(Opening).where(Opening.round_id == round_id).values(envelopes=Opening.envelopes + 1))


def write_another_number_of_voters(session: Session, round_id: int) -> None:
    session.execute(update(Result).where(Result.round_id == round_id).values(voted=Result.voted - 1))


def spoil_an_envelope(session: Session, round_id: int) -> None:
    """What the opening stores where an envelope was spoilt before it: every number fits."""
    lose_a_ballot(session, round_id)
    session.execute(update(Opening).where(Opening.round_id == round_id).values(rejected={"unreadable": 1}))


def lose_the_opening(session: Session, round_id: int) -> None:
    session.execute(delete(Opening).where(Opening.round_id == round_id))


WHILE_VOTING = [
    lose_an_envelope,
    use_a_right_without_a_vote,
    forget_that_a_right_was_used,
    give_an_envelope_to_another_right,
    invent_a_ballot,
]
AFTER_OPENING = [
    *WHILE_VOTING,
    lose_a_ballot,
    invent_a_rejection,
    write_another_number_of_envelopes,
    write_another_number_of_voters,
    spoil_an_envelope,
    lose_the_opening,
]
