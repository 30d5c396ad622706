"""Opening the urn with the shares of two officials: each types one, and the scheduler alone can put them together."""

import logging
from collections.abc import Sequence
from datetime import datetime

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ..database import insert_or_refuse, lock_row
from ..journal import record_deed
from ..mail.addresses import key_page
from ..mail.outbox import post_letter
from ..people.queries import people_with_role
from ..people.rules import Role
from ..people.tables import Person
from ..refusal import Refusal
from ..rounds.rules import Phase, require_phase
from ..rounds.tables import Round
from .holders import ShareNotReady, UrnOpened, require_shares
from .keys import SHARE_BOX, KeyFolder
from .queries import key_holders, opening_of, typed_shares, urn_of
from .shares import NEEDED, UnfitShares, combined_key, share_hash, typed_share
from .tables import KeyHolder, TypedShare, Urn

logger = logging.getLogger(__name__)

AFTER_CLOSING = (Phase.COUNTING, Phase.RESULT)


class ForeignShare(Refusal):
    """These words are a share, but not of the key of this round."""


class ShareTyped(Refusal):
    """This share was typed in already."""


class NeedsColleague(Refusal):
    """This official typed in a share already; the other one comes from a colleague."""


def type_share(session: Session, *, round: Round, official: Person, words: str, now: datetime) -> TypedShare:
    """A share that was typed in after closing, sealed for the scheduler alone; any official may type any share.

    One that was lost is found by that.
    Raises KeyOnServer, WrongPhase, ShareNotReady, UrnOpened, ForeignShare, ShareTyped, NeedsColleague, and what
    `typed_share` raises.
    """
    lock_row(session, round)
    share_box = _share_box(session, round, now)
    share = typed_share(words)
    holder = _holder_of_share(session, round, share)
    _require_second_pair(typed_shares(session, round.id), holder, official)
    typed = TypedShare(
        round_id=round.id, number=holder.number, person_id=official.id, typed_at=now,
        sealed=SealedBox(PublicKey(share_box)).encrypt(share.encode()),
    )  # fmt: skip
    insert_or_refuse(session, typed, ShareTyped())
    holder.lost_at = holder.lost_by = None
    record_deed(session, "type share", now=now, person_id=official.id, round_id=round.id, number=holder.number)
    return typed


def _share_box(session: Session, round: Round, now: datetime) -> bytes:
    """What shares are sealed with, of a closed urn that waits for them."""
    require_shares(round)
    require_phase(round.schedule, AFTER_CLOSING, now)
    urn = urn_of(session, round.id)
    if urn is None or urn.share_box_key is None:
        raise ShareNotReady()
    if opening_of(session, round.id):
        raise UrnOpened()
    return urn.share_box_key


def _holder_of_share(session: Session, round: Round, share: str) -> KeyHolder:
    for holder in key_holders(session, round.id):
        if holder.share_hash == share_hash(share):
            return holder
    raise ForeignShare()


def _require_second_pair(earlier: Sequence[TypedShare], holder: KeyHolder, official: Person) -> None:
    if any(typed.number == holder.number for typed in earlier):
        raise ShareTyped()
    if any(typed.person_id == official.id for typed in earlier):
        raise NeedsColleague()


def fitting_key(session: Session, *, round: Round, urn: Urn, keys: KeyFolder) -> bytes | None:
    """The private key of the urn; None while two officials have not typed shares that fit. It only reads.

    Raises FileNotFoundError where the server has lost its part.
    """
    if urn.share_box_key is None:
        return keys.private_key(round.id)
    typed = typed_shares(session, round.id)
    if len(typed) < NEEDED:
        return None
    return _put_together(typed[:NEEDED], urn, PrivateKey(keys.private_key(round.id, SHARE_BOX)))


def urn_key(session: Session, *, round: Round, urn: Urn, keys: KeyFolder, now: datetime) -> bytes | None:
    """The same key, to open the urn now: the typed shares are taken out of the database.

    Shares that do not fit are told to the officials, who type again. Raises what `fitting_key` raises.
    """
    key = fitting_key(session, round=round, urn=urn, keys=keys)
    if len(typed_shares(session, round.id)) >= NEEDED:
        session.execute(delete(TypedShare).where(TypedShare.round_id == round.id))
        if key is None:
            _tell_unfit(session, round, now)
    return key


def _put_together(typed: Sequence[TypedShare], urn: Urn, share_box: PrivateKey) -> bytes | None:
    box = SealedBox(share_box)
    try:
        key = combined_key([box.decrypt(each.sealed).decode() for each in typed])
        fits = bytes(PrivateKey(key).public_key) == urn.public_key
    except (CryptoError, UnfitShares, ValueError):
        return None
    return key if fits else None


def _tell_unfit(session: Session, round: Round, now: datetime) -> None:
    logger.error("round %s: two typed shares do not open the urn", round.id)
    for official in people_with_role(session, Role.OFFICIAL):
        post_letter(
            session, kind="shares-unfit", recipient=official.email, now=now,
            name=official.name, round=round.title, path=key_page(round.slug),
        )  # fmt: skip
    record_deed(session, "refuse shares", now=now, round_id=round.id)
