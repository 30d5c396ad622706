"""The canary: a vote that is cast in a round of its own, as voters do, and then opened as the count does.

In a real round nobody can look whether votes can be read before it is closed; here somebody does, every few minutes.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import SystemRandom, token_bytes

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..ballots.actions import cast_ballot, require_urn
from ..ballots.forms import Points
from ..ballots.freezing import freeze_rules
from ..ballots.keys import KeyFolder
from ..ballots.opening import opened_contents
from ..ballots.queries import envelope_mark
from ..ballots.rules import FrozenRules, MenuItem, chosen
from ..ballots.tables import Entitlement, Envelope
from ..ballots.urn import NONCE_BYTES, fingerprint_of, own_nonce, tracker_of
from ..clock import Clock
from ..database import Database
from ..rounds.forms import BallotForm, Form
from ..rounds.rules import Counting, Electorate, Kind, Schedule
from ..rounds.tables import Round
from ..rounds.voting import Franchise, VotingTerms
from .queries import books_of, canary_round, keepers
from .rules import disagreement

HANDFUL = 5
MOST_CHOICES = 3
MENU = tuple(MenuItem(-number, f"Proefplan {number}", number * 100_000) for number in range(1, HANDFUL + 1))
"""No plan has such a number."""
SCHEDULE = Schedule(
    submitting=datetime(2000, 1, 1, tzinfo=UTC),
    reviewing=datetime(2000, 1, 2, tzinfo=UTC),
    voting=datetime(2000, 1, 3, tzinfo=UTC),
    counting=datetime(9999, 1, 1, tzinfo=UTC),
    result=datetime(9999, 2, 1, tzinfo=UTC),
)
"""Its voting has always begun and never ends."""

_random = SystemRandom()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cast:
    """A ballot that was cast, and the receipt for it."""

    round_id: int
    entitlement_id: int
    points: Points
    nonce: bytes
    receipt: str


def fly_canary(database: Database, *, keys: KeyFolder, clock: Clock) -> str | None:
    """Cast a ballot, open the urn and compare; gives what is wrong, in words."""
    try:
        with database.transaction() as session:
            round_id = (canary_round(session) or make_canary(session, keys=keys, now=clock.now())).id
        with database.transaction() as session:
            cast = cast_any(session, round_id, clock)
        with database.reading() as session:
            return difference(session, cast, keys)
    except OSError as failure:
        return f"its private key cannot be read ({type(failure).__name__})"
    except Exception as failure:
        logger.exception("the canary failed")
        return f"its ballot could not be cast or read ({type(failure).__name__})"


def make_canary(session: Session, *, keys: KeyFolder, now: datetime) -> Round:
    """The canary's round, its urn and a few rights to vote, those of officials and administrators."""
    people = keepers(session, HANDFUL)
    round = Round(
        slug="", is_canary=True, kind=Kind.WIJKBUDGET, title="Proefronde van het systeem", area_name="Nergens",
        neighbourhoods=[], budget=sum(item.cost for item in MENU), like_threshold=0, criteria=[], schedule=SCHEDULE,
        ballot_form=BallotForm(Form.APPROVAL, MOST_CHOICES), counting=Counting(),
        electorate=Electorate(len(people), date(2000, 1, 1)), voting=VotingTerms(franchise=Franchise.ACCOUNT),
        made_at=now, made_by=people[0],
    )  # fmt: skip
    session.add(round)
    session.flush()
    session.add_all(Entitlement(round_id=round.id, person_id=person_id) for person_id in people)
    freeze_rules(session, round=round, menu=MENU, keys=keys, now=now)
    return round


def cast_any(session: Session, round_id: int, clock: Clock) -> Cast:
    """Cast any valid ballot with any of the canary's rights, in the place of the one that lies there."""
    rights = session.scalars(select(Entitlement.id).where(Entitlement.round_id == round_id)).all()
    entitlement_id, nonce = _random.choice(rights), token_bytes(NONCE_BYTES)
    plans = _random.sample([item.plan_id for item in MENU], _random.randint(0, MOST_CHOICES))
    points = chosen(sorted(plans))
    receipt = cast_ballot(
        session,
        entitlement_id=entitlement_id,
        points=points,
        nonce=nonce,
        clock=clock,
        replaces=envelope_mark(session, entitlement_id),
    )
    return Cast(round_id, entitlement_id, points, nonce, receipt)


def difference(session: Session, cast: Cast, keys: KeyFolder) -> str | None:
    """What is not as it was cast, in words. Raises OSError if the key cannot be read."""
    envelopes = _envelopes(session, cast.round_id)
    rules = FrozenRules.parse(require_urn(session, cast.round_id).rules)
    contents = opened_contents(envelopes.values(), rules=rules, private_key=keys.private_key(cast.round_id))
    if fingerprint_of(envelopes.get(cast.entitlement_id, b"")) != cast.receipt:
        return "the receipt is not that of the envelope in the urn"
    if contents.rejected:
        return f"envelopes were rejected: {', '.join(sorted(contents.rejected))}"
    tracker = tracker_of(own_nonce(cast.nonce, cast.entitlement_id))
    if {ballot.tracker: ballot.points for ballot in contents.ballots}.get(tracker) != cast.points:
        return "the ballot did not come out of its envelope as it was cast"
    found = disagreement(books_of(session, cast.round_id))
    return str(found) if found else None


def _envelopes(session: Session, round_id: int) -> dict[int, bytes]:
    rows = select(Envelope.entitlement_id, Envelope.sealed).where(Envelope.round_id == round_id)
    return dict(session.execute(rows).tuples().all())
