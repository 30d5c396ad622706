"""Freezing the rules and the menu, and making the key of the urn: for the server, or split among three officials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from secrets import token_bytes

from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy.orm import Session

from ..journal import record_deed
from ..rounds.tables import Round
from ..rounds.voting import KeyKeeping
from .keys import SHARE_BOX, KeyFolder
from .queries import key_holders
from .rules import FrozenRules, MenuItem, counting_document, longest_ballot
from .shares import NEEDED, SHARES, combined_key, share_hash, split_key
from .tables import KeyHolder, Urn
from .urn import NONCE_BYTES, seal, tracker_of, unseal

FREEZING = "freeze rules"
"""The name of the scheduler's task, and of the deed in the journal."""


@dataclass(frozen=True)
class _PublicKeys:
    """What the urn seals ballots with, and what typed shares are sealed with if officials keep the key."""

    ballots: bytes
    shares: bytes | None = None


def can_freeze(session: Session, round: Round, now: datetime) -> bool:
    """Whether who is to keep the key is there: the server from the start of voting on, or three officials.

    The caller holds the round's row.
    """
    if _is_for_officials(round, now):
        return len(key_holders(session, round.id)) == SHARES
    return round.schedule.voting <= now


def _is_for_officials(round: Round, now: datetime) -> bool:
    # Once voting is over nobody can seal a ballot with the key any more, so it guards nothing and waits for nobody.
    return round.voting.keys is KeyKeeping.OFFICIALS and now < round.schedule.counting


def freeze_rules(session: Session, *, round: Round, menu: Sequence[MenuItem], keys: KeyFolder, now: datetime) -> Urn:
    """The urn of the round, with its rules as they are now; a probe ballot proves that what is sealed can be opened.

    The key of an urn that comes too late for any vote is the server's. Raises ValueError where officials are to keep it
    and fewer than three stepped in.
    """
    rules = _rules_of(round, menu)
    is_shared = _is_for_officials(round, now)
    public = _make_shares(key_holders(session, round.id), rules, keys) if is_shared else _make_key(rules, keys)
    urn = Urn(
        round_id=round.id, rules=rules.document(), rules_hash=rules.hash, public_key=public.ballots,
        share_box_key=public.shares, frozen_at=now,
    )  # fmt: skip
    session.add(urn)
    # Freezing makes a new version of the round: terms that are changed at this very moment, by an official whose clock
    # still said "before voting", are either in the urn or refused, never half of each.
    round.frozen_at = now
    session.flush()
    record_deed(session, FREEZING, now=now, round_id=round.id, rules_hash=rules.hash)
    return urn


def _make_key(rules: FrozenRules, keys: KeyFolder) -> _PublicKeys:
    public_key = keys.make_key(rules.round_id)
    _require_openable(rules, public_key, keys.private_key(rules.round_id))
    return _PublicKeys(public_key)


def _make_shares(holders: Sequence[KeyHolder], rules: FrozenRules, keys: KeyFolder) -> _PublicKeys:
    """Give each holder a share of a new key, sealed for that holder alone; the key itself is stored nowhere."""
    key = PrivateKey.generate()
    public_key, shares = bytes(key.public_key), split_key(bytes(key))
    for pair in combinations(shares, NEEDED):
        if combined_key(pair) != bytes(key):
            raise RuntimeError("two shares do not give the key that was split")
        _require_openable(rules, public_key, combined_key(pair))
    for holder, share in zip(holders, shares, strict=True):
        holder.sealed_share = SealedBox(PublicKey(holder.public_key)).encrypt(share.encode())
        holder.share_hash = share_hash(share)
    return _PublicKeys(public_key, keys.make_key(rules.round_id, SHARE_BOX))


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
        voting=round.voting,
    )


def _require_openable(rules: FrozenRules, public_key: bytes, private_key: bytes) -> None:
    probe, nonce = longest_ballot(rules), token_bytes(NONCE_BYTES)
    sealed = seal(probe, rules=rules, public_key=public_key, nonce=nonce)
    opened = unseal(sealed, round_id=rules.round_id, private_key=private_key)
    if (opened.tracker, opened.points) != (tracker_of(nonce), probe.points):
        raise RuntimeError("the probe ballot did not come out of its envelope as it went in")
