"""The ceremony of a key that officials keep: three step in, and each puts a share on paper, where it can be lost.

What opens an official's share is in that official's browser alone, from stepping in until it is proved to be on paper.
"""

from collections.abc import Sequence
from datetime import datetime

from nacl.public import PrivateKey, SealedBox
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
from ..rounds.rules import Phase, require_phase, require_unfrozen
from ..rounds.tables import FinishedTask, Round
from ..rounds.voting import KeyKeeping
from .freezing import FREEZING
from .queries import can_be_opened, envelopes, is_urn_ready, key_holders, opening_of, urn_of
from .shares import NEEDED, SHARES, require_proof
from .tables import KeyHolder, Urn

CEREMONY = (Phase.REVIEWING, Phase.VOTING)


class KeyOnServer(Refusal):
    """In this round the server keeps the key of the urn, so there are no shares."""


class EnoughHolders(Refusal):
    """Three officials keep a share already."""


class BrowserOfHolder(Refusal):
    """In this browser another official stepped in; two shares must not meet in one place."""


class NotHolder(Refusal):
    """This official keeps no share of the key."""


class ShareNotReady(Refusal):
    """The key has not been made yet, so there are no shares."""


class ShareShown(Refusal):
    """The share was shown, and is shown once."""


class ShareUnreadable(Refusal):
    """The browser no longer has what opens this share: the official signed out, or uses another browser."""


class ShareUnseen(Refusal):
    """The share was not shown yet, so it is on no paper."""


class VotingOpened(Refusal):
    """The urn was open to voters, so its key stays as it is."""


class ShareLost(Refusal):
    """It is known already that this share was lost."""


class OneLossEach(Refusal):
    """This official reported another share lost; with two, voting stops, and that is in nobody's hands alone."""


class ShareNotLost(Refusal):
    """Nobody said that this share was lost."""


class UrnOpened(Refusal):
    """The urn was opened, so its shares are of no use any more."""


def keep_share(session: Session, *, round: Round, official: Person, browser_key: bytes | None, now: datetime) -> bytes:
    """What opens the share that this official is to get, for the official's browser alone.

    `browser_key` is what this browser has of this round; with the official's own nothing changes, and whoever lost it
    steps in anew. Raises KeyOnServer, WrongPhase, RulesFrozen, BrowserOfHolder, EnoughHolders.
    """
    lock_row(session, round)
    require_shares(round)
    require_phase(round.schedule, CEREMONY, now)
    require_unfrozen(round.frozen_at)
    holders = key_holders(session, round.id)
    mine = next((holder for holder in holders if holder.person_id == official.id), None)
    if browser_key is not None and any(can_read_share(browser_key, holder) for holder in holders):
        if mine is None or not can_read_share(browser_key, mine):
            raise BrowserOfHolder()
        return browser_key
    key = PrivateKey.generate()
    holder = mine or _new_holder(round, official, len(holders) + 1)
    holder.public_key, holder.stepped_in_at = bytes(key.public_key), now
    insert_or_refuse(session, holder, EnoughHolders())
    _record(session, "keep share", round, official, now, number=holder.number)
    return bytes(key)


def require_shares(round: Round) -> None:
    """Raise KeyOnServer unless officials keep the key of this round."""
    if round.voting.keys is not KeyKeeping.OFFICIALS:
        raise KeyOnServer()


def can_read_share(browser_key: bytes | None, holder: KeyHolder) -> bool:
    """Whether this browser has what opens the share of this holder."""
    return browser_key is not None and bytes(PrivateKey(browser_key).public_key) == holder.public_key


def _new_holder(round: Round, official: Person, number: int) -> KeyHolder:
    if number > SHARES:
        raise EnoughHolders()
    return KeyHolder(round_id=round.id, number=number, person_id=official.id)


def _record(session: Session, deed: str, round: Round, official: Person, now: datetime, **details: int) -> None:
    record_deed(session, deed, now=now, person_id=official.id, round_id=round.id, **details)


def show_share(
    session: Session, *, round: Round, official: Person, browser_key: bytes | None, now: datetime
) -> tuple[int, str]:
    """The number and the words of the official's share, this once.

    Raises NotHolder, ShareShown, ShareNotReady, ShareUnreadable.
    """
    lock_row(session, round)
    holder = _holder_of(session, round, official)
    if holder.shown_at is not None:
        raise ShareShown()
    words = _opened_share(holder, browser_key)
    holder.shown_at = now
    _record(session, "show share", round, official, now, number=holder.number)
    return holder.number, words


def _opened_share(holder: KeyHolder, browser_key: bytes | None) -> str:
    if holder.sealed_share is None:
        raise ShareNotReady()
    if browser_key is None or not can_read_share(browser_key, holder):
        raise ShareUnreadable()
    return SealedBox(PrivateKey(browser_key)).decrypt(holder.sealed_share).decode()


def confirm_share(
    session: Session, *, round: Round, official: Person, browser_key: bytes | None, typed: Sequence[str], now: datetime
) -> None:
    """The official's share is on paper, as the words of `PROOF` typed from it show; it is stored here no more.

    Once that is proved, another time changes nothing. Raises NotHolder, ShareUnseen, ShareNotReady, ShareUnreadable,
    OtherWord.
    """
    lock_row(session, round)  # nobody begins anew meanwhile
    holder = _holder_of(session, round, official)
    if holder.confirmed_at is not None:
        return
    if holder.shown_at is None:
        raise ShareUnseen()
    require_proof(_opened_share(holder, browser_key), typed)
    holder.sealed_share, holder.confirmed_at = None, now
    _record(session, "confirm share", round, official, now, number=holder.number)


def _holder_of(session: Session, round: Round, official: Person) -> KeyHolder:
    for holder in key_holders(session, round.id):
        if holder.person_id == official.id:
            return holder
    raise NotHolder()


def begin_keys_anew(session: Session, *, round: Round, official: Person, now: datetime) -> None:
    """As before anybody stepped in, with rules and menu that are not frozen; while nobody voted and nobody can.

    Raises KeyOnServer, VotingOpened.
    """
    lock_row(session, round)  # no vote comes in meanwhile, and the scheduler makes no key
    require_shares(round)
    if not can_begin_anew(session, round, now):
        raise VotingOpened()
    session.execute(delete(KeyHolder).where(KeyHolder.round_id == round.id))
    session.execute(delete(Urn).where(Urn.round_id == round.id))
    session.execute(delete(FinishedTask).where(FinishedTask.round_id == round.id, FinishedTask.task == FREEZING))
    round.frozen_at = None
    _record(session, "begin keys anew", round, official, now)


def can_begin_anew(session: Session, round: Round, now: datetime) -> bool:
    """Whether the key can be made anew: nobody voted, and nobody can now."""
    phase, urn = round.schedule.phase_at(now), urn_of(session, round.id)
    was_open = phase is Phase.VOTING and urn is not None and is_urn_ready(session, urn) and can_be_opened(session, urn)
    return phase in CEREMONY and not was_open and not envelopes(session, round.id)


def lose_share(session: Session, *, round: Round, number: int, official: Person, now: datetime) -> None:
    """Write down that nobody has the paper with this share any more.

    Every official hears it when the others are now all needed. Raises KeyOnServer, ShareNotReady, UrnOpened, ShareLost,
    OneLossEach.
    """
    holder = _share_in_use(session, round, number)
    if holder.lost_at is not None:
        raise ShareLost()
    if any(each.lost_by == official.id for each in key_holders(session, round.id)):
        raise OneLossEach()
    holder.lost_at, holder.lost_by = now, official.id
    if sum(each.lost_at is None for each in key_holders(session, round.id)) == NEEDED:
        _tell_all_needed(session, round, now)
    _record(session, "lose share", round, official, now, number=number)


def find_share(session: Session, *, round: Round, number: int, official: Person, now: datetime) -> None:
    """Write down that the paper with this share, which was lost, was found.

    Raises KeyOnServer, ShareNotReady, UrnOpened, ShareNotLost.
    """
    holder = _share_in_use(session, round, number)
    if holder.lost_at is None:
        raise ShareNotLost()
    holder.lost_at = holder.lost_by = None
    _record(session, "find share", round, official, now, number=number)


def _share_in_use(session: Session, round: Round, number: int) -> KeyHolder:
    lock_row(session, round)  # no vote comes in meanwhile
    require_shares(round)
    holder = session.get(KeyHolder, (round.id, number))
    if holder is None or holder.share_hash is None:
        raise ShareNotReady()
    if opening_of(session, round.id):
        raise UrnOpened()
    return holder


def _tell_all_needed(session: Session, round: Round, now: datetime) -> None:
    for official in people_with_role(session, Role.OFFICIAL):
        post_letter(
            session, kind="share-lost", recipient=official.email, now=now,
            name=official.name, round=round.title, path=key_page(round.slug),
        )  # fmt: skip
