"""Reading the files of a database from outside."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.engine import make_url


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
