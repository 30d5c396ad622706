"""The voting booth: what this browser remembers between the code and the receipt, never the code nor what is chosen."""

import secrets
from dataclasses import dataclass

from flask import session as cookie
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Forbidden

from ...ballots.actions import require_urn, require_voting
from ...ballots.rules import FrozenRules, OtherBooth
from ...ballots.tables import Entitlement
from ...database import read_clock
from ...rounds.tables import Round
from ..transactions import parts, session
from .statement import STATEMENTS, Statement

_BOOTH = "booth"
_RECEIPT = "receipt"


@dataclass(frozen=True)
class Booth:
    """An entitlement, its round and the frozen rules; `mark` stands on each page of it, and tells it from the next."""

    entitlement_id: int
    mark: str
    round: Round
    rules: FrozenRules

    def statement(self, fields: MultiDict[str, str]) -> Statement:
        """What was filled in on a page of this booth. Raises SpoiltPage."""
        return STATEMENTS[self.rules.ballot_form.form].read(fields)


def enter_booth(entitlement_id: int, round_id: int) -> None:
    """Remember the entitlement that came with a code or an account. Raises WrongPhase, UrnNotReady."""
    _require_voting(round_id)
    require_urn(session(), round_id)
    leave_booth()
    cookie[_BOOTH] = [entitlement_id, secrets.token_hex(8)]


def current_booth() -> Booth | None:
    """The booth of this browser, None before a code was entered; whether voting is on is for others to judge."""
    entitlement_id, mark = cookie.get(_BOOTH, (0, ""))
    entitlement = session().get(Entitlement, entitlement_id)
    if entitlement is None:
        return None
    round_ = session().get_one(Round, entitlement.round_id)
    return Booth(entitlement.id, mark, round_, FrozenRules.parse(require_urn(session(), round_.id).rules))


def require_open(booth: Booth) -> None:
    """Raise WrongPhase unless voting is on."""
    _require_voting(booth.round.id)


def _require_voting(round_id: int) -> None:
    # The clock that will judge the ballot: this machine's own may be hours off, and would turn honest voters away.
    require_voting(session(), round_id, read_clock(session()) + parts().clock.ahead)


def require_same(booth: Booth, mark: str) -> None:
    """Raise OtherBooth if the page that was sent belongs to a code that was entered earlier in this browser."""
    if mark != booth.mark:
        raise OtherBooth()


def keep_receipt(fingerprint: str, round_id: int) -> None:
    """Remember the receipt."""
    cookie[_RECEIPT] = [fingerprint, round_id]


def kept_receipt() -> tuple[str, Round]:
    """The receipt of the ballot that this browser cast, and its round; Forbidden if there is none."""
    if _RECEIPT not in cookie:
        raise Forbidden()
    fingerprint, round_id = cookie[_RECEIPT]
    return fingerprint, session().get_one(Round, round_id)


def leave_booth() -> None:
    """Forget the entitlement and the receipt."""
    for name in (_BOOTH, _RECEIPT):
        cookie.pop(name, None)
