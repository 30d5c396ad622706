"""Changing terms, casting a ballot."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..clock import Clock
from ..database import lock_and_read_clock, lock_row
from ..people.tables import Person
from ..plans.queries import highest_cost
from ..rounds.actions import change_round
from ..rounds.rules import Phase, Terms, WrongPhase, require_phase
from ..rounds.tables import Round
from .codes import parsed_code
from .queries import can_be_opened, codes_asked, is_live, is_opened, is_urn_ready, live_code, urn_of
from .rules import (
    AlreadyVoted,
    BudgetUnderPlan,
    FewerEligibleThanCodes,
    FrozenRules,
    KeyLost,
    UnknownCode,
    UrnNotReady,
    VotedMeanwhile,
    valid_ballot,
)
from .tables import Entitlement, Envelope, Urn, VotingCode
from .urn import fingerprint_of, own_nonce, retry_mark_of, seal


def change_terms(
    session: Session, *, round: Round, terms: Terms, version: int, official: Person, now: datetime
) -> None:
    """New terms, until voting opens: no fewer eligible than codes that are out, no budget under a feasible plan.

    Raises FewerEligibleThanCodes, BudgetUnderPlan, and what `change_round` raises.
    """
    # The one that ask_for_codes takes: nobody asks for a list between this check and the change.
    lock_row(session, round)
    codes = codes_asked(session, round.id)
    if terms.electorate.eligible < codes:
        raise FewerEligibleThanCodes(codes=codes)
    dearest = highest_cost(session, round.id)
    if terms.budget < dearest:
        raise BudgetUnderPlan(cost=dearest)
    change_round(session, round=round, terms=terms, version=version, official=official, now=now)


def find_code(session: Session, *, typed: str, pepper: str) -> VotingCode:
    """The code that somebody typed. Raises MistypedCode, or UnknownCode for an unknown and a blocked one alike."""
    code = live_code(session, parsed_code(typed), pepper=pepper)
    if code is None:
        raise UnknownCode()
    return code


def cast_ballot(
    session: Session,
    *,
    entitlement_id: int,
    points: Iterable[tuple[int, int]],
    nonce: bytes,
    clock: Clock,
    replaces: bytes | None = None,
    code_mac: bytes | None = None,
) -> str:
    """The receipt of a ballot that is in the urn once the transaction commits, in the place of the one it `replaces`.

    `replaces` is the `envelope_mark` that the voter saw, `code_mac` that of the code which opened the booth; the same
    nonce again gives the same receipt, at any time. Raises UnknownCode if that code, or any other, is blocked,
    WrongPhase by the database's own clock, UrnNotReady, KeyLost, VotedMeanwhile, AlreadyVoted, and what `valid_ballot`
    raises.
    """
    if stored := _stored_before(session, entitlement_id, nonce):
        return fingerprint_of(stored)
    round_id = _entitled_round(session, entitlement_id)
    _require_voting(session, round_id, clock)
    require_live(session, entitlement_id, code_mac)  # after the lock: whoever blocks or discards a code holds the round
    rules, envelope = _sealed(session, round_id, points, nonce, entitlement_id)
    _mark_used(session, entitlement_id)
    return fingerprint_of(_put_into_urn(session, envelope, replaces, is_final=rules.voting.is_final))


def _sealed(
    session: Session, round_id: int, points: Iterable[tuple[int, int]], nonce: bytes, entitlement_id: int
) -> tuple[FrozenRules, Envelope]:
    """The frozen rules, and the envelope of this right to vote with the ballot that is valid by them."""
    urn = require_casting(session, round_id)
    rules = FrozenRules.parse(urn.rules)
    own = own_nonce(nonce, entitlement_id)
    sealed = seal(valid_ballot(points, rules), rules=rules, public_key=urn.public_key, nonce=own)
    mark = retry_mark_of(nonce)
    return rules, Envelope(entitlement_id=entitlement_id, round_id=round_id, sealed=sealed, retry_mark=mark)


def _stored_before(session: Session, entitlement_id: int, nonce: bytes) -> bytes | None:
    """The envelope that came with this nonce, if it lies in the urn: its answer was lost, and is asked for anew."""
    own = (Envelope.entitlement_id == entitlement_id, Envelope.retry_mark == retry_mark_of(nonce))
    return session.scalar(select(Envelope.sealed).where(*own))


def _mark_used(session: Session, entitlement_id: int) -> None:
    # A count of its own, which the watch holds against the envelopes.
    unused = update(Entitlement).where(Entitlement.id == entitlement_id, ~Entitlement.is_used)
    session.execute(unused.values(is_used=True))


def require_live(session: Session, entitlement_id: int, code_mac: bytes | None) -> None:
    """Raise UnknownCode unless the right to vote is a person's, or has a good code: this one, if it is given."""
    if not is_live(session, entitlement_id, code_mac):
        raise UnknownCode()


def _entitled_round(session: Session, entitlement_id: int) -> int:
    round_id = session.scalar(select(Entitlement.round_id).where(Entitlement.id == entitlement_id))
    if round_id is None:
        raise UnknownCode()
    return round_id


def require_urn(session: Session, round_id: int) -> Urn:
    """The urn of the round.

    Raises UrnNotReady before its rules are frozen, and until each official who keeps a share has that on paper.
    """
    urn = urn_of(session, round_id)
    if urn is None or not is_urn_ready(session, urn):
        raise UrnNotReady()
    return urn


def require_casting(session: Session, round_id: int) -> Urn:
    """The urn of the round, into which can be voted: what it takes will come out. Raises UrnNotReady, KeyLost."""
    urn = require_urn(session, round_id)
    if not can_be_opened(session, urn):
        raise KeyLost()
    return urn


def require_voting(session: Session, round_id: int, moment: datetime) -> None:
    """Raise WrongPhase unless voting is on at `moment`; over once the urn was opened, wherever a clock jumps to."""
    schedule = session.scalars(select(Round.schedule).where(Round.id == round_id)).one()
    require_phase(schedule, Phase.VOTING, moment)
    if is_opened(session, round_id):
        raise WrongPhase(opens=schedule.voting, closes=schedule.counting, is_early=False)


def _require_voting(session: Session, round_id: int, clock: Clock) -> None:
    # The shared lock keeps the closing job waiting until this vote is in, and this vote out once the job has the row.
    moment = lock_and_read_clock(session, select(Round.id).where(Round.id == round_id))
    require_voting(session, round_id, moment + clock.ahead)


def _put_into_urn(session: Session, envelope: Envelope, replaces: bytes | None, *, is_final: bool) -> bytes:
    """What lies in the urn afterwards: this envelope, or the earlier one with the same mark.

    Raises VotedMeanwhile; AlreadyVoted where a vote is final.
    """
    names = ("entitlement_id", "round_id", "sealed", "retry_mark")
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(Envelope).values({name: getattr(envelope, name) for name in names})
    session.execute(
        new.on_conflict_do_update(
            index_elements=["entitlement_id"],
            set_={"sealed": new.excluded.sealed, "retry_mark": new.excluded.retry_mark},
            where=and_(
                literal(not is_final),
                Envelope.retry_mark == (replaces or b""),
                Envelope.retry_mark != new.excluded.retry_mark,
            ),
        )
    )
    # Another mark lies there: the voter voted in another window, or this is a late repetition of an earlier request.
    own = (Envelope.entitlement_id == envelope.entitlement_id, Envelope.retry_mark == envelope.retry_mark)
    stored = session.scalar(select(Envelope.sealed).where(*own))
    if stored is None:
        raise AlreadyVoted() if is_final else VotedMeanwhile()
    return stored
