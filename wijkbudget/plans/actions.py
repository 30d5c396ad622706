"""Submitting, editing and withdrawing plans, and the city's decisions about them."""

from datetime import datetime
from secrets import randbelow

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ..database import insert_or_refuse, lock_row
from ..journal import record_deed
from ..mail.addresses import plan_page
from ..mail.outbox import post_letter
from ..people.rules import require_district
from ..people.tables import Person
from ..rounds.rules import Phase, require_phase, require_unfrozen
from ..rounds.tables import Round
from .queries import SHUFFLE_PRIME
from .rules import (
    DECIDING,
    AlreadyDecided,
    AlreadySubmitted,
    Draft,
    NotPlaced,
    NotYourPlan,
    PlanChanged,
    PlanDecided,
    PlanWithdrawn,
    checked_cost,
    named_criterion,
    require_affordable,
    require_reason,
)
from .tables import Decision, Photo, Plan, Question

WITHDRAWING = (Phase.SUBMITTING, Phase.REVIEWING, Phase.VOTING)


def submit_plan(
    session: Session, *, round: Round, author: Person, draft: Draft, photo: Photo | None, now: datetime
) -> Plan:
    """A new plan, with a letter that it came in.

    Raises WrongPhase, CostOverBudget, PhotoNeedsText, TextTooLong, NotAPhoto, PhotoTooLarge, AlreadySubmitted.
    """
    require_phase(round.schedule, Phase.SUBMITTING, now)
    require_affordable(draft.estimated_cost, budget=round.budget)
    plan = Plan(round=round, author=author, submitted_at=now, shuffle_key=1 + randbelow(SHUFFLE_PRIME - 1))
    _write(draft, plan)
    plan.photo = photo
    insert_or_refuse(session, plan, AlreadySubmitted())
    _post(session, plan, "plan-received", now)
    return plan


def edit_plan(
    session: Session, *, plan: Plan, author: Person, draft: Draft, photo: Photo | None, version: int, now: datetime
) -> None:
    """Write the plan anew, with another photo if there is one; `version` is that of the page which was filled in.

    Raises what require_editable raises, PlanChanged, and what submit_plan raises about its content.
    """
    lock_row(session, plan)
    require_editable(plan, author=author, now=now)
    _require_version(plan, version)
    require_affordable(draft.estimated_cost, budget=plan.round.budget)
    if photo:
        _replace_photo(session, plan, photo)
    _rewrite(session, plan, draft)


def withdraw_plan(session: Session, *, plan: Plan, author: Person, now: datetime) -> None:
    """Take the plan back, for good. Raises what require_withdrawable raises."""
    lock_row(session, plan)
    require_withdrawable(plan, author=author, now=now)
    plan.withdrawn_at = now
    record_deed(session, "withdraw plan", now=now, person_id=author.id, round_id=plan.round_id, plan=plan.id)


def decide_placement(
    session: Session,
    *,
    plan: Plan,
    moderator: Person,
    is_yes: bool,
    criterion: str | None,
    reason: str,
    version: int,
    now: datetime,
) -> None:
    """Place the plan on the site or not, once, and write to its author; a no names a `criterion` of the round.

    Raises NotYourDistrict, WrongPhase, RulesFrozen, PlanWithdrawn, AlreadyDecided, PlanChanged, TextMissing,
    TextTooLong, NamesNoCriterion.
    """
    _require_decidable(session, plan, Question.PLACEMENT, moderator, version, now)
    require_reason(reason)
    criterion = named_criterion(criterion, placed=is_yes, criteria=plan.round.criteria)
    _record(session, plan, Question.PLACEMENT, moderator, now, is_yes=is_yes, criterion=criterion, reason=reason)
    details = {"reason": reason} | ({"criterion": criterion} if criterion else {})
    _post(session, plan, "plan-placed" if is_yes else "plan-not-placed", now, **details)
    _record_decision(session, plan, "decide placement", moderator, now, is_yes=is_yes)


def decide_feasibility(
    session: Session,
    *,
    plan: Plan,
    moderator: Person,
    is_yes: bool,
    cost: int | None,
    reason: str,
    version: int,
    now: datetime,
) -> None:
    """Judge a placed plan feasible, at a checked `cost` in cents, or not, once, and write to its author.

    Raises what decide_placement raises, and NotPlaced, NeedsCost, CostOverBudget.
    """
    _require_decidable(session, plan, Question.FEASIBILITY, moderator, version, now)
    if not plan.is_placed:
        raise NotPlaced()
    require_reason(reason)
    cost = checked_cost(cost, feasible=is_yes, budget=plan.round.budget)
    _record(session, plan, Question.FEASIBILITY, moderator, now, is_yes=is_yes, cost=cost, reason=reason)
    details = {"reason": reason} | ({"cost": str(cost)} if cost else {})
    _post(session, plan, "plan-feasible" if is_yes else "plan-not-feasible", now, **details)
    _record_decision(session, plan, "decide feasibility", moderator, now, is_yes=is_yes, cost=cost)


def require_editable(plan: Plan, *, author: Person, now: datetime) -> None:
    """Raise NotYourPlan, PlanWithdrawn, PlanDecided or WrongPhase if this person may not edit the plan now."""
    _require_own(plan, author)
    if plan.decision(Question.PLACEMENT):
        raise PlanDecided()
    require_phase(plan.round.schedule, Phase.SUBMITTING, now)


def require_withdrawable(plan: Plan, *, author: Person, now: datetime) -> None:
    """Raise NotYourPlan, PlanWithdrawn or WrongPhase if this person may not withdraw the plan now."""
    _require_own(plan, author)
    require_phase(plan.round.schedule, WITHDRAWING, now)


def _require_own(plan: Plan, author: Person) -> None:
    if plan.author_id != author.id:
        raise NotYourPlan()
    require_present(plan)


def require_present(plan: Plan) -> None:
    """Raise PlanWithdrawn if its author took the plan back."""
    if plan.withdrawn_at is not None:
        raise PlanWithdrawn()


def _require_version(plan: Plan, version: int) -> None:
    if plan.version != version:
        raise PlanChanged()


def _require_decidable(
    session: Session, plan: Plan, question: Question, moderator: Person, version: int, now: datetime
) -> None:
    lock_row(session, plan)
    require_district(moderator.district_ids, plan.round.district_ids)
    require_phase(plan.round.schedule, DECIDING, now)
    lock_row(session, plan.round)  # the menu is frozen before this decision or after it, never during it
    require_unfrozen(plan.round.frozen_at)
    require_present(plan)
    if plan.decision(question):
        raise AlreadyDecided()
    _require_version(plan, version)


def _record(
    session: Session,
    plan: Plan,
    question: Question,
    moderator: Person,
    now: datetime,
    **decided: bool | str | int | None,
) -> None:
    decision = Decision(plan_id=plan.id, question=question, decided_by=moderator.id, decided_at=now, **decided)
    insert_or_refuse(session, decision, AlreadyDecided())
    session.refresh(plan, ["decisions"])


def _record_decision(
    session: Session, plan: Plan, deed: str, moderator: Person, now: datetime, *, is_yes: bool, cost: int | None = None
) -> None:
    decided: dict[str, str | int] = {"plan": plan.id, "answer": "yes" if is_yes else "no"}
    decided |= {"cost": cost} if cost else {}
    record_deed(session, deed, now=now, person_id=moderator.id, round_id=plan.round_id, **decided)


def _rewrite(session: Session, plan: Plan, draft: Draft) -> None:
    try:
        with session.begin_nested():
            _write(draft, plan)
            flag_modified(plan, "title")  # another photo alone is a change too: the version has to rise
    except IntegrityError as violation:
        raise AlreadySubmitted() from violation


def _write(draft: Draft, plan: Plan) -> None:
    plan.title, plan.summary, plan.place = draft.title, draft.summary, draft.place
    plan.what, plan.why, plan.estimated_cost = draft.what, draft.why, draft.estimated_cost


def _replace_photo(session: Session, plan: Plan, photo: Photo) -> None:
    plan.photo = None
    session.flush()  # the old one leaves first: a plan has one photo, says the database
    plan.photo = photo


def _post(session: Session, plan: Plan, kind: str, now: datetime, **details: str) -> None:
    author = plan.author
    general = {"name": author.name, "title": plan.title, "round": plan.round.title, "path": plan_page(plan.id)}
    post_letter(session, kind=kind, recipient=author.email, now=now, **general, **details)
