"""What there is to watch, the books of a round, and how the platform is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from ..ballots.codes import pepper_check
from ..ballots.queries import pepper_checks
from ..ballots.tables import Entitlement, Envelope, OpenedBallot, Opening, Urn
from ..people.rules import Role
from ..people.tables import Appointment
from ..results.tables import Result
from ..rounds.queries import rounds
from ..rounds.rules import Phase
from ..rounds.tables import Round
from .rules import Books, Checked, Health, OpenedBooks, Subject, Watched, health_of
from .tables import Check

KEEPERS = (Role.OFFICIAL.value, Role.ADMINISTRATOR.value)
"""Whose rights to vote in its round the canary uses; without any of them there is no canary yet."""


def books_of(session: Session, round_id: int) -> Books:
    """The books of the round, all numbers of one moment.

    They are read in one statement: a vote that is committed between two would look like a mistake in the books.
    """
    used = Entitlement.round_id == Round.id, Entitlement.is_used
    own = Envelope.entitlement_id == Entitlement.id, Envelope.round_id == Round.id
    numbers = select(
        select(func.count()).select_from(Entitlement).where(*used).correlate(Round).scalar_subquery(),
        select(func.count()).select_from(Envelope).where(Envelope.round_id == Round.id).scalar_subquery(),
        select(func.count()).select_from(Entitlement).where(*used, *own).correlate(Round).scalar_subquery(),
        select(func.count()).select_from(OpenedBallot).where(OpenedBallot.round_id == Round.id).scalar_subquery(),
        Opening.envelopes,
        Opening.rejected,
        Result.voted,
        Result.published_at,
    )
    of_round = numbers.select_from(Round).outerjoin(Opening).outerjoin(Result).where(Round.id == round_id)
    rights, envelopes, paired, ballots, opened, rejected, voted, published_at = session.execute(of_round).one()
    # Ballots or a result without an opening are books of an opening of nothing, which then do not agree.
    is_opened = opened is not None or ballots or voted is not None
    after = OpenedBooks(opened or 0, ballots, rejected or {}, voted, published_at is not None) if is_opened else None
    return Books(rights, envelopes, paired, after)


def canary_round(session: Session) -> Round | None:
    """The round of the canary, None before it was made; another canary that was put aside has an address."""
    return session.scalar(select(Round).where(Round.is_canary, Round.slug == ""))


def keepers(session: Session, most: int) -> Sequence[int]:
    """The ids of the first officials and administrators."""
    appointed = select(Appointment.person_id).where(Appointment.role.in_(KEEPERS)).distinct()
    return session.scalars(appointed.order_by(Appointment.person_id).limit(most)).all()


def subjects(session: Session) -> list[Subject]:
    """All that is to be watched now."""
    sealed = (
        select(Urn.round_id)
        .join(Round, Round.id == Urn.round_id)
        .where(~Round.is_canary, Urn.key_destroyed_at.is_(None))
        .where(~exists().where(Opening.round_id == Urn.round_id))
        .order_by(Urn.round_id)
    )
    always = session.scalars(select(Round.id).where(~Round.is_canary).order_by(Round.id)).all()
    found = [Subject(watched, round_id) for watched in (Watched.BOOKS, Watched.TASKS) for round_id in always]
    found += [Subject(Watched.KEY, round_id) for round_id in session.scalars(sealed)]
    found += [Subject(Watched.CODES, round_id) for round_id in sorted({each for each, _ in pepper_checks(session)})]
    canary = [Subject(Watched.CANARY)] if keepers(session, 1) or canary_round(session) else []
    return [*found, Subject(Watched.GUESSING), *canary]


def checks(session: Session) -> dict[Subject, Check]:
    """The last check of each subject, in the order of their names."""
    stored = [(Subject.parse(check.name), check) for check in session.scalars(select(Check).order_by(Check.name))]
    return {subject: check for subject, check in stored if subject is not None}


def last_check(session: Session, subject: Subject) -> Check | None:
    """The last check of this subject."""
    return session.get(Check, subject.name)


def strange_codes(session: Session, pepper: str) -> set[int]:
    """The rounds that were not opened and have codes made with another pepper, which this one does not find."""
    key = pepper.encode()
    return {round_id for round_id, kept in pepper_checks(session) if kept != pepper_check(round_id, pepper=key)}


def health(session: Session, now: datetime, *, pepper: str) -> Health:
    """How the platform is, by what was checked, and by the pepper of this process, which is the one that asks."""
    known = [Checked(subject, check.checked_at, check.failing_since) for subject, check in checks(session).items()]
    is_voting = any(round.schedule.phase_at(now) is Phase.VOTING for round in rounds(session))
    found = health_of(known, is_voting=is_voting, now=now)
    told = {check.subject for check in found.failing}
    here = [Subject(Watched.CODES, round_id) for round_id in sorted(strange_codes(session, pepper))]
    more = tuple(Checked(subject, now, now) for subject in here if subject not in told)
    return replace(found, failing=found.failing + more)
