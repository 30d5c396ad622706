"""Receipts and trackers: who may see a tracker, and where both are found again."""

import hmac

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ..refusal import Refusal
from .codes import typed_symbols
from .forms import Points
from .queries import envelope_mark, opening_of, urn_of
from .rules import FrozenRules
from .tables import OpenedBallot, UrnEntry
from .urn import digest_start, own_nonce, retry_mark_of, tracker_of

_DIGEST_BYTES = 32


class OtherVote(Refusal):
    """The page belongs to another vote than the last one of this browser, so it is told nothing more of it."""


class NoReceipt(Refusal):
    """This browser holds no receipt, or none any more."""


class MistypedReceipt(Refusal):
    """The text can be neither a receipt nor a tracker: a symbol is missing or wrong."""


def own_tracker(session: Session, *, entitlement_id: int, nonce: bytes) -> str:
    """The tracker of the vote that lies in the urn for this right to vote. Raises OtherVote for any other nonce."""
    mark = envelope_mark(session, entitlement_id)
    if mark is None or not hmac.compare_digest(mark, retry_mark_of(nonce)):
        raise OtherVote()
    return tracker_of(own_nonce(nonce, entitlement_id))


def parsed_receipt(text: str) -> str:
    """The receipt or tracker that somebody typed. Raises MistypedReceipt."""
    symbols = typed_symbols(text)
    if symbols is None:
        raise MistypedReceipt()
    return symbols


def was_in_urn(session: Session, round_id: int, fingerprint: str) -> bool:
    """Whether an envelope with this fingerprint was opened; False before the opening."""
    start = digest_start(fingerprint)
    rest = _DIGEST_BYTES - len(start)
    found = exists().where(
        UrnEntry.round_id == round_id, UrnEntry.digest.between(start + bytes(rest), start + b"\xff" * rest)
    )
    return bool(session.scalar(select(found)))


def counted_points(session: Session, round_id: int, tracker: str) -> Points | None:
    """The points of the counted ballot with this tracker, none for a blank one; None if there is no such ballot."""
    ballot = session.get(OpenedBallot, (round_id, tracker))
    return tuple((plan_id, given) for plan_id, given in ballot.points) if ballot else None


def shows_ballots(session: Session, round_id: int) -> bool:
    """Whether so many ballots were counted that single ones are shown; False before the opening."""
    urn, opening = urn_of(session, round_id), opening_of(session, round_id)
    if urn is None or opening is None:
        return False
    counted = opening.envelopes - sum(opening.rejected.values())
    return counted >= FrozenRules.parse(urn.rules).voting.publish_ballots_from
