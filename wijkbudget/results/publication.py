"""The package of a published round: put together from what is stored, signed, checked, and kept as it is."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..ballots.accounts import accounts_entitled
from ..ballots.queries import code_counts, opened_rows, opening_of, urn_digests
from ..ballots.rules import Ballot, FrozenRules
from ..ballots.tables import Entitlement, Opening, Urn
from ..journal import journal_head, record_deed
from ..rounds.tables import Round
from ..rounds.voting import Franchise
from ..tally.outcome import Outcome, Verdict
from .export import has_plan_left, pabulib_file
from .package import package
from .queries import publication_of, result_of
from .record import Counts, Record
from .rules import NotCounted
from .signing import Signer
from .tables import Publication, Result
from .verification import verify_package


def draft_package(session: Session, *, round: Round, signer: Signer) -> bytes | None:
    """The package of the round, checked as anybody will check it; None before its result is published or once made.

    It only reads: what a published result follows from changes no more. Raises Broken if it does not hold.
    """
    result = _published_result(session, round)
    if result is None or publication_of(session, round.id):
        return None
    content = package(record_of(session, round, result), signer.sign, signer.public_key)
    verify_package(content, key=signer.public_key)
    return content


def publish_package(
    session: Session, *, round: Round, signer: Signer, now: datetime, content: bytes | None = None
) -> Publication | None:
    """The package of the round, made once; None while its result is not published. `content` is one made before.

    Raises what `draft_package` raises.
    """
    if made := publication_of(session, round.id):
        return made
    if _published_result(session, round) is None:
        return None
    content = content or draft_package(session, round=round, signer=signer)
    publication = Publication(round_id=round.id, package=content, public_key=signer.public_key, made_at=now)
    session.add(publication)
    session.flush()
    record_deed(session, "publish package", now=now, round_id=round.id, size=len(publication.package))
    return publication


def _published_result(session: Session, round: Round) -> Result | None:
    result = result_of(session, round.id)
    return result if result is not None and result.published_at is not None else None


def record_of(session: Session, round: Round, result: Result) -> Record:
    """All that stands on the record of a counted round. Raises NotCounted."""
    opening = opening_of(session, round.id)
    if opening is None:
        raise NotCounted()
    urn = session.get_one(Urn, round.id)
    rules, outcome, ballots = FrozenRules.parse(urn.rules), result.decided, opened_rows(session, round.id)
    head = journal_head(session)
    record = Record(
        rules=urn.rules,
        rules_hash=urn.rules_hash,
        seed=outcome.lot.seed if outcome.lot else None,
        counts=_counts(session, rules, result, opening),
        withdrawn=_withdrawn(outcome),
        winners=tuple(int(plan) for plan in outcome.funded),
        left=outcome.left,
        digests=urn_digests(session, round.id),
        ballots=ballots,
        opened_at=opening.opened_at.isoformat(),
        journal_head=f"{head.number}:{head.hash}",
        pabulib=None,
    )
    if not (record.is_published and has_plan_left(outcome)):
        return record
    return replace(record, pabulib=pabulib_file(rules, (Ballot(ballot.points) for ballot in ballots), outcome))


def _counts(session: Session, rules: FrozenRules, result: Result, opening: Opening) -> Counts:
    codes = code_counts(session, rules.round_id)
    by_letter = rules.voting.franchise is Franchise.LETTER
    return Counts(
        eligible=rules.eligible,
        issued=codes.issued + codes.replaced if by_letter else accounts_entitled(session, rules.round_id),
        used=rights_used(session, rules.round_id),
        blocked=codes.blocked if by_letter else 0,
        replaced=codes.replaced if by_letter else 0,
        envelopes=opening.envelopes,
        rejected=opening.rejected,
        ballots=opening.envelopes - sum(opening.rejected.values()),
        blank=result.blank,
    )


def rights_used(session: Session, round_id: int) -> int:
    """With how many rights to vote a ballot was cast, as it was counted apart from the envelopes."""
    used = (Entitlement.round_id == round_id, Entitlement.is_used)
    return session.scalar(select(func.count()).select_from(Entitlement).where(*used)) or 0


def _withdrawn(outcome: Outcome) -> tuple[int, ...]:
    return tuple(int(found.plan) for found in outcome.findings.values() if found.verdict is Verdict.WITHDRAWN)
