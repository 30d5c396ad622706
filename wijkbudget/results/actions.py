"""Counting a round, once, and publishing what came out."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.keys import KeyFolder
from ..ballots.opening import NOTHING, open_urn
from ..ballots.queries import has_envelopes, opened_ballots, opening_of, urn_of
from ..ballots.rules import FrozenRules, UrnNotReady
from ..ballots.tables import Opening, Urn
from ..ballots.unlocking import urn_key
from ..clock import Clock
from ..database import lock_and_read_clock, lock_row
from ..journal import record_deed
from ..mail.addresses import result_page, result_to_publish
from ..mail.outbox import post_letter
from ..people.queries import people_with_role
from ..people.rules import Role, require_text
from ..people.tables import Person
from ..plans.tables import Plan
from ..rounds.rules import Phase, require_phase
from ..rounds.tables import Round
from ..tally.document import to_document
from ..tally.outcome import Verdict
from ..tally.ties import LotNeeded
from .drafts import Count, Draft, OpenTie, basis_of, count_of
from .queries import result_of, waits_for_draw
from .rules import (
    LONGEST_PROOF,
    AlreadyPublished,
    DrawEntered,
    DrawNotEntered,
    NoDrawNeeded,
    NotCounted,
    OtherSeed,
    SameOfficial,
    drawn_seed,
)
from .tables import Draw, Result

SETTLING = timedelta(minutes=1)
"""How long after closing the count waits for requests that were under way."""


def count_round(
    session: Session, *, round: Round, keys: KeyFolder, clock: Clock, draft: Draft | None = None
) -> Result | None:
    """Open the urn and count, once: a round that was counted keeps its result.

    None while it waits for the shares of its key, which an empty urn does not, or for a public draw. What a `draft`
    worked out before is taken over if it follows from the same envelopes, draw and plans. Raises WrongPhase until
    voting has closed and settled, by the database's own clock; UrnNotReady.
    """
    now = _require_settled(session, round, clock)
    if earlier := result_of(session, round.id):
        return earlier
    if waits_for_draw(session, round.id):
        return None
    urn = urn_of(session, round.id)
    if urn is None:
        raise UrnNotReady()
    opening = opening_of(session, round.id) or _opened(session, round, urn, keys, now, draft)
    return _counted(session, round, urn, opening, now, draft) if opening else None


def _opened(
    session: Session, round: Round, urn: Urn, keys: KeyFolder, now: datetime, draft: Draft | None
) -> Opening | None:
    rules, read = FrozenRules.parse(urn.rules), draft.reading if draft else None
    if not has_envelopes(session, round.id):
        # Nobody voted, so nobody's key is waited for; with an envelope after all this empty one would fail.
        return open_urn(session, rules=rules, private_key=b"", now=now, read=NOTHING)
    key = urn_key(session, round=round, urn=urn, keys=keys, now=now)
    return open_urn(session, rules=rules, private_key=key, now=now, read=read) if key else None


def _counted(
    session: Session, round: Round, urn: Urn, opening: Opening, now: datetime, draft: Draft | None
) -> Result | None:
    try:
        result = _result(_count(session, urn, opening, draft), opening, FrozenRules.parse(urn.rules), now)
    except LotNeeded as needed:
        _ask_for_draw(session, round, needed, now)
        _record_opening(session, "ask for draw", opening, now)
        return None
    session.add(result)
    _record_opening(session, "count round", opening, now)
    return result


def _count(session: Session, urn: Urn, opening: Opening, draft: Draft | None) -> Count:
    basis = basis_of(session, urn, opening.merkle_root)
    if draft and draft.count.basis == basis:
        if isinstance(draft.count, OpenTie):
            raise draft.count.needed
        return draft.count
    return count_of(FrozenRules.parse(urn.rules), basis, opened_ballots(session, urn.round_id))


def _result(count: Count, opening: Opening, rules: FrozenRules, now: datetime) -> Result:
    return Result(
        round_id=rules.round_id,
        voted=opening.envelopes,
        eligible=rules.eligible,
        blank=count.blank,
        outcome=to_document(count.outcome),
        compared=[to_document(other) for other in count.others],
        counted_at=now,
    )


def _record_opening(session: Session, deed: str, opening: Opening, now: datetime) -> None:
    record_deed(
        session, deed, now=now, round_id=opening.round_id, envelopes=opening.envelopes,
        merkle_root=opening.merkle_root, rejected=sum(opening.rejected.values()),
    )  # fmt: skip


def _ask_for_draw(session: Session, round: Round, needed: LotNeeded, now: datetime) -> None:
    groups = [[int(plan_id) for plan_id in group] for group in needed.groups]
    session.add(Draw(round_id=round.id, groups=groups, needed_at=now))
    session.flush()
    for official in people_with_role(session, Role.OFFICIAL):
        post_letter(
            session, kind="draw-needed", recipient=official.email, now=now,
            name=official.name, round=round.title, path=result_to_publish(round.slug),
        )  # fmt: skip


def _require_settled(session: Session, round: Round, clock: Clock) -> datetime:
    """The moment by the database's own clock, once no vote can come in: the round's row is held exclusively."""
    moment = lock_and_read_clock(session, select(Round.id).where(Round.id == round.id), exclusive=True)
    now = moment + clock.ahead
    require_phase(round.schedule, (Phase.COUNTING, Phase.RESULT), now - SETTLING)
    return now


def enter_draw(session: Session, *, round: Round, official: Person, seed: str, proof: str, now: datetime) -> None:
    """The seed of the public draw, and which draw it was; in the place of an earlier entry that nobody confirmed.

    Raises NoDrawNeeded, DrawEntered, TextMissing, TextTooLong.
    """
    written = drawn_seed(seed)
    require_text(proof, field="proof", longest=LONGEST_PROOF)
    draw = _undecided_draw(session, round)
    draw.seed, draw.proof = written, proof
    draw.entered_by, draw.entered_at = official.id, now
    record_deed(session, "enter draw", now=now, person_id=official.id, round_id=round.id, seed=written)


def confirm_draw(session: Session, *, round: Round, official: Person, seed: str, now: datetime) -> None:
    """The same seed, typed by a second official: the next job counts with it. What differs leaves the entry as it was.

    Raises NoDrawNeeded, DrawNotEntered, DrawEntered, SameOfficial, OtherSeed, TextMissing, TextTooLong.
    """
    written = drawn_seed(seed)
    draw = _undecided_draw(session, round)
    if draw.seed is None:
        raise DrawNotEntered()
    if draw.entered_by == official.id:
        raise SameOfficial()
    if draw.seed != written:
        raise OtherSeed()
    draw.confirmed_by, draw.confirmed_at = official.id, now
    record_deed(session, "confirm draw", now=now, person_id=official.id, round_id=round.id, seed=written)


def _undecided_draw(session: Session, round: Round) -> Draw:
    lock_row(session, round)
    draw = session.get(Draw, round.id, populate_existing=True)  # a colleague may have typed while we waited
    if draw is None:
        raise NoDrawNeeded()
    if draw.confirmed_at is not None:
        raise DrawEntered()
    return draw


def publish_result(session: Session, *, round: Round, official: Person, now: datetime) -> Result:
    """Make the result public, once, and write to the authors; before the announced day, that phase begins now.

    Raises NotCounted, AlreadyPublished.
    """
    lock_row(session, round)
    result = session.get(Result, round.id, populate_existing=True)  # somebody may have published it while we waited
    if result is None:
        raise NotCounted()
    if result.published_at is not None:
        raise AlreadyPublished()
    result.published_at, result.published_by = now, official.id
    round.schedule = replace(round.schedule, result=min(now, round.schedule.result))
    session.flush()
    _write_to_authors(session, round, result, now)
    record_deed(session, "publish result", now=now, person_id=official.id, round_id=round.id)
    return result


def _write_to_authors(session: Session, round: Round, result: Result, now: datetime) -> None:
    findings, funded = result.decided.findings.values(), result.decided.funded
    counted_plans = [int(finding.plan) for finding in findings if finding.verdict is not Verdict.WITHDRAWN]
    for plan in session.scalars(select(Plan).where(Plan.id.in_(counted_plans)).order_by(Plan.id)):
        is_funded = str(plan.id) in funded
        post_letter(
            session, kind="plan-won" if is_funded else "plan-not-won", recipient=plan.author.email, now=now,
            name=plan.author.name, title=plan.title, round=round.title, path=result_page(round.slug),
        )  # fmt: skip
