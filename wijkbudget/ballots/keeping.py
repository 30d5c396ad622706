"""How far the key of a urn is, for who looks after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from ..rounds.tables import Round
from .queries import has_envelopes, is_urn_ready, key_holders, opening_of, typed_shares, urn_of
from .shares import NEEDED, SHARES
from .tables import KeyHolder, TypedShare, Urn


class KeyStage(StrEnum):
    """The stages of a key, in order; one that the server keeps is gathered until the rules are frozen, then kept."""

    GATHERING = "gathering"
    """Those who are to keep it are not all there."""
    PREPARING = "preparing"
    """They are; the scheduler makes it within a minute."""
    SHOWING = "showing"
    """Each share waits to be on its official's paper."""
    KEPT = "kept"
    OPENED = "opened"
    """The urn was opened with it."""
    DESTROYED = "destroyed"


LOCKED = (KeyStage.SHOWING, KeyStage.KEPT)
"""There is an urn, and it was not opened."""


@dataclass(frozen=True)
class Keeping:
    """The stage of a round's key, who keeps it, which shares were typed in to open the urn, and whether that holds any
    envelope.
    """

    stage: KeyStage
    urn: Urn | None
    holders: Sequence[KeyHolder]
    typed: Sequence[TypedShare]
    has_envelopes: bool

    @property
    def is_open_to_voters(self) -> bool:
        """Whether ballots can be sealed: the key is safe with whoever is to open the urn."""
        return self.stage not in (KeyStage.GATHERING, KeyStage.PREPARING, KeyStage.SHOWING)

    @property
    def waits_for_shares(self) -> bool:
        """Whether the urn cannot be opened before more shares are typed in; an empty one takes none."""
        is_shared = self.urn is not None and self.urn.share_box_key is not None
        return self.stage in LOCKED and is_shared and self.has_envelopes and len(self.typed) < NEEDED

    @property
    def lost(self) -> int:
        """How many shares were lost."""
        return sum(holder.lost_at is not None for holder in self.holders)

    @property
    def is_lost(self) -> bool:
        """Whether so many shares were lost that nobody can open the urn, and nobody votes."""
        return self.lost > SHARES - NEEDED


def keeping_of(session: Session, round: Round) -> Keeping:
    """How far the key of this round is."""
    urn, holders = urn_of(session, round.id), key_holders(session, round.id)
    stage, typed = _stage(session, urn, holders), typed_shares(session, round.id)
    return Keeping(stage, urn, holders, typed, has_envelopes(session, round.id))


def _stage(session: Session, urn: Urn | None, holders: Sequence[KeyHolder]) -> KeyStage:
    if urn is None:
        return KeyStage.GATHERING if len(holders) < SHARES else KeyStage.PREPARING
    if urn.key_destroyed_at is not None:
        return KeyStage.DESTROYED
    if opening_of(session, urn.round_id) is not None:
        return KeyStage.OPENED
    return KeyStage.KEPT if is_urn_ready(session, urn) else KeyStage.SHOWING


def was_open(session: Session, round: Round) -> bool:
    """Whether anybody could vote in this closed round: before that, whoever was to keep the key of the urn had it."""
    urn, closed_at = urn_of(session, round.id), round.schedule.counting
    if urn is None or urn.frozen_at >= closed_at:
        return False
    kept = [holder.confirmed_at for holder in key_holders(session, round.id)] if urn.share_box_key else []
    return all(moment is not None and moment < closed_at for moment in kept)
