"""What opening and counting cost for each ballot, and a whole round with its database."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from secrets import token_bytes

from nacl.public import PrivateKey, SealedBox
from sqlalchemy import insert

from wijkbudget.ballots.freezing import freeze_rules
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.opening import opened_contents
from wijkbudget.ballots.rules import Ballot, FrozenRules, MenuItem, chosen
from wijkbudget.ballots.tables import Entitlement, Envelope
from wijkbudget.ballots.urn import seal
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.results.actions import count_round
from wijkbudget.results.drafts import draft_count
from wijkbudget.results.rules import counted
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.tables import Round
from wijkbudget.schema import create_tables
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.rule import Rule
from wijkbudget.tally.ties import Lot

from .measure import Figure, cost
from .rounds import add_round

BALLOTS = 2000
ENVELOPES = 100_000
MENU = tuple(MenuItem(number, f"Plan {number}", 300_000) for number in range(1, 21))
RULES = FrozenRules(
    round_id=1, title="Benchmark", kind="wijkbudget", area="Bezuidenhout", budget=4_000_000, schedule={},
    ballot_form=BallotForm(Form.BASKET), like_threshold=0, criteria=(), eligible=ENVELOPES,
    reference_date="2026-01-01", menu=MENU,
)  # fmt: skip


def figures() -> list[Figure]:
    """Opening an envelope by the library alone first, then our opening, the count, then whole rounds."""
    key = PrivateKey.generate()
    ballots = made_up(BALLOTS)
    sealed = [seal(ballot, rules=RULES, public_key=bytes(key.public_key), nonce=token_bytes(16)) for ballot in ballots]
    box = SealedBox(key)
    contents = opened_contents(sealed, rules=RULES, private_key=bytes(key))
    opened = [Ballot(ballot.points) for ballot in contents.ballots]
    works = {
        "the library opens an envelope": lambda: [box.decrypt(envelope) for envelope in sealed],
        "open, check and reject": lambda: opened_contents(sealed, rules=RULES, private_key=bytes(key)),
        "count": lambda: counted(RULES, opened, lot=Lot("0" * 64, "1")),
    }
    totals = [cost(name, work, times=1) for name, work in works.items()]
    each = [Figure(total.name, total.seconds / BALLOTS) for total in totals]
    return [*each, *whole_round(MostVotes()), *whole_round(EqualShares())]


def made_up(number: int) -> list[Ballot]:
    """So many ballots of one to eight plans, few of them alike."""
    chance = Random(number)
    return [Ballot(chosen(sorted(chance.sample(range(1, 21), 1 + ballot % 8)))) for ballot in range(number)]


def whole_round(rule: Rule) -> list[Figure]:
    """By the clock on the wall: a round of a hundred thousand envelopes, and how long of it nobody else can write."""
    with tempfile.TemporaryDirectory() as folder:
        database, keys = Database(f"sqlite:///{Path(folder) / 'round.db'}"), KeyFolder(Path(folder) / "keys")
        create_tables(database)
        round_id = _fill(database, keys, rule)
        start = time.perf_counter()
        with database.reading() as session:
            draft = draft_count(session, round=session.get_one(Round, round_id), keys=keys)
        drafted, clock = time.perf_counter(), Clock(timedelta(days=3.5))
        with database.transaction() as session:
            count_round(session, round=session.get_one(Round, round_id), keys=keys, clock=clock, draft=draft)
        end = time.perf_counter()
        database.engine.dispose()
    names = {f"a round of {ENVELOPES}, {rule.name}": end - start, "  of which nobody else can write": end - drafted}
    return [Figure(name, seconds / ENVELOPES) for name, seconds in names.items()]


def _fill(database: Database, keys: KeyFolder, rule: Rule) -> int:
    with database.transaction() as session:
        round = add_round(session, now=Clock().now(), rule=rule, eligible=ENVELOPES)
        urn = freeze_rules(session, round=round, menu=MENU, keys=keys, now=round.voting_from)
        rules = FrozenRules.parse(urn.rules)
        rights = [{"id": number, "round_id": round.id} for number in range(1, ENVELOPES + 1)]
        session.connection().execute(insert(Entitlement), rights)
        session.connection().execute(insert(Envelope), _envelopes(rules, urn.public_key))
        return round.id


def _envelopes(rules: FrozenRules, public_key: bytes) -> list[dict[str, object]]:
    return [
        {
            "entitlement_id": number,
            "round_id": rules.round_id,
            "sealed": seal(ballot, rules=rules, public_key=public_key, nonce=token_bytes(16)),
            "retry_mark": token_bytes(32),
        }
        for number, ballot in enumerate(made_up(ENVELOPES), start=1)
    ]
