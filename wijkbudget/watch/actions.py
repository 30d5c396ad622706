"""Checking what is watched, and telling officials once when it fails and once when it is right again."""

import logging
from collections.abc import Iterable
from datetime import datetime

from nacl.public import PrivateKey
from sqlalchemy.orm import Session

from ..ballots.guesses import guesses_under_way
from ..ballots.keys import KEY, SHARE_BOX, KeyFolder
from ..ballots.queries import can_be_opened
from ..ballots.tables import Urn
from ..database import lock_row
from ..mail.addresses import health_page, round_to_manage
from ..mail.outbox import post_letter
from ..people.queries import people_with_role
from ..people.rules import Role
from ..rounds.tables import Round
from .queries import books_of, checks, strange_codes
from .rules import Subject, Watched, disagreement
from .tables import Check

logger = logging.getLogger(__name__)


def list_checks(session: Session, *, subjects: Iterable[Subject], now: datetime) -> None:
    """Have a check for each of these and no other; a new one is due. What fails and is watched no more is over."""
    wanted, known = set(subjects), checks(session)
    for subject in wanted - known.keys():
        # Stored before anything was checked, so that a check that never succeeds is missed after a while.
        session.add(Check(name=subject.name, checked_at=now - subject.every))
    for subject in known.keys() - wanted:
        if known[subject].problem is not None:
            _write(session, subject, now, kind="alarm-over")
        session.delete(known[subject])
    session.flush()


def claim_check(session: Session, *, subject: Subject, now: datetime) -> bool:
    """Whether this subject is ours to check until the transaction ends; not if another scheduler has just done it."""
    check = session.get_one(Check, subject.name)
    # Before anything is compared: whoever waited here sees what the other one saw, or something newer.
    lock_row(session, check)
    is_due = subject.is_due(check.checked_at, now)
    if is_due:
        check.checked_at = now
        session.flush()
    return is_due


def reconcile(session: Session, *, subject: Subject, keys: KeyFolder, pepper: str, now: datetime) -> None:
    """Check the books, a key, codes or guessing, if that is due."""
    if claim_check(session, subject=subject, now=now):
        record_finding(session, subject=subject, problem=_problem(session, subject, keys, pepper, now), now=now)


def _problem(session: Session, subject: Subject, keys: KeyFolder, pepper: str, now: datetime) -> str | None:
    if subject.round_id is None:
        return "codes are being guessed" if guesses_under_way(session, now) else None
    if subject.watched is Watched.KEY:
        urn = session.get_one(Urn, subject.round_id)
        return _file_problem(keys, urn) or _share_problem(session, urn)
    if subject.watched is Watched.CODES:
        is_strange = subject.round_id in strange_codes(session, pepper)
        return "the codes were made with another CODE_PEPPER" if is_strange else None
    found = disagreement(books_of(session, subject.round_id))
    return str(found) if found else None


def _file_problem(keys: KeyFolder, urn: Urn) -> str | None:
    # Where officials keep the key, the server still needs what opens the shares that they will type in.
    kind, public_key = (SHARE_BOX, urn.share_box_key) if urn.share_box_key else (KEY, urn.public_key)
    try:
        kept = bytes(PrivateKey(keys.private_key(urn.round_id, kind)).public_key)
    except OSError as failure:
        return f"the private key cannot be read ({type(failure).__name__})"
    except (TypeError, ValueError):
        return "what is kept as the private key is no key"
    return None if kept == public_key else "the private key is not that of the urn"


def _share_problem(session: Session, urn: Urn) -> str | None:
    is_lost = not can_be_opened(session, urn)
    return "too few shares of the key are left, nobody can open the urn" if is_lost else None


def record_finding(session: Session, *, subject: Subject, problem: str | None, now: datetime) -> None:
    """What a check came to. Every official gets a letter when the subject begins to fail, and when that is over."""
    check = session.get_one(Check, subject.name)
    lock_row(session, check)
    before = check.problem
    check.checked_at, check.problem = now, problem
    check.failing_since = (check.failing_since or now) if problem else None
    session.flush()
    if problem is not None and problem != before:
        logger.error("check %s: %s", subject.name, problem)
    if problem is not None and before is None:
        _write(session, subject, now, kind="alarm", problem=problem)
    if problem is None and before is not None:
        logger.warning("check %s is right again", subject.name)
        _write(session, subject, now, kind="alarm-over")


def _write(session: Session, subject: Subject, now: datetime, *, kind: str, **details: str) -> None:
    round = session.get(Round, subject.round_id) if subject.round_id is not None else None
    title, path = (round.title, round_to_manage(round.slug)) if round else ("", health_page())
    for official in people_with_role(session, Role.OFFICIAL):
        post_letter(
            session, kind=kind, recipient=official.email, now=now,
            name=official.name, check=subject.name, round=title, path=path, **details,
        )  # fmt: skip
