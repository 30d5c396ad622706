"""Counting a round, once, and publishing what came out."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.actions import require_urn
from ..ballots.keys import KeyFolder
from ..ballots.opening import open_urn
from ..ballots.rules import FrozenRules
from ..clock import Clock
from ..database import lock_and_read_clock, lock_row
from ..mail.addresses import result_page
from ..mail.outbox import post_letter
from ..people.tables import Person
from ..plans.tables import Plan
from ..rounds.rules import Phase, require_phase
from ..rounds.tables import Round
from ..tally.document import to_document
from ..tally.outcome import Verdict
from .queries import result_of
from .rules import AlreadyPublished, NotCounted, counted, lot_seed
from .tables import Result

SETTLING = timedelta(minutes=1)
"""How long after closing the count waits for requests that were under way."""


def count_round(session: Session, *, round: Round, keys: KeyFolder, clock: Clock) -> Result:
    """Open the urn and count, once: a round that was counted keeps its result.

    Raises WrongPhase until voting has closed and settled, by the database's own clock; UrnNotReady.
    """
    now = _require_settled(session, round, clock)
    if earlier := result_of(session, round.id):
        return earlier
    rules = FrozenRules.parse(require_urn(session, round.id).rules)
    opening, contents = open_urn(session, rules=rules, private_key=keys.private_key(round.id), now=now)
    choices = [ballot.choices for ballot in contents.ballots]
    seed = lot_seed(rules, merkle_root=opening.merkle_root)
    outcome = counted(rules, choices, seed=seed, withdrawn=_withdrawn(session, rules))
    result = Result(
        round_id=round.id,
        voted=opening.envelopes,
        eligible=rules.eligible,
        blank=choices.count(()),
        outcome=to_document(outcome),
        counted_at=now,
    )
    session.add(result)
    session.flush()
    return result


def _require_settled(session: Session, round: Round, clock: Clock) -> datetime:
    """The moment by the database's own clock, once no vote can come in: the round's row is held exclusively."""
    moment = lock_and_read_clock(session, select(Round.id).where(Round.id == round.id), exclusive=True)
    now = moment + clock.ahead
    require_phase(round.schedule, (Phase.COUNTING, Phase.RESULT), now - SETTLING)
    return now


def _withdrawn(session: Session, rules: FrozenRules) -> frozenset[int]:
    on_menu = Plan.id.in_([item.plan_id for item in rules.menu])
    return frozenset(session.scalars(select(Plan.id).where(on_menu, Plan.withdrawn_at.is_not(None))))


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
