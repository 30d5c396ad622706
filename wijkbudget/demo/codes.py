"""The voting codes of the demonstration city that nobody used: in a file, so that every start can show some."""

import os
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from ..ballots.actions import find_code
from ..ballots.batches import ask_for_codes, begin_codes, made_codes, release_codes
from ..ballots.queries import has_voted
from ..ballots.rules import MistypedCode, UnknownCode
from ..clock import Clock
from ..database import Database
from ..people.tables import Person
from ..rounds.rules import Phase
from ..rounds.tables import Round

SHOWN = 3


def printed_codes(
    database: Database, round_id: int, officials: tuple[int, int], *, size: int, pepper: str, clock: Clock
) -> list[str]:
    """The codes of a list for which the first of the officials asks, and which the second one releases."""
    now = clock.now()
    with database.transaction() as session:
        asking, releasing = (session.get_one(Person, person_id) for person_id in officials)
        batch = ask_for_codes(session, round=session.get_one(Round, round_id), size=size, official=asking, now=now)
        release_codes(session, batch=batch, official=releasing, now=now)
        begin_codes(session, batch=batch, official=asking, now=now)
    pieces = made_codes(database, batch_id=batch.id, pepper=pepper, clock=clock)
    return [code for piece in pieces for _, code in piece]


def keep_codes(file: Path, codes: list[str]) -> None:
    """Write the codes down. Only a demonstration does: everywhere else the printer alone has them."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as lines:
        lines.writelines(f"{code}\n" for code in codes)


def usable_codes(session: Session, file: Path, *, pepper: str, now: datetime) -> list[str]:
    """The first kept codes that can vote now and did not do so, at most three."""
    kept = file.read_text().split() if file.exists() else []
    return [code for code in kept if _is_usable(session, code, pepper, now)][:SHOWN]


def _is_usable(session: Session, code: str, pepper: str, now: datetime) -> bool:
    try:
        found = find_code(session, typed=code, pepper=pepper)
    except (MistypedCode, UnknownCode):
        return False
    phase = session.get_one(Round, found.round_id).schedule.phase_at(now)
    return phase is Phase.VOTING and not has_voted(session, found.entitlement_id)
