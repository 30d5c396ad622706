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
from .forms import Points
from .rules import Ballot, FrozenRules, canonical, longest_ballot

NONCE_BYTES = 16
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_VERSION = 2
_TRACKER = re.compile(f"[{SYMBOLS}]{{16}}")


class SpoiltEnvelope(Exception):
    """The envelope does not hold a ballot of this round; `args[0]` is the reason, one word."""


@dataclass(frozen=True)
class Opened:
    """What an envelope held: the tracker and the points for plans."""

    tracker: str
    points: Points


def own_nonce(nonce: bytes, entitlement_id: int) -> bytes:
    """The page's nonce as that of one right to vote: sent with another one, the page gives no copy but a ballot."""
    return hmac.digest(nonce, b"wijkbudget right to vote %d" % entitlement_id, hashlib.sha256)[:NONCE_BYTES]


def tracker_of(nonce: bytes) -> str:
    """The public name of a counted ballot; one way from the nonce, apart from `retry_mark_of`."""
    return symbols(hmac.digest(nonce, b"wijkbudget tracker 1", hashlib.sha256))


def retry_mark_of(nonce: bytes) -> bytes:
    """What tells a repeated request from a new vote; one way from the nonce, it cannot be matched to the tracker."""
    return hmac.digest(nonce, b"wijkbudget retry mark 1", hashlib.sha256)


def digest_of(sealed: bytes) -> bytes:
    """SHA-256 of an envelope, to be published; the envelope itself would, with the key, lead from receipt to choice."""
    return hashlib.sha256(sealed).digest()


def fingerprint_of(sealed: bytes) -> str:
    """The receipt: it proves that this envelope is in the urn, and tells nothing of what it holds."""
    return symbols(digest_of(sealed))


def symbols(digest: bytes) -> str:
    """The first 80 bits of a digest as 16 symbols of Crockford's base32."""
    return base64.b32encode(digest[:10]).decode().translate(str.maketrans(_RFC4648, SYMBOLS))


def digest_start(written: str) -> bytes:
    """The 80 bits that `symbols` wrote as 16 symbols."""
    return base64.b32decode(written.translate(str.maketrans(SYMBOLS, _RFC4648)))


def plain_length(rules: FrozenRules) -> int:
    """The length in bytes to which every ballot of the round is padded: no ballot of its form is longer."""
    return len(_plain(longest_ballot(rules), round_id=rules.round_id, tracker=symbols(bytes(32))))


def seal(ballot: Ballot, *, rules: FrozenRules, public_key: bytes, nonce: bytes) -> bytes:
    """The ballot as an envelope of the round's one length, which only the private key opens."""
    plain = _plain(ballot, round_id=rules.round_id, tracker=tracker_of(nonce))
    return SealedBox(PublicKey(public_key)).encrypt(plain.ljust(plain_length(rules), b"\0"))


def unseal(sealed: bytes, *, round_id: int, private_key: bytes) -> Opened:
    """What the envelope holds. Raises SpoiltEnvelope: `unreadable` or `other-round`."""
    return Opener(private_key).unseal(sealed, round_id=round_id)


class Opener:
    """Opens many envelopes with one key; what follows from the key alone takes as long as half an envelope."""

    def __init__(self, private_key: bytes) -> None:
        self._box = SealedBox(PrivateKey(private_key))

    def unseal(self, sealed: bytes, *, round_id: int) -> Opened:
        """What the envelope holds. Raises SpoiltEnvelope: `unreadable` or `other-round`."""
        try:
            plain = self._box.decrypt(sealed).rstrip(b"\0")
        except (CryptoError, ValueError) as error:
            raise SpoiltEnvelope("unreadable") from error
        return _read(plain, round_id)


def _read(plain: bytes, round_id: int) -> Opened:
    try:
        values = json.loads(plain)
        points = tuple((plan_id, given) for plan_id, given in values["points"])
        opened, sealed_for = Opened(values["tracker"], points), values["round"]
        is_ours = plain == _plain(Ballot(tuple(sorted(points))), round_id=sealed_for, tracker=opened.tracker)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SpoiltEnvelope("unreadable") from error
    if not is_ours or not _is_storable(opened):
        raise SpoiltEnvelope("unreadable")
    if sealed_for != round_id:
        raise SpoiltEnvelope("other-round")
    return opened


def _is_storable(opened: Opened) -> bool:
    """Whether it can be stored and counted, so that nothing that somebody slipped into the urn stops the count."""
    is_tracker = isinstance(opened.tracker, str) and _TRACKER.fullmatch(opened.tracker) is not None
    # True and 1.0 would pass for 1
    return is_tracker and all(type(number) is int for pair in opened.points for number in pair)


def _plain(ballot: Ballot, *, round_id: int, tracker: str) -> bytes:
    values = {"version": _VERSION, "round": round_id, "tracker": tracker, "points": ballot.points}
    return canonical(values).encode()
