"""The numbers of a published round that anybody can add up, with the names that its package has for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from ...ballots.accounts import accounts_entitled
from ...ballots.queries import code_counts
from ...ballots.tables import Opening
from ...results.publication import rights_used
from ...results.tables import Result
from ...rounds.tables import Round
from ...rounds.voting import Franchise
from ..transactions import session
from ..wording import REASONS


@dataclass(frozen=True)
class Line:
    """What was counted, its name in the manifest, and how many; a part is one of the line above that is none."""

    label: str
    name: str
    count: int
    is_part: bool = False


@dataclass(frozen=True)
class Numbers:
    """All lines, and those that must add up: `used` = `envelopes` = `ballots` + `rejected`."""

    lines: tuple[Line, ...]
    used: int
    envelopes: int
    ballots: int
    rejected: int


def numbers_of(round_: Round, result: Result, opening: Opening) -> Numbers:
    """The numbers of this round."""
    used, rejected = rights_used(session(), round_.id), sum(opening.rejected.values())
    lines = (*_rights(round_, result, used), *_envelopes(result, opening, rejected))
    return Numbers(lines, used, opening.envelopes, result.decided.ballots, rejected)


def _rights(round_: Round, result: Result, used: int) -> Iterator[Line]:
    yield Line(_("Mensen die mogen stemmen"), "eligible", result.eligible)
    if round_.voting.franchise is Franchise.LETTER:
        codes = code_counts(session(), round_.id)
        # as in the package: a letter that took the place of another one was issued, too
        yield Line(_("Brieven met een stemcode"), "issued", codes.issued + codes.replaced)
        yield Line(_("waarvan nieuwe brieven in plaats van een oude"), "replaced", codes.replaced, is_part=True)
        yield Line(_("waarvan geblokkeerd, zonder nieuwe brief"), "blocked", codes.blocked, is_part=True)
        yield Line(_("Stemcodes waarmee is gestemd"), "used", used)
    else:
        yield Line(_("Accounts die mochten stemmen"), "issued", accounts_entitled(session(), round_.id))
        yield Line(_("Accounts waarmee is gestemd"), "used", used)


def _envelopes(result: Result, opening: Opening, rejected: int) -> Iterator[Line]:
    yield Line(_("Enveloppen in de stembus"), "envelopes", opening.envelopes)
    yield Line(_("Getelde stemmen"), "ballots", result.decided.ballots)
    yield Line(_("waarvan blanco"), "blank", result.blank, is_part=True)
    yield Line(_("Enveloppen die wij afkeurden"), "rejected", rejected)
    for reason, count in sorted(opening.rejected.items()):
        label = _("waarvan %(reason)s", reason=REASONS.get(reason, reason))
        yield Line(label, f"rejected: {reason}", count, is_part=True)
