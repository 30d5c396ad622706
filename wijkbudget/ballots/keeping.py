"""How far the key of a urn is, for who looks after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from ..rounds.tables import Round
from .queries import is_urn_ready, key_holders, opening_of, typed_shares, urn_of
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


@dataclass(frozen=True)
class Keeping:
    """The stage of a round's key, who keeps it, and which shares were typed in to open the urn."""

    stage: KeyStage
    urn: Urn | None
    holders: Sequence[KeyHolder]
    typed: Sequence[TypedShare]

    @property
    def is_open_to_voters(self) -> bool:
        """Whether ballots can be sealed: the key is safe with whoever is to open the urn."""
        return self.stage not in (KeyStage.GATHERING, KeyStage.PREPARING, KeyStage.SHOWING)

    @property
    def waits_for_shares(self) -> bool:
        """Whether the urn cannot be opened before more shares are typed in."""
        return self.stage in (KeyStage.SHOWING, KeyStage.KEPT) and bool(self.holders) and len(self.typed) < NEEDED

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
    return Keeping(_stage(session, urn, holders), urn, holders, typed_shares(session, round.id))


def _stage(session: Session, urn: Urn | None, holders: Sequence[KeyHolder]) -> KeyStage:
    if urn is None:
        return KeyStage.GATHERING if len(holders) < SHARES else KeyStage.PREPARING
    if urn.key_destroyed_at is not None:
        return KeyStage.DESTROYED
    if opening_of(session, urn.round_id) is not None:
        return KeyStage.OPENED
    return KeyStage.KEPT if is_urn_ready(session, urn) else KeyStage.SHOWING
