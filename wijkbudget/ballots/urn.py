"""Sealing a ballot into an envelope, and opening it again."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from .codes import SYMBOLS
from .rules import Ballot, FrozenRules, canonical

NONCE_BYTES = 16
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_VERSION = 1
_TRACKER = re.compile(f"[{SYMBOLS}]{{16}}")


class SpoiltEnvelope(Exception):
    """The envelope does not hold a ballot of this round; `args[0]` is the reason, one word."""


@dataclass(frozen=True)
class Opened:
    """What an envelope held: the tracker and the chosen plan ids."""

    tracker: str
    choices: tuple[int, ...]


def tracker_of(nonce: bytes) -> str:
    """The public name of a counted ballot; one way from the nonce, apart from `retry_mark_of`."""
    return symbols(hmac.digest(nonce, b"wijkbudget tracker 1", hashlib.sha256))


def retry_mark_of(nonce: bytes) -> bytes:
    """What tells a repeated request from a new vote; one way from the nonce, it cannot be matched to the tracker."""
    return hmac.digest(nonce, b"wijkbudget retry mark 1", hashlib.sha256)


def fingerprint_of(sealed: bytes) -> str:
    """The receipt: it proves that this envelope is in the urn, and tells nothing of what it holds."""
    return symbols(hashlib.sha256(sealed).digest())


def symbols(digest: bytes) -> str:
    """The first 80 bits of a digest as 16 symbols of Crockford's base32."""
    return base64.b32encode(digest[:10]).decode().translate(str.maketrans(_RFC4648, SYMBOLS))


def plain_length(rules: FrozenRules) -> int:
    """The length in bytes to which every ballot of the round is padded: that of one that names the whole menu."""
    everything = Ballot(tuple(item.plan_id for item in rules.menu))
    return len(_plain(everything, round_id=rules.round_id, tracker=symbols(bytes(32))))


def seal(ballot: Ballot, *, rules: FrozenRules, public_key: bytes, nonce: bytes) -> bytes:
    """The ballot as an envelope of the round's one length, which only the private key opens."""
    plain = _plain(ballot, round_id=rules.round_id, tracker=tracker_of(nonce))
    return SealedBox(PublicKey(public_key)).encrypt(plain.ljust(plain_length(rules), b"\0"))


def unseal(sealed: bytes, *, round_id: int, private_key: bytes) -> Opened:
    """What the envelope holds. Raises SpoiltEnvelope: `unreadable` or `other-round`."""
    try:
        plain = SealedBox(PrivateKey(private_key)).decrypt(sealed).rstrip(b"\0")
        values = json.loads(plain)
        opened, sealed_for = Opened(values["tracker"], tuple(values["choices"])), values["round"]
        is_ours = plain == _plain(Ballot(opened.choices), round_id=sealed_for, tracker=opened.tracker)
    except (CryptoError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SpoiltEnvelope("unreadable") from error
    if not is_ours or not _is_storable(opened):
        raise SpoiltEnvelope("unreadable")
    if sealed_for != round_id:
        raise SpoiltEnvelope("other-round")
    return opened


def _is_storable(opened: Opened) -> bool:
    """Whether it can be stored and counted, so that nothing that somebody slipped into the urn stops the count."""
    is_tracker = isinstance(opened.tracker, str) and _TRACKER.fullmatch(opened.tracker) is not None
    return is_tracker and all(type(choice) is int for choice in opened.choices)  # True and 1.0 would pass for 1


def _plain(ballot: Ballot, *, round_id: int, tracker: str) -> bytes:
    values = {"version": _VERSION, "round": round_id, "tracker": tracker, "choices": list(ballot.choices)}
    return canonical(values).encode()
