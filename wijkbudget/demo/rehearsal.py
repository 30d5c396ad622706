"""A real election held again through our own doors: a code for every voter, a sealed ballot, the urn, the count."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from ..ballots.keys import KeyFolder
from ..clock import Clock
from ..database import Database, Table
from ..jobs.phases import catch_up
from ..people.rules import Role
from ..people.tables import Appointment, Person, Scope
from ..places.actions import import_places
from ..places.queries import neighbourhoods
from ..places.rules import Place
from ..plans.actions import decide_feasibility, decide_placement, submit_plan
from ..plans.rules import LONGEST_DESCRIPTION, LONGEST_SUMMARY, LONGEST_TITLE, Draft
from ..results.actions import SETTLING
from ..results.queries import result_of
from ..results.tables import Result
from ..rounds.actions import make_round
from ..rounds.forms import BallotForm
from ..rounds.rules import LONGEST_TITLE as LONGEST_ROUND_TITLE
from ..rounds.rules import Counting, Electorate, Kind, Phase, Schedule, Terms
from ..rounds.tables import Round
from ..schema import create_tables
from ..tally.in_turn import MostVotes
from ..tally.pabulib import Election
from .casting import cast_votes
from .codes import printed_codes
from .declared import CannotRehearse, declared_form, declared_rule

WEEK = timedelta(weeks=1)
MOMENT = timedelta(seconds=1)
CENTS = 2
REASON = "It stands in the file."
PLACE = Place("WK000000", 0, "Proefwijk", "Proefdistrict", 0)


class NotEmpty(Exception):
    """The database holds something; a rehearsal only uses one that holds nothing."""


@dataclass(frozen=True)
class Rehearsal:
    """How it was held and what our count came to, and the file's own id of each plan of ours.

    `is_declared` tells that it was counted by the rule that the file declares, and not by most votes for want of that.
    """

    form: BallotForm
    is_declared: bool
    result: Result
    file_ids: dict[str, str]


@dataclass
class Stage:
    """Where a rehearsal plays: the database, the keys, the pepper, and a clock that runs ahead."""

    database: Database
    keys: KeyFolder
    pepper: str
    clock: Clock

    @classmethod
    def in_folder(cls, database: Database, folder: Path) -> "Stage":
        """A stage with keys of its own in `folder`. Raises NotEmpty unless nothing is in the database."""
        require_empty(database)
        create_tables(database)
        return cls(database, KeyFolder(folder / "keys"), token_hex(32), Clock())

    def move_to(self, moment: datetime) -> None:
        """Let it be just after `moment`."""
        self.clock.ahead += moment + MOMENT - self.clock.now()

    def catch_up(self) -> None:
        """What the scheduler does."""
        catch_up(self.database, keys=self.keys, clock=self.clock)


def require_empty(database: Database) -> None:
    """Raise NotEmpty if the database has tables that are not ours, or rows in those that are."""
    present = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    if strangers := present - Table.metadata.tables.keys():
        raise NotEmpty(f"the database has other tables: {', '.join(sorted(strangers))}")
    with database.reading() as session:
        for table in Table.metadata.sorted_tables:
            if table.name in present and session.execute(select(table).limit(1)).first():
                raise NotEmpty(f"the database has rows in {table.name}")


def rehearse(stage: Stage, election: Election, *, batch: int, on_cast: Callable[[int], object]) -> Rehearsal:
    """Hold the election; `on_cast` hears how many ballots went in after each transaction of at most `batch` of them.

    Raises CannotRehearse.
    """
    round_id, plan_ids = _prepare(stage, election)
    codes = _open_voting(stage, round_id, len(election.ballots))
    ballots = (tuple((plan_ids[plan_id], points) for plan_id, points in ballot) for ballot in election.ballots)
    votes = list(zip(codes, ballots, strict=True))
    cast_votes(stage.database, votes, batch=batch, pepper=stage.pepper, clock=stage.clock, on_cast=on_cast)
    return Rehearsal(
        form=declared_form(election),
        is_declared=declared_rule(election) is not None,
        result=_counted(stage, round_id),
        file_ids={str(ours): theirs for theirs, ours in plan_ids.items()},
    )


def cents(election: Election, minor: int) -> int:
    """An amount of the file as whole hundredths of its unit. Raises CannotRehearse for smaller parts."""
    if election.decimals > CENTS:
        raise CannotRehearse(f"an amount has {election.decimals} decimals, ours have two")
    return int(minor * 10 ** (CENTS - election.decimals))


def _prepare(stage: Stage, election: Election) -> tuple[int, dict[str, int]]:
    """The round with the file's plans on its menu: its id, and our id of each plan of the file."""
    now = stage.clock.now()
    start = now + MOMENT
    with stage.database.transaction() as session:
        import_places(session, [PLACE])
        official = _person(session, Role.OFFICIAL, now)
        terms = _terms(session, election, start)
        round_id = make_round(session, terms=terms, official=official, now=now).id
    stage.move_to(start)
    with stage.database.transaction() as session:
        round = session.get_one(Round, round_id)
        moderator = _person(session, Role.MODERATOR, start)
        now = stage.clock.now()
        return round_id, {
            plan.id: _menu_plan(session, round, moderator, _draft(election, plan.id, plan.cost), now)
            for plan in election.instance.plans
        }


def _terms(session: Session, election: Election, start: datetime) -> Terms:
    voters = len(election.ballots)
    if not voters or not election.instance.budget:
        raise CannotRehearse("without a ballot or without money there is no round")
    title = election.meta.get("description") or election.meta.get("unit") or "Pabulib"
    starts = [start + weeks * WEEK for weeks in range(5)]
    return Terms(
        kind=Kind.WIJKBUDGET, title=title[:LONGEST_ROUND_TITLE], area_name=PLACE.name,
        neighbourhood_ids=(neighbourhoods(session)[0].id,), budget=cents(election, election.instance.budget),
        like_threshold=0, schedule=Schedule(*starts), ballot_form=declared_form(election),
        # Nobody but the voters: the files do not say how many others there were.
        electorate=Electorate(voters, start.date()), criteria=(REASON,),
        counting=Counting(declared_rule(election) or MostVotes()),
    )  # fmt: skip


def _person(session: Session, role: Role, now: datetime, *, called: str = "") -> Person:
    person = Person(
        email=f"{called or role}@example.org", name=role.title(), password_hash="", postcode="2500AA",
        registered_at=now, confirmed_at=now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    appointment = Appointment(person_id=person.id, role=role.value, appointed_at=now)
    if role is Role.MODERATOR:
        district = neighbourhoods(session)[0].district_id
        appointment.scopes = [Scope(person_id=person.id, role=role.value, district_id=district)]
    person.appointments.append(appointment)
    session.flush()
    return person


def _draft(election: Election, plan_id: str, cost: int) -> Draft:
    if cost > election.instance.budget:
        raise CannotRehearse(f"plan {plan_id} costs more than the budget: no menu of ours can hold it")
    # The id goes first: two plans of one file may have names that begin alike.
    name = f"{plan_id} {election.names[plan_id]}".strip()
    return Draft(
        title=name[:LONGEST_TITLE], summary=name[:LONGEST_SUMMARY], what=name[:LONGEST_DESCRIPTION], why=REASON,
        place=PLACE.name, estimated_cost=cents(election, cost),
    )  # fmt: skip


def _menu_plan(session: Session, round: Round, person: Person, draft: Draft, now: datetime) -> int:
    plan = submit_plan(session, round=round, author=person, draft=draft, photo=None, now=now)
    decide_placement(
        session, plan=plan, moderator=person, is_yes=True, criterion=None, reason=REASON,
        version=plan.version, now=now,
    )  # fmt: skip
    decide_feasibility(
        session, plan=plan, moderator=person, is_yes=True, cost=draft.estimated_cost, reason=REASON,
        version=plan.version, now=now,
    )  # fmt: skip
    return plan.id


def _open_voting(stage: Stage, round_id: int, voters: int) -> list[str]:
    with stage.database.transaction() as session:
        round = session.get_one(Round, round_id)
        opens = round.schedule.start_of(Phase.VOTING)
        officials = round.made_by, _person(session, Role.OFFICIAL, stage.clock.now(), called="colleague").id
    codes = printed_codes(stage.database, round_id, officials, size=voters, pepper=stage.pepper, clock=stage.clock)
    stage.move_to(opens)
    stage.catch_up()
    return codes


def _counted(stage: Stage, round_id: int) -> Result:
    with stage.database.reading() as session:
        closes = session.get_one(Round, round_id).schedule.start_of(Phase.COUNTING)
    stage.move_to(closes + SETTLING)
    stage.catch_up()
    with stage.database.reading() as session:
        result = result_of(session, round_id)
    if result is None:
        raise CannotRehearse("the round was not counted; the log above says why")
    return result
