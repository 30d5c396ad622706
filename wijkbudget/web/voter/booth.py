"""The voting booth: what this browser remembers between the code and the receipt, never the code nor what is chosen."""

import secrets
from dataclasses import dataclass

from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from ...ballots.actions import require_casting, require_live, require_urn, require_voting
from ...ballots.queries import has_voted
from ...ballots.receipts import NoReceipt
from ...ballots.rules import AlreadyVoted, FrozenRules, OtherBooth
from ...ballots.tables import Entitlement
from ...database import read_clock
from ...rounds.tables import Round
from ..transactions import parts, reading, session
from .statement import STATEMENTS, Statement

_BOOTH = "booth"
_RECEIPT = "receipt"


@dataclass(frozen=True)
class Booth:
    """An entitlement, its round and the frozen rules; `mark` stands on each page of it, and tells it from the next.

    `code_mac` is that of the code that opened it, None for an account: a letter that is replaced meanwhile votes no
    more, and who can forge cookies but reads neither codes nor the database opens no booth.
    """

    entitlement_id: int
    code_mac: bytes | None
    mark: str
    round: Round
    rules: FrozenRules

    def statement(self, fields: MultiDict[str, str]) -> Statement:
        """What was filled in on a page of this booth. Raises SpoiltPage."""
        return STATEMENTS[self.rules.ballot_form.form].read(fields)


@dataclass(frozen=True)
class Receipt:
    """The fingerprint of the ballot that this browser cast last, its round, and the right to vote it was cast with."""

    fingerprint: str
    round: Round
    entitlement_id: int


def enter_booth(entitlement_id: int, round_id: int, code_mac: bytes | None = None) -> None:
    """Remember the entitlement that came with an account, or with the code that has this MAC.

    Raises WrongPhase, UrnNotReady, KeyLost, AlreadyVoted after a final vote.
    """
    _require_voting(round_id)
    _require_vote_left(entitlement_id, FrozenRules.parse(require_casting(session(), round_id).rules))
    leave_booth()
    cookie[_BOOTH] = [entitlement_id, code_mac, secrets.token_hex(8)]


def current_booth(reader: Session | None = None) -> Booth | None:
    """The booth of this browser, None before a code was entered; whether voting is on is for others to judge.

    Read by the session of this request unless by `reader`.
    """
    match cookie.get(_BOOTH):
        case [int() as entitlement_id, bytes() | None as code_mac, str() as mark]:
            return _booth(reader or session(), entitlement_id, code_mac, mark)
    return None  # no code was entered, or with a version of ours that wrote something else


def _booth(reader: Session, entitlement_id: int, code_mac: bytes | None, mark: str) -> Booth | None:
    entitlement = reader.get(Entitlement, entitlement_id)
    if entitlement is None or (code_mac is None and entitlement.person_id is None):
        return None
    round_ = reader.get_one(Round, entitlement.round_id)
    return Booth(entitlement.id, code_mac, mark, round_, FrozenRules.parse(require_urn(reader, round_.id).rules))


def require_open(booth: Booth) -> None:
    """Raise WrongPhase unless voting is on; UnknownCode if the code was blocked; AlreadyVoted after a final vote."""
    _require_voting(booth.round.id)
    require_live(session(), booth.entitlement_id, booth.code_mac)
    _require_vote_left(booth.entitlement_id, booth.rules)


def _require_voting(round_id: int) -> None:
    # The clock that will judge the ballot: this machine's own may be hours off, and would turn honest voters away.
    require_voting(session(), round_id, read_clock(session()) + parts().clock.ahead)


def _require_vote_left(entitlement_id: int, rules: FrozenRules) -> None:
    if rules.voting.is_final and has_voted(session(), entitlement_id):
        raise AlreadyVoted(franchise=rules.voting.franchise)


def require_same(booth: Booth, mark: str) -> None:
    """Raise OtherBooth if the page that was sent belongs to a code that was entered earlier in this browser."""
    if mark != booth.mark:
        raise OtherBooth()


def keep_receipt(fingerprint: str, booth: Booth) -> Receipt:
    """Remember the receipt of a ballot that was cast in this booth."""
    cookie[_RECEIPT] = [fingerprint, booth.round.id, booth.entitlement_id]
    return Receipt(fingerprint, booth.round, booth.entitlement_id)


def kept_receipt() -> Receipt:
    """The receipt of the ballot that this browser cast last. Raises NoReceipt."""
    if _RECEIPT not in cookie:
        raise NoReceipt()
    fingerprint, round_id, entitlement_id = cookie[_RECEIPT]
    return Receipt(fingerprint, reading().get_one(Round, round_id), entitlement_id)


def leave_booth() -> None:
    """Forget the entitlement and the receipt."""
    for name in (_BOOTH, _RECEIPT):
        cookie.pop(name, None)
