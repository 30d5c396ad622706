"""Making codes, freezing the rules, casting a ballot."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from secrets import token_bytes
from typing import Any

from sqlalchemy import and_, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ..clock import Clock
from ..database import lock_and_read_clock, lock_row
from ..journal import record_deed
from ..people.tables import Person
from ..plans.queries import highest_cost
from ..rounds.actions import change_round
from ..rounds.rules import Phase, Terms, require_phase
from ..rounds.tables import Round
from .codes import code_mac, new_code, parsed_code, written_code
from .keys import KeyFolder
from .queries import codes_made, is_live, live_code, urn_of
from .rules import (
    BudgetUnderPlan,
    CodesMadeMeanwhile,
    FewerEligibleThanCodes,
    FrozenRules,
    MenuItem,
    MoreCodesThanElectorate,
    UnknownCode,
    UrnNotReady,
    VotedMeanwhile,
    counting_document,
    longest_ballot,
    valid_ballot,
)
from .tables import CodeBatch, Entitlement, Envelope, Urn, VotingCode
from .urn import NONCE_BYTES, fingerprint_of, retry_mark_of, seal, tracker_of, unseal


def make_codes(
    session: Session,
    *,
    round: Round,
    size: int,
    official: Person,
    pepper: str,
    now: datetime,
    seen: int | None = None,
) -> list[tuple[int, str]]:
    """New entitlements: (serial, written code) for the printer. The codes exist nowhere else.

    `seen` is how many codes there were on the page that asks: a doubled click makes no second list. Raises WrongPhase
    after voting, CodesMadeMeanwhile, MoreCodesThanElectorate.
    """
    lock_row(session, round)
    require_phase(round.schedule, (Phase.ANNOUNCED, Phase.SUBMITTING, Phase.REVIEWING, Phase.VOTING), now)
    _require_room(codes_made(session, round.id), size, round.electorate.eligible, seen)
    batch = CodeBatch(round_id=round.id, size=size, made_at=now, made_by=official.id)
    session.add(batch)
    session.flush()
    codes = _store_codes(session, batch, [new_code() for _ in range(size)], pepper)
    record_deed(session, "make codes", now=now, person_id=official.id, round_id=round.id, batch=batch.id, size=size)
    return codes


def _require_room(made: int, size: int, eligible: int, seen: int | None) -> None:
    if seen is not None and seen != made:
        raise CodesMadeMeanwhile()
    if not 0 < size <= eligible - made:
        raise MoreCodesThanElectorate(left=max(0, eligible - made))


def _store_codes(session: Session, batch: CodeBatch, codes: list[str], pepper: str) -> list[tuple[int, str]]:
    round_id = batch.round_id
    last = session.scalar(select(func.max(VotingCode.serial)).where(VotingCode.round_id == round_id)) or 0
    new = insert(Entitlement).returning(Entitlement.id)
    entitlements = session.scalars(new, [{"round_id": round_id} for _ in codes])
    rows = [
        {
            "round_id": round_id,
            "batch_id": batch.id,
            "entitlement_id": entitlement,
            "serial": serial,
            "code_mac": code_mac(code, round_id=round_id, pepper=pepper.encode()),
        }
        for serial, (entitlement, code) in enumerate(zip(entitlements, codes, strict=True), start=last + 1)
    ]
    session.execute(insert(VotingCode), rows)
    return [(int(str(row["serial"])), written_code(code)) for row, code in zip(rows, codes, strict=True)]


def change_terms(
    session: Session, *, round: Round, terms: Terms, version: int, official: Person, now: datetime
) -> None:
    """New terms, until voting opens: no fewer eligible than codes that are out, no budget under a feasible plan.

    Raises FewerEligibleThanCodes, BudgetUnderPlan, and what `change_round` raises.
    """
    lock_row(session, round)  # the one that make_codes takes: no list is made between this check and the change
    codes = codes_made(session, round.id)
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


def freeze_rules(session: Session, *, round: Round, menu: Sequence[MenuItem], keys: KeyFolder, now: datetime) -> Urn:
    """The urn of the round, with its rules as they are now; a probe ballot proves that what is sealed can be opened."""
    rules = _rules_of(round, menu)
    public_key = keys.make_key(round.id)
    _require_openable(rules, public_key, keys.private_key(round.id))
    urn = Urn(round_id=round.id, rules=rules.document(), rules_hash=rules.hash, public_key=public_key, frozen_at=now)
    session.add(urn)
    # Freezing makes a new version of the round: terms that are changed at this very moment, by an official whose clock
    # still said "before voting", are either in the urn or refused, never half of each.
    flag_modified(round, "title")
    session.flush()
    record_deed(session, "freeze rules", now=now, round_id=round.id, rules_hash=rules.hash)
    return urn


def _rules_of(round: Round, menu: Sequence[MenuItem]) -> FrozenRules:
    return FrozenRules(
        round_id=round.id,
        title=round.title,
        kind=round.kind.value,
        area=round.area_name,
        budget=round.budget,
        schedule={phase.value: start.isoformat() for phase, start in round.schedule.starts},
        ballot_form=round.ballot_form,
        like_threshold=round.like_threshold,
        criteria=tuple(round.criteria),
        eligible=round.electorate.eligible,
        reference_date=round.electorate.reference_date.isoformat(),
        menu=tuple(menu),
        counting=counting_document(round.counting.rule),
        seed_source=round.counting.seed,
        compares=round.counting.compares,
    )


def _require_openable(rules: FrozenRules, public_key: bytes, private_key: bytes) -> None:
    probe, nonce = longest_ballot(rules), token_bytes(NONCE_BYTES)
    sealed = seal(probe, rules=rules, public_key=public_key, nonce=nonce)
    opened = unseal(sealed, round_id=rules.round_id, private_key=private_key)
    if (opened.tracker, opened.points) != (tracker_of(nonce), probe.points):
        raise RuntimeError("the probe ballot did not come out of its envelope as it went in")


def cast_ballot(
    session: Session,
    *,
    entitlement_id: int,
    points: Iterable[tuple[int, int]],
    nonce: bytes,
    clock: Clock,
    replaces: bytes | None = None,
) -> str:
    """The receipt of a ballot that is in the urn once the transaction commits, in the place of the one it `replaces`.

    `replaces` is the `envelope_mark` that the voter saw. The same nonce again gives the same receipt. Raises
    UnknownCode if the entitlement is blocked, WrongPhase by the database's own clock, UrnNotReady, VotedMeanwhile, and
    what `valid_ballot` raises; then nothing is used up.
    """
    round_id = _entitled_round(session, entitlement_id)
    _require_voting(session, round_id, clock)
    urn = require_urn(session, round_id)
    rules = FrozenRules.parse(urn.rules)
    sealed = seal(valid_ballot(points, rules), rules=rules, public_key=urn.public_key, nonce=nonce)
    mark = retry_mark_of(nonce)
    envelope = Envelope(entitlement_id=entitlement_id, round_id=round_id, sealed=sealed, retry_mark=mark)
    return fingerprint_of(_put_into_urn(session, envelope, replaces))


def _entitled_round(session: Session, entitlement_id: int) -> int:
    round_id = session.scalar(select(Entitlement.round_id).where(Entitlement.id == entitlement_id))
    if round_id is None or not is_live(session, entitlement_id):
        raise UnknownCode()
    return round_id


def require_urn(session: Session, round_id: int) -> Urn:
    """The urn of the round. Raises UrnNotReady before its rules are frozen."""
    urn = urn_of(session, round_id)
    if urn is None:
        raise UrnNotReady()
    return urn


def _require_voting(session: Session, round_id: int, clock: Clock) -> None:
    # The shared lock keeps the closing job waiting until this vote is in, and this vote out once the job has the row.
    moment = lock_and_read_clock(session, select(Round.id).where(Round.id == round_id))
    schedule = session.scalars(select(Round.schedule).where(Round.id == round_id)).one()
    require_phase(schedule, Phase.VOTING, moment + clock.ahead)


def _put_into_urn(session: Session, envelope: Envelope, replaces: bytes | None) -> bytes:
    """What lies in the urn afterwards: this envelope, or the earlier one with the same mark. Raises VotedMeanwhile."""
    names = ("entitlement_id", "round_id", "sealed", "retry_mark")
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(Envelope).values({name: getattr(envelope, name) for name in names})
    session.execute(
        new.on_conflict_do_update(
            index_elements=["entitlement_id"],
            set_={"sealed": new.excluded.sealed, "retry_mark": new.excluded.retry_mark},
            where=and_(Envelope.retry_mark == (replaces or b""), Envelope.retry_mark != new.excluded.retry_mark),
        )
    )
    # Another mark lies there: the voter voted in another window, or this is a late repetition of an earlier request.
    own = (Envelope.entitlement_id == envelope.entitlement_id, Envelope.retry_mark == envelope.retry_mark)
    stored = session.scalar(select(Envelope.sealed).where(*own))
    if stored is None:
        raise VotedMeanwhile()
    return stored
