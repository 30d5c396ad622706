"""How a plan stands: decided once, and put in words for its author, for everybody else, and as a line of events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from flask_babel import gettext as _

from ..plans.rules import DECIDING
from ..plans.tables import Plan, Question
from ..rounds.rules import Phase
from .wording import number, until, written_date


class State(Enum):
    """Everything that can be the matter with a plan."""

    WITHDRAWN = auto()
    WAITING = auto()
    NEVER_PLACED = auto()
    REFUSED = auto()
    INFEASIBLE = auto()
    TOO_FEW_LIKES = auto()
    ON_SITE = auto()
    NEVER_JUDGED = auto()
    FEASIBLE = auto()
    IN_VOTE = auto()
    VOTED = auto()
    WON = auto()
    LOST = auto()


IN_OR_AFTER_VOTE = (State.IN_VOTE, State.VOTED, State.WON, State.LOST)
BEFORE_RESULT = (State.ON_SITE, State.FEASIBLE, State.IN_VOTE, State.VOTED)


@dataclass(frozen=True)
class Ending:
    """What the vote made of a plan, once everybody may know."""

    won: bool
    published_at: datetime


@dataclass(frozen=True)
class Standing:
    """A state in words; `kind` is that of a badge, `reason` what the moderator wrote."""

    words: str
    kind: str
    reason: str = ""


class Event(NamedTuple):
    """A point on the line of events: a title with a note, `state` is done, now or later."""

    title: str
    note: str
    state: str


def state_of(plan: Plan, now: datetime, ending: Ending | None = None) -> State:
    """What is the matter with the plan at this moment."""
    phase, placement = plan.round.schedule.phase_at(now), plan.decision(Question.PLACEMENT)
    if plan.withdrawn_at:
        return State.WITHDRAWN
    if ending:
        return State.WON if ending.won else State.LOST
    if placement is None:
        return State.WAITING if _is_decided_about(plan, phase) else State.NEVER_PLACED
    return _placed(plan, phase) if placement.is_yes else State.REFUSED


def _placed(plan: Plan, phase: Phase) -> State:
    judged = plan.decision(Question.FEASIBILITY)
    if judged and not judged.is_yes:
        return State.INFEASIBLE
    if phase is not Phase.SUBMITTING and not plan.has_enough_likes:
        return State.TOO_FEW_LIKES
    if judged is None:
        return State.ON_SITE if _is_decided_about(plan, phase) else State.NEVER_JUDGED
    if phase in DECIDING:
        return State.FEASIBLE
    return State.IN_VOTE if phase is Phase.VOTING else State.VOTED


def _is_decided_about(plan: Plan, phase: Phase) -> bool:
    return phase in DECIDING and plan.round.frozen_at is None


def authors_standing(plan: Plan, now: datetime, ending: Ending | None) -> Standing:
    """How the plan stands, for its author, with the reason of a no."""
    state = state_of(plan, now, ending)
    asked = {State.REFUSED: Question.PLACEMENT, State.INFEASIBLE: Question.FEASIBILITY}.get(state)
    refused = plan.decision(asked) if asked else None
    return Standing(*_words_for_author(plan)[state], reason=refused.reason if refused else "")


def public_standing(plan: Plan, now: datetime, ending: Ending | None) -> Standing:
    """How the plan stands, for everybody who reads its page."""
    words = _words_for_author(plan) | _words_for_readers(plan.round.schedule.phase_at(now))
    return Standing(*words[state_of(plan, now, ending)])


def line_of_events(plan: Plan, now: datetime, ending: Ending | None) -> tuple[Event, ...]:
    """What happened to the plan, the oldest first, and what comes next."""
    state = state_of(plan, now, ending)
    return (*_decisions(plan, state), *_vote(plan, state, ending))


def _words_for_author(plan: Plan) -> dict[State, tuple[str, str]]:
    likes = {"likes": number(plan.like_count), "needed": number(plan.round.like_threshold)}
    return {
        State.WITHDRAWN: (_("Ingetrokken"), "plain"),
        State.WAITING: (_("Wacht op plaatsing"), "wait"),
        State.NEVER_PLACED: (_("Niet op tijd beoordeeld"), "no"),
        State.REFUSED: (_("Niet geplaatst"), "no"),
        State.INFEASIBLE: (_("Kan niet worden uitgevoerd"), "no"),
        State.TOO_FEW_LIKES: (_("Te weinig likes: %(likes)s van de %(needed)s", **likes), "no"),
        State.ON_SITE: (_("Staat op de site: %(likes)s van de %(needed)s likes", **likes), "now"),
        State.NEVER_JUDGED: (_("Niet op tijd beoordeeld"), "no"),
        State.FEASIBLE: (_("Kan worden uitgevoerd"), "ok"),
        State.IN_VOTE: (_("Staat op de stemlijst"), "now"),
        State.VOTED: (_("Stond op de stemlijst"), "plain"),
        State.WON: (_("Gekozen"), "ok"),
        State.LOST: (_("Niet gekozen"), "plain"),
    }


def _words_for_readers(phase: Phase) -> dict[State, tuple[str, str]]:
    """Where readers get other words than the author."""
    can_like = (_("U kunt dit plan liken"), "now")
    before_vote = can_like if phase is Phase.SUBMITTING else (_("De gemeente bekijkt dit plan"), "wait")
    return {
        State.WITHDRAWN: (_("Ingetrokken"), "no"),
        State.WAITING: (_("Wacht op de gemeente"), "wait"),
        State.ON_SITE: before_vote,
        State.FEASIBLE: before_vote,
        State.TOO_FEW_LIKES: (_("Staat niet op de stemlijst"), "plain"),
        State.NEVER_JUDGED: (_("Staat niet op de stemlijst"), "plain"),
        State.IN_VOTE: (_("U kunt hierop stemmen"), "ok"),
        State.VOTED: (_("De uitslag komt nog"), "wait"),
    }


def _decisions(plan: Plan, state: State) -> Iterator[Event]:
    placement, judged = plan.decision(Question.PLACEMENT), plan.decision(Question.FEASIBILITY)
    yield Event(_("Ingediend"), written_date(plan.submitted_at), "done")
    if state is State.WAITING:
        yield Event(_("De gemeente bekijkt of het plan geplaatst kan worden"), "", "now")
    if placement:
        title = _("Op de site geplaatst") if placement.is_yes else _("Niet geplaatst")
        yield Event(title, written_date(placement.decided_at), "done")
    if judged:
        title = _("De gemeente zegt: het kan") if judged.is_yes else _("De gemeente zegt: het kan niet")
        yield Event(title, written_date(judged.decided_at), "done")
    if plan.withdrawn_at:
        yield Event(_("Ingetrokken"), written_date(plan.withdrawn_at), "done")


def _vote(plan: Plan, state: State, ending: Ending | None) -> Iterator[Event]:
    schedule = plan.round.schedule
    if state in IN_OR_AFTER_VOTE:
        yield Event(_("In stemming"), until(schedule.counting), "now" if state is State.IN_VOTE else "done")
    if ending and state in (State.WON, State.LOST):
        title = _("Gekozen") if ending.won else _("Niet gekozen")
        yield Event(title, written_date(ending.published_at), "done")
    if state in BEFORE_RESULT:
        yield Event(_("Uitslag"), written_date(schedule.result), "now" if state is State.VOTED else "later")
