"""The life of one round of the demonstration city, from its announcement until today, through the usual doors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.actions import require_urn
from ..ballots.batches import ask_for_codes
from ..ballots.forms import Points
from ..ballots.keys import KeyFolder
from ..ballots.rules import FrozenRules
from ..clock import Clock
from ..database import Database
from ..jobs.phases import catch_up
from ..jobs.reminders import REMINDERS
from ..jobs.timetable import TIMETABLE
from ..people.queries import person_by_email
from ..people.tables import Person
from ..places.queries import neighbourhoods
from ..places.tables import Postcode
from ..plans.actions import withdraw_plan
from ..plans.tables import Plan
from ..results.actions import SETTLING, publish_result
from ..rounds.actions import make_round
from ..rounds.rules import Electorate, Phase, Terms
from ..rounds.tables import Round
from ..rounds.voting import Franchise
from .casting import cast_votes, vote_with_account
from .codes import printed_codes
from .people import MARIJKE, MO, OLGA, OTTO, SAMIRA, resident_emails
from .photos import Darkroom
from .plans import Cast, Stretch, plans_by_title, submit_plans
from .script import CRITERIA, RoundScript
from .votes import crowd

ANNOUNCED_BEFORE = timedelta(days=30)
CODES_BEFORE = timedelta(days=3)
PUBLISHED_AFTER = timedelta(hours=2)
SECOND = timedelta(seconds=1)
BATCH = 200  # votes in one transaction: one commit for each would take the disk a minute


@dataclass
class Town:
    """What all rounds need: the database, the keys, the pepper, the developed photos, and the moment."""

    database: Database
    keys: KeyFolder
    pepper: str
    now: datetime
    darkroom: Darkroom = field(default_factory=Darkroom)

    def clock_at(self, moment: datetime) -> Clock:
        """A clock that shows a moment of the past."""
        return Clock(ahead=moment - Clock().now())


def live_through(town: Town, script: RoundScript) -> list[str]:
    """Do all that has happened in the round until now; gives the spare codes, which can still vote."""
    phase = script.schedule.phase_at(town.now)
    with town.database.transaction() as session:
        round = _announced(session, script)
        if phase is not Phase.ANNOUNCED:
            cast = _cast(session, round)
            submit_plans(session, round, script.plans, cast, town.darkroom, town.now)
        if script.codes_waiting:
            otto = _person(session, OTTO.email)
            ask_for_codes(session, round=round, size=script.codes_waiting, official=otto, now=town.now)
    spare: list[str] = []
    if phase in (Phase.VOTING, Phase.COUNTING, Phase.RESULT):
        spare = _vote(town, round.id, script)
    if phase in (Phase.COUNTING, Phase.RESULT):
        _work(town, script.schedule.counting + SETTLING + SECOND)
    if phase is Phase.RESULT:
        _publish(town, round.id)
    return spare


def _announced(session: Session, script: RoundScript) -> Round:
    start = script.schedule.submitting
    terms = Terms(
        kind=script.kind, title=script.title, area_name=script.area,
        neighbourhood_ids=tuple(wijk.id for wijk in neighbourhoods(session) if wijk.number in script.wijken),
        budget=script.budget, like_threshold=script.threshold, schedule=script.schedule, ballot_form=script.form,
        electorate=Electorate(script.eligible, _reference_date(start)), criteria=CRITERIA, counting=script.counting,
        voting=script.voting,
    )  # fmt: skip
    return make_round(session, terms=terms, official=_person(session, OLGA.email), now=start - ANNOUNCED_BEFORE)


def _reference_date(start: datetime) -> date:
    return (start - ANNOUNCED_BEFORE).date().replace(day=1)


def _person(session: Session, email: str) -> Person:
    person = person_by_email(session, email)
    if person is None:
        raise LookupError(f"nobody in the demonstration city has the address {email}")
    return person


def _cast(session: Session, round: Round) -> Cast:
    moderators = [_person(session, part.email) for part in (MO, MARIJKE)]
    return Cast(
        moderator=next(person for person in moderators if person.district_ids & round.district_ids),
        samira=_person(session, SAMIRA.email),
        residents=session.scalars(select(Person).where(Person.email.in_(resident_emails())).order_by(Person.id)).all(),
    )


def _vote(town: Town, round_id: int, script: RoundScript) -> list[str]:
    """The codes for the whole electorate, the freezing of the rules, and the votes."""
    written = _codes(town, round_id, script) if script.voting.franchise is Franchise.LETTER else []
    _work(town, script.schedule.voting + SECOND)
    with town.database.transaction() as session:
        round = session.get_one(Round, round_id)
        moment = Stretch.of(round, Phase.VOTING, town.now).at(0.5)
        ballots = _ballots(session, round_id, script)
        if not written:
            _vote_with_accounts(session, round, ballots, town.clock_at(moment))
    votes = list(zip(written, ballots, strict=False))
    cast_votes(town.database, votes, batch=BATCH, pepper=town.pepper, clock=town.clock_at(moment))
    with town.database.transaction() as session:
        _withdraw(session, session.get_one(Round, round_id), script, moment)
    return written[len(votes) : len(votes) + script.spare_codes]


def _codes(town: Town, round_id: int, script: RoundScript) -> list[str]:
    with town.database.reading() as session:
        officials = _person(session, OLGA.email).id, _person(session, OTTO.email).id
    clock = town.clock_at(script.schedule.voting - CODES_BEFORE)
    return printed_codes(
        town.database, round_id, officials, size=script.eligible, pepper=town.pepper, clock=clock
    )  # fmt: skip


def _vote_with_accounts(session: Session, round: Round, ballots: list[Points], clock: Clock) -> None:
    for person, points in zip(_living_in(session, round), ballots, strict=False):
        vote_with_account(session, round=round, person=person, points=points, clock=clock)


def _living_in(session: Session, round: Round) -> Sequence[Person]:
    """The residents in the area, without Samira: whoever tries the city votes as her."""
    area = select(Postcode.code).where(Postcode.neighbourhood_id.in_([wijk.id for wijk in round.neighbourhoods]))
    living = select(Person).where(Person.email.in_(resident_emails()), Person.postcode.in_(area))
    return session.scalars(living.order_by(Person.id)).all()


def _ballots(session: Session, round_id: int, script: RoundScript) -> list[Points]:
    rules = FrozenRules.parse(require_urn(session, round_id).rules)
    liked = {plan.id: plan.like_count for plan in session.query(Plan).filter_by(round_id=round_id)}
    popularity = {item.plan_id: liked[item.plan_id] for item in rules.menu}
    return list(crowd(rules, popularity, voters=script.voted, seed=script.area))


def _withdraw(session: Session, round: Round, script: RoundScript, moment: datetime) -> None:
    plans = plans_by_title(session, round)
    for plan in (plans[plan.draft.title] for plan in script.plans if plan.withdrawn is Phase.VOTING):
        withdraw_plan(session, plan=plan, author=plan.author, now=moment)


def _publish(town: Town, round_id: int) -> None:
    with town.database.transaction() as session:
        round = session.get_one(Round, round_id)
        moment = min(round.schedule.result + PUBLISHED_AFTER, town.now)
        publish_result(session, round=round, official=_person(session, OLGA.email), now=moment)
    _work(town, moment)


def _work(town: Town, moment: datetime) -> None:
    """What the scheduler did at that moment."""
    for timetable in (TIMETABLE, REMINDERS):
        catch_up(town.database, keys=town.keys, clock=town.clock_at(moment), timetable=timetable)
