"""What a durable vote costs, against committing the same bytes with nothing around it."""

import sqlite3
from pathlib import Path
from secrets import token_bytes

from config import Config
from wijkbudget.ballots.actions import cast_ballot, find_code
from wijkbudget.ballots.queries import envelope_mark
from wijkbudget.clock import Clock
from wijkbudget.database import Database

from .measure import Figure, cost

TIMES = 60
ENVELOPE = 400


def figures(config: Config, database: Database, code: str) -> list[Figure]:
    """A bare commit first, then casting a ballot through the code of a letter."""
    folder = Path(config.key_folder).parent
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE envelope (id INTEGER PRIMARY KEY, sealed BLOB)")
    row = "INSERT INTO envelope VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed"

    def cast() -> None:
        with database.transaction() as session:
            found = find_code(session, typed=code, pepper=config.code_pepper)
            seen = envelope_mark(session, found.entitlement_id)
            cast_ballot(
                session, entitlement_id=found.entitlement_id, points=[], nonce=token_bytes(16), clock=Clock(),
                replaces=seen,
            )  # fmt: skip

    return [
        cost("a bare durable commit", lambda: bare.execute(row, [token_bytes(ENVELOPE)]), times=TIMES, wall=True),
        cost("find the code and cast a ballot", cast, times=TIMES, wall=True),
    ]
