"""Votes that an attacker watches, what is stolen afterwards, and every order that it shows."""

import re
import secrets
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from sqlalchemy import select, text

from tests.builders import PEPPER
from tests.faults.browsers import Browser, Fields, nonce_of
from tests.faults.dumps import Target
from tests.faults.polls import Poll
from tests.faults.site import Site
from tests.faults.traces import Knowledge, orders_in, shuffled
from tests.files import bytes_of
from wijkbudget.ballots.codes import code_mac, parsed_code
from wijkbudget.ballots.tables import Envelope
from wijkbudget.ballots.urn import fingerprint_of, own_nonce, retry_mark_of, symbols, tracker_of

ZEROS = re.compile(rb"\0{32,}")
CLASSIC = (
    "CREATE TABLE has_voted (entitlement_id INTEGER PRIMARY KEY)",
    "CREATE TABLE plain_ballot (name VARCHAR(16) PRIMARY KEY, choices TEXT NOT NULL)",
)
"""Two tables without a key between them: what looks like a secret ballot, and is none."""


@dataclass(frozen=True)
class Cast:
    """One vote as the attacker saw it cast, and what only the voter's browser knew: the nonce and the choices.

    A proxy noted the `lengths` of the answers before the receipt; `is_change` if an earlier vote was replaced.
    """

    entitlement: int
    code: str
    nonce: bytes
    plans: list[int]
    lengths: tuple[int, ...]
    is_change: bool = False

    @property
    def tracker(self) -> str:
        return tracker_of(own_nonce(self.nonce, self.entitlement))

    @property
    def classic(self) -> str:
        """The name of the ballot of the classic design: random to everybody else."""
        return symbols(retry_mark_of(self.nonce[::-1]))


@dataclass(frozen=True)
class Loot:
    """What was taken before the urn was opened and after it, by what it is, and the votes by round in their order."""

    target: Target
    before: dict[str, bytes]
    after: dict[str, bytes]
    votes: dict[int, list[Cast]]

    @property
    def all_votes(self) -> list[Cast]:
        return [cast for votes in self.votes.values() for cast in votes]


def voted(poll: Poll, site: Site) -> list[Cast]:
    """Everybody votes, in an order that the attacker sees, each for other plans; the classic tables are written too.

    One in three voted for something else before.
    """
    subsets = [list(plans) for size in range(len(poll.plans) + 1) for plans in combinations(poll.plans, size)]
    choices = secrets.SystemRandom().sample(subsets, len(poll.codes))
    codes, votes = dict(zip(poll.entitlements, poll.codes, strict=True)), []
    for number, (entitlement, plans) in enumerate(zip(shuffled(codes), choices, strict=True)):
        browser = site.browser()
        if is_change := number % 3 == 2:
            site.browser().vote(codes[entitlement], choices[number - 1])
        cast, form = checked(browser, entitlement, codes[entitlement], plans, is_change=is_change)
        assert browser.send(form).receipt
        write_classic(poll, cast)
        votes.append(cast)
    return votes


def checked(
    browser: Browser, entitlement: int, code: str, plans: list[int], *, is_change: bool = False
) -> tuple[Cast, Fields]:
    """The vote of somebody who has yet to send it, and the form that does."""
    form = browser.checked(code, plans)
    return Cast(entitlement, code, nonce_of(form), plans, tuple(browser.lengths), is_change), form


def write_classic(poll: Poll, cast: Cast) -> None:
    """What the classic design writes in one transaction."""
    with poll.database.transaction() as session:
        session.execute(text("INSERT INTO has_voted VALUES (:entitlement)"), {"entitlement": cast.entitlement})
        ballot = {"name": cast.classic, "choices": f'"classic":{cast.plans}'}
        session.execute(text("INSERT INTO plain_ballot VALUES (:name, :choices)"), ballot)


def squeezed(target: Target, logs: Path) -> dict[str, bytes]:
    """All files of now, without their empty stretches."""
    files = target.files() | {"web": bytes_of(sorted(logs.iterdir()))}
    return {name: ZEROS.sub(b"\0", content) for name, content in files.items()}


def known_order(votes: list[Cast]) -> dict[str, list[int]]:
    """The orders of voters that need no dump."""
    return {"moment": [cast.entitlement for cast in votes], "entitlement": sorted(cast.entitlement for cast in votes)}


def sealed_knowledge(loot: Loot, round_id: int) -> Knowledge:
    """Everything that the dump tells of the order of one round's envelopes and of its opened ballots."""
    votes, where = loot.votes[round_id], f"round_id = {round_id}"
    with loot.target.database.reading() as session:
        envelopes = session.execute(select(Envelope).where(Envelope.round_id == round_id)).scalars().all()
    voters, ballots = known_order(votes), {"tracker": sorted(cast.tracker for cast in votes)}
    for name, order in (loot.target.orders | {"sealed": "sealed", "mark": "retry_mark"}).items():
        rows = loot.target.sorted_by(order, column="entitlement_id", table="envelope", where=where)
        voters[name] = [int(str(row)) for row in rows]
    voters["leaf"] = [e.entitlement_id for e in sorted(envelopes, key=lambda e: fingerprint_of(e.sealed))]
    for name, order in loot.target.orders.items():
        rows = loot.target.sorted_by(order, column="tracker", table="opened_ballot", where=where)
        ballots[name] = [str(row) for row in rows]
    codes = {cast.entitlement: code_mac_of(cast, round_id) for cast in votes}
    traces = {
        "sealed": {e.entitlement_id: e.sealed[:16] for e in envelopes},
        "mark": {e.entitlement_id: e.retry_mark[:16] for e in envelopes},
        "code": {entitlement: mac[:16] for entitlement, mac in codes.items()},
    }
    for file, content in loot.after.items():
        for name, needles in traces.items():
            voters |= dict(orders_in(content, needles, f"{file}: {name}"))
            hexadecimal = {item: needle.hex().encode() for item, needle in needles.items()}
            voters |= dict(orders_in(content, hexadecimal, f"{file}: {name} in letters"))
        ballots |= dict(orders_in(content, {cast.tracker: cast.tracker.encode() for cast in votes}, file))
    return Knowledge({cast.entitlement: cast.tracker for cast in votes}, voters, ballots)


def classic_knowledge(loot: Loot, round_id: int) -> Knowledge:
    """The same of the classic design."""
    votes, voters, ballots = loot.votes[round_id], known_order(loot.votes[round_id]), {}
    of_round = ", ".join(str(cast.entitlement) for cast in votes)
    names = ", ".join(f"'{cast.classic}'" for cast in votes)
    for name, order in loot.target.orders.items():
        there = f"entitlement_id IN ({of_round})"
        rows = loot.target.sorted_by(order, column="entitlement_id", table="has_voted", where=there)
        voters[name] = [int(str(row)) for row in rows]
        rows = loot.target.sorted_by(order, column="name", table="plain_ballot", where=f"name IN ({names})")
        ballots[name] = [str(row) for row in rows]
    for file, content in loot.after.items():
        ballots |= dict(orders_in(content, {cast.classic: cast.classic.encode() for cast in votes}, file))
    return Knowledge({cast.entitlement: cast.classic for cast in votes}, voters, ballots)


def code_mac_of(cast: Cast, round_id: int) -> bytes:
    """What the attacker, who has code and pepper, finds the code by."""
    return code_mac(parsed_code(cast.code), round_id=round_id, pepper=PEPPER.encode())
