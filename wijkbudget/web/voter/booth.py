"""The voting booth: what this browser remembers between the code and the receipt. The code itself is not kept."""

from dataclasses import dataclass

from flask import session as cookie
from werkzeug.exceptions import Forbidden

from ...ballots.actions import require_urn
from ...ballots.rules import FrozenRules
from ...ballots.tables import Entitlement, VotingCode
from ...rounds.rules import Phase, require_phase
from ...rounds.tables import Round
from ..transactions import now, session

_BOOTH = "booth"
_CHOICES = "choices"
_RECEIPT = "receipt"


@dataclass(frozen=True)
class Booth:
    """A right to vote, its round, and the frozen rules."""

    entitlement_id: int
    round: Round
    rules: FrozenRules


def enter_booth(code: VotingCode) -> None:
    """Remember the right to vote that came with this code. Raises WrongPhase, UrnNotReady."""
    round_ = session().get_one(Round, code.round_id)
    require_phase(round_.schedule, Phase.VOTING, now())
    require_urn(session(), round_.id)
    leave_booth()
    cookie[_BOOTH] = code.entitlement_id


def current_booth() -> Booth | None:
    """The booth of this browser, None before a code was entered. Raises WrongPhase when voting is over."""
    entitlement = session().get(Entitlement, cookie.get(_BOOTH, 0))
    if entitlement is None:
        return None
    round_ = session().get_one(Round, entitlement.round_id)
    require_phase(round_.schedule, Phase.VOTING, now())
    return Booth(entitlement.id, round_, FrozenRules.parse(require_urn(session(), round_.id).rules))


def keep_choices(choices: list[int]) -> None:
    """Remember what is chosen until the vote is sent; nothing of it reaches the database."""
    cookie[_CHOICES] = choices


def kept_choices() -> list[int] | None:
    """What was chosen so far: plan ids, none for a blank vote, None if nothing was chosen yet."""
    return cookie.get(_CHOICES)


def keep_receipt(fingerprint: str, round_id: int) -> None:
    """Remember the receipt, and forget the choices."""
    cookie.pop(_CHOICES, None)
    cookie[_RECEIPT] = [fingerprint, round_id]


def kept_receipt() -> tuple[str, Round]:
    """The receipt of the ballot that this browser cast, and its round; Forbidden if there is none."""
    if _RECEIPT not in cookie:
        raise Forbidden()
    fingerprint, round_id = cookie[_RECEIPT]
    return fingerprint, session().get_one(Round, round_id)


def leave_booth() -> None:
    """Forget the right to vote, the choices and the receipt."""
    for name in (_BOOTH, _CHOICES, _RECEIPT):
        cookie.pop(name, None)
