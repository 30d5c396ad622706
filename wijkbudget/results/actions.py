"""Counting a round, once, and publishing what came out."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.actions import require_urn
from ..ballots.keys import KeyFolder
from ..ballots.opening import open_urn
from ..ballots.rules import FrozenRules
from ..ballots.tables import Opening
from ..ballots.urn import Opened
from ..clock import Clock
from ..database import lock_and_read_clock
from ..mail.outbox import post_letter
from ..people.tables import Person
from ..plans.tables import Plan
from ..rounds.rules import Phase, require_phase
from ..rounds.tables import Round
from ..tally.document import to_document
from ..tally.instance import Instance, Profile, approval
from ..tally.instance import Plan as Candidate
from ..tally.most_votes import most_votes
from ..tally.outcome import Outcome, Verdict
from ..tally.ties import CheapestFirst, Lot
from .queries import result_of
from .rules import AlreadyPublished, NotCounted
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
    seed = lot_seed(rules, opening)
    outcome = counted(rules, contents.ballots, seed=seed, withdrawn=_withdrawn(session, rules))
    result = Result(
        round_id=round.id,
        voted=opening.envelopes,
        eligible=rules.eligible,
        blank=sum(not ballot.choices for ballot in contents.ballots),
        lot_seed=seed,
        outcome=to_document(outcome),
        counted_at=now,
    )
    session.add(result)
    session.flush()
    return result


def _require_settled(session: Session, round: Round, clock: Clock) -> datetime:
    """The moment by the database's own clock, once no vote can come in: the round's row is held exclusively."""
    moment = lock_and_read_clock(session, select(Round.id).where(Round.id == round.id), exclusive=True)
    if moment is None:
        raise NotCounted()
    now = moment + clock.ahead
    require_phase(round.schedule, (Phase.COUNTING, Phase.RESULT), now - SETTLING)
    return now


def lot_seed(rules: FrozenRules, opening: Opening) -> str:
    """The seed `urn` of the lot: SHA-256 of the rules' hash and the urn's Merkle root, both in hexadecimal."""
    return hashlib.sha256((rules.hash + opening.merkle_root).encode()).hexdigest()


def counted(rules: FrozenRules, ballots: Iterable[Opened], *, seed: str, withdrawn: frozenset[str]) -> Outcome:
    """The outcome by the frozen rules; a plan withdrawn during the vote is out, ballots that name it stay valid."""
    instance = Instance(rules.budget, tuple(Candidate(str(item.plan_id), item.cost) for item in rules.menu))
    profile = Profile.from_ballots(approval(map(str, ballot.choices)) for ballot in ballots)
    ties = CheapestFirst(Lot(seed=seed, round=str(rules.round_id)))
    return most_votes(instance, profile, ties=ties, withdrawn=withdrawn)


def _withdrawn(session: Session, rules: FrozenRules) -> frozenset[str]:
    on_menu = Plan.id.in_([item.plan_id for item in rules.menu])
    return frozenset(map(str, session.scalars(select(Plan.id).where(on_menu, Plan.withdrawn_at.is_not(None)))))


def publish_result(session: Session, *, round: Round, official: Person, now: datetime) -> Result:
    """Make the result public, once, and write to the authors. Raises NotCounted, AlreadyPublished."""
    lock_and_read_clock(session, select(Round.id).where(Round.id == round.id), exclusive=True)
    result = session.get(Result, round.id, populate_existing=True)  # somebody may have published it while we waited
    if result is None:
        raise NotCounted()
    if result.published_at is not None:
        raise AlreadyPublished()
    result.published_at, result.published_by = now, official.id
    session.flush()
    _write_to_authors(session, round, result, now)
    return result


def _write_to_authors(session: Session, round: Round, result: Result, now: datetime) -> None:
    findings = result.outcome["findings"].items()
    counted_plans = [int(plan_id) for plan_id, finding in findings if finding["verdict"] != Verdict.WITHDRAWN]
    for plan in session.scalars(select(Plan).where(Plan.id.in_(counted_plans)).order_by(Plan.id)):
        is_funded = str(plan.id) in result.outcome["funded"]
        post_letter(
            session, kind="plan-won" if is_funded else "plan-not-won", recipient=plan.author.email, now=now,
            name=plan.author.name, title=plan.title, round=round.title, path=f"/rondes/{round.slug}/uitslag",
        )  # fmt: skip
