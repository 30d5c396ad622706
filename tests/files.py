"""Reading the files of a database from outside."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from wijkbudget.database import Database


def bytes_of(paths: Iterable[Path]) -> bytes:
    """The content of files, one after another.

    Another process reads: closing a file of SQLite here would drop the locks that it holds for this whole process, and
    the next server to end would take the log away from under the connections that are still open.
    """
    there = [path for path in paths if path.is_file()]
    return subprocess.run(["cat", *there], stdout=subprocess.PIPE, check=True).stdout if there else b""


def sqlite_bytes(url: str) -> bytes:
    """All that SQLite keeps in files of the database at `url`: itself, its log and its index."""
    database = Path(make_url(url).database or "")
    return bytes_of(sorted(database.parent.glob(f"{database.name}*")))


PLACES = """
SELECT current_setting('data_directory'), oid, pg_walfile_name(pg_current_wal_lsn()),
       pg_walfile_name(pg_current_wal_lsn() - 1024 * 1024)
FROM pg_database WHERE datname = current_database()
"""


def database_bytes(database: Database) -> bytes:
    """What was written last into the files of this database, its log among them."""
    if database.engine.dialect.name == "sqlite":
        return sqlite_bytes(database.engine.url.render_as_string(hide_password=False))
    with database.reading() as session:
        session.execute(text("CHECKPOINT"))
        folder, number, *segments = session.execute(text(PLACES)).one()
    tables = sorted((Path(folder) / "base" / str(number)).iterdir())
    return bytes_of([*tables, *(Path(folder) / "pg_wal" / segment for segment in sorted(set(segments)))])
