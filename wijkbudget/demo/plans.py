"""The plans of a round: submitted, decided about, liked and withdrawn, each at a moment of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from ..people.tables import Person
from ..plans.actions import decide_feasibility, decide_placement, submit_plan, withdraw_plan
from ..plans.likes import like_plan
from ..plans.tables import Plan
from ..rounds.rules import Phase
from ..rounds.tables import Round
from .photos import Darkroom
from .script import PlanScript, State

PLACED = "Het plan past bij de criteria van deze ronde. Het staat nu op de site."
FEASIBLE = "Het kan, het mag en het past in het budget. Wij hebben de kosten nagerekend."
SUBMITTED, DECIDED, LIKED, WITHDRAWN = 0.8, 0.05, 0.9, 0.96  # parts of the submission phase, as far as it has passed


@dataclass(frozen=True)
class Cast:
    """Who does what: the moderator of the district, Samira, and the other residents."""

    moderator: Person
    samira: Person
    residents: Sequence[Person]


@dataclass(frozen=True)
class Stretch:
    """The part of a phase that has passed."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, round: Round, phase: Phase, now: datetime) -> "Stretch":
        """From the start of `phase`, which has begun, until its end or now."""
        return cls(round.schedule.start_of(phase), min(round.schedule.end_of(phase) or now, now))

    def at(self, part: float) -> datetime:
        """The moment at which this part of it, between 0 and 1, has passed."""
        return self.start + (self.end - self.start) * part


def submit_plans(
    session: Session, round: Round, scripts: Sequence[PlanScript], cast: Cast, darkroom: Darkroom, now: datetime
) -> None:
    """All that happened to the plans of the round before voting."""
    submitting = Stretch.of(round, Phase.SUBMITTING, now)
    for number, script in enumerate(scripts):
        submitted = SUBMITTED * (number + 1) / (len(scripts) + 1)
        plan = _submitted(session, round, script, cast, number, submitting.at(submitted))
        plan.photo = darkroom.photo(script.picture) if script.picture else None
        session.flush()
        _place(session, plan, script, cast.moderator, submitting.at(submitted + DECIDED))
        likes = Stretch(submitting.at(submitted + DECIDED), submitting.at(LIKED))
        _like(session, plan, _likers(script, cast, plan.author), likes)
        if script.withdrawn is Phase.SUBMITTING:
            withdraw_plan(session, plan=plan, author=plan.author, now=submitting.at(WITHDRAWN))
    if round.schedule.reviewing < now:
        judge_plans(session, round, scripts, cast.moderator, Stretch.of(round, Phase.REVIEWING, now))


def judge_plans(
    session: Session, round: Round, scripts: Sequence[PlanScript], moderator: Person, reviewing: Stretch
) -> None:
    """The decisions about feasibility."""
    plans = plans_by_title(session, round)
    for number, script in enumerate(scripts):
        plan, moment = plans[script.draft.title], reviewing.at((number + 1) / (len(scripts) + 2))
        if script.state in (State.FEASIBLE, State.NOT_FEASIBLE):
            is_yes = script.state is State.FEASIBLE
            decide_feasibility(
                session, plan=plan, moderator=moderator, is_yes=is_yes,
                cost=script.draft.estimated_cost if is_yes else None, reason=script.reason or FEASIBLE,
                version=plan.version, now=moment,
            )  # fmt: skip
        if script.withdrawn is Phase.REVIEWING:
            withdraw_plan(session, plan=plan, author=plan.author, now=moment)


def plans_by_title(session: Session, round: Round) -> dict[str, Plan]:
    """The plans of the round; in the demonstration city no two have the same title."""
    return {plan.title: plan for plan in session.query(Plan).filter_by(round_id=round.id)}


def _submitted(session: Session, round: Round, script: PlanScript, cast: Cast, number: int, moment: datetime) -> Plan:
    author = cast.samira if script.is_samiras else cast.residents[(round.id * 7 + number) % len(cast.residents)]
    return submit_plan(session, round=round, author=author, draft=script.draft, photo=None, now=moment)


def _place(session: Session, plan: Plan, script: PlanScript, moderator: Person, moment: datetime) -> None:
    if script.state is State.NEW:
        return
    is_yes = script.state is not State.REFUSED
    reason = PLACED if is_yes else script.reason
    decide_placement(
        session, plan=plan, moderator=moderator, is_yes=is_yes, criterion=script.criterion, reason=reason,
        version=plan.version, now=moment,
    )  # fmt: skip


def _likers(script: PlanScript, cast: Cast, author: Person) -> list[Person]:
    able = [person for person in (cast.samira, *cast.residents) if person.id != author.id]
    return Random(script.draft.title).sample(able, script.likes)


def _like(session: Session, plan: Plan, people: Sequence[Person], stretch: Stretch) -> None:
    for number, person in enumerate(people):
        like_plan(session, plan=plan, person=person, now=stretch.at((number + 1) / (len(people) + 1)))
