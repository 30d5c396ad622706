"""Databases of which everything can be taken: files, write-ahead log, a backup and the server's own log."""

import sqlite3
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from sqlalchemy import text

from tests.files import bytes_of
from tests.plugins.postgresql import Cluster
from wijkbudget.database import Database

# What an operator could turn on by mistake: each statement with the values that were sent along. And all of the log of
# changes, as an archive keeps it.
TALKATIVE = {
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_min_messages": "debug1",
    "autovacuum": "off",
    "wal_keep_size": "1GB",
}


class Target(ABC):
    """A database at `url`; `orders` holds by name what its rows can be sorted by, their `place` among them."""

    url: str
    orders: dict[str, str]

    def open(self) -> Database:
        """The database."""
        self.database = Database(self.url)
        return self.database

    @abstractmethod
    def files(self) -> dict[str, bytes]:
        """Everything there is, by what it is."""

    def sorted_by(self, order: str, *, column: str, table: str, where: str) -> list[object]:
        """A column of a table in one of the orders."""
        statement = f"SELECT {column} FROM {table} WHERE {where} ORDER BY {order}"
        with self.database.reading() as session:
            return list(session.scalars(text(statement)))


class SqliteTarget(Target):
    """A database in one file."""

    orders = {"place": "rowid"}  # noqa: RUF012

    def __init__(self, folder: Path) -> None:
        self._file, self._backup = folder / "site.db", folder / "backup.db"
        self.url = f"sqlite:///{self._file}"

    def files(self) -> dict[str, bytes]:
        """The file, its log, and a backup."""
        source, target = sqlite3.connect(self._file), sqlite3.connect(self._backup)
        source.backup(target)
        source.close()
        target.close()
        log = self._file.with_name("site.db-wal")
        with self.database.reading() as session:
            session.execute(text("PRAGMA wal_checkpoint(PASSIVE)"))  # into the file; the log stays as it is
        return {"file": bytes_of([self._file]), "wal": bytes_of([log]), "backup": bytes_of([self._backup])}


class PostgresqlTarget(Target):
    """A cluster that logs everything."""

    orders = {"place": "ctid", "xmin": "xmin::text::bigint"}  # noqa: RUF012

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.url = cluster.address.replace("postgresql:", "postgresql+psycopg:", 1) + "/postgres"

    def files(self) -> dict[str, bytes]:
        """The data directory, its log of changes, a dump, and the server's log."""
        with self.database.reading() as session:
            session.execute(text("CHECKPOINT"))
        data, wal = self._cluster.data, self._cluster.data / "pg_wal"
        dump = [str(self._cluster.programs / "pg_dump"), "--dbname", f"{self._cluster.address}/postgres"]
        return {
            "file": bytes_of(sorted(path for path in data.rglob("*") if wal not in path.parents)),
            "wal": bytes_of(sorted(wal.glob("0*"))),
            "backup": subprocess.run(dump, stdout=subprocess.PIPE, check=True).stdout,
            "log": bytes_of([self._cluster.log]),
        }
