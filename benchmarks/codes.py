"""Making a list of voting codes as the site does, against a bare loop of the same rows through the driver.

`python -m benchmarks.codes sqlite 1000000` (or `postgresql`) does it for a million.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes
from typing import Any

from tests.plugins.postgresql import Cluster, new_database
from tools.programs import postgresql_folder
from wijkbudget.ballots.batches import AT_A_TIME, ask_for_codes, begin_codes, made_codes, release_codes
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.schema import create_tables
from wijkbudget.tally.in_turn import MostVotes

from .measure import held, peak, run_apart
from .rounds import add_person, add_round

CODES = 20_000
KINDS = ("sqlite", "postgresql")
RIGHT = "INSERT INTO entitlement (id, round_id, is_used) VALUES (?, ?, ?)"
CODE = (
    "INSERT INTO voting_code (id, round_id, batch_id, entitlement_id, serial, code_mac, blocked_at)"
    " VALUES (?, ?, ?, ?, ?, ?, NULL)"
)


def lines() -> list[str]:
    """A line for each kind of database; PostgreSQL where its server programs are installed."""
    kinds = [kind for kind in KINDS if kind == "sqlite" or postgresql_folder()]
    return [run_apart("benchmarks.codes", kind, str(CODES)) for kind in kinds]


@contextmanager
def empty_database(kind: str) -> Iterator[Database]:
    """A database with our tables in a folder or a cluster of its own, gone afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield _prepared(f"sqlite:///{Path(folder) / 'codes.db'}")
        return
    programs = postgresql_folder()
    if programs is None:
        raise RuntimeError("PostgreSQL's server programs are missing")
    cluster = Cluster(programs)
    try:
        cluster.start()
        yield _prepared(new_database(cluster.address, "codes"))
    finally:
        cluster.stop()


def _prepared(url: str) -> Database:
    database = Database(url)
    create_tables(database)
    return database


def begun_list(database: Database, size: int) -> tuple[int, int]:
    """The ids of a round and of its list of codes, which was asked for, released and begun."""
    clock = Clock()
    now = clock.now()
    with database.transaction() as session:
        round = add_round(session, now=now, rule=MostVotes(), eligible=size)
        colleague = add_person(session, "Rik", now)
        batch = ask_for_codes(session, round=round, size=size, official=add_person(session, "Ina", now), now=now)
        release_codes(session, batch=batch, official=colleague, now=now)
        begin_codes(session, batch=batch, official=colleague, now=now)
        return round.id, batch.id


def make(database: Database, batch_id: int) -> int:
    """Make the list, writing lines as in the file, and keep none of it; how many bytes that was."""
    pieces = made_codes(database, batch_id=batch_id, pepper="pepper", clock=Clock())
    return sum(len("".join(f"{serial},{code}\r\n" for serial, code in piece)) for piece in pieces)


def insert_bare(database: Database, round_id: int, batch_id: int, size: int) -> None:
    """The same number of the same rows, in transactions of the same size, with random bytes in place of hashes."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    right, code = (RIGHT, CODE) if is_sqlite else (text.replace("?", "%s") for text in (RIGHT, CODE))
    for start in range(1, size + 1, AT_A_TIME):
        numbers = range(start, min(start + AT_A_TIME, size + 1))
        with database.engine.begin() as connection:
            cursor: Any = connection.connection.cursor()
            cursor.executemany(right, [(number, round_id, False) for number in numbers])
            codes = [(number, round_id, batch_id, number, number, token_bytes(32)) for number in numbers]
            cursor.executemany(code, codes)


def measured(kind: str, size: int) -> str:
    """The line to print: codes per second, growth of the memory, and the time against the bare loop."""
    with empty_database(kind) as database:
        start = time.perf_counter()
        insert_bare(database, *begun_list(database, size), size)
        bare = time.perf_counter() - start
        database.engine.dispose()
    with empty_database(kind) as database:
        _, batch_id = begun_list(database, size)
        before, start = held(), time.perf_counter()
        make(database, batch_id)
        taken = time.perf_counter() - start
        database.engine.dispose()
    return (
        f"  {size:>9,} codes, {kind:<12} {taken:>7.1f} s {size / taken:>8,.0f} codes/s"
        f"   +{max(0, peak() - before):>4.0f} MB {taken / bare:>6.1f} ×"
    )


if __name__ == "__main__":
    print(measured(sys.argv[1], int(sys.argv[2])))
