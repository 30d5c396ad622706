"""A site on a database of its own, whose processes are killed again and again."""

import os
import random
import signal
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.faults.site import Site, serving
from tests.plugins.postgresql import Cluster, new_database
from tests.production import children
from tools.programs import postgresql_folder
from wijkbudget.database import Database
from wijkbudget.schema import migrate

WORKERS = 4
EVERY = 0.4
"""Seconds between two kills."""

ON_SQLITE = ("worker", "scheduler")
ON_POSTGRESQL = ("worker", "database", "scheduler", "worker", "postmaster")


@dataclass(frozen=True)
class Installation:
    """Web server, scheduler and database; `cluster` is that of PostgreSQL, `kills` counts by kind."""

    site: Site
    database: Database
    cluster: Cluster | None
    kills: Counter[str] = field(default_factory=Counter)

    def kill(self, kind: str) -> None:
        """SIGKILL for one process of this kind; what does not start again by itself is started again."""
        deeds: dict[str, Callable[[], None]] = {
            "worker": lambda: kill_one_child(self.site.web.pid),
            "scheduler": self._kill_scheduler,
            "database": self._kill_database_process,
            "postmaster": self._kill_postmaster,
        }
        deeds[kind]()
        self.kills[kind] += 1

    def _kill_scheduler(self) -> None:
        self.site.kill_scheduler()
        self.site.start_scheduler()

    def _kill_database_process(self) -> None:
        assert self.cluster is not None
        assert self.cluster.server is not None
        kill_one_child(self.cluster.server.pid)

    def _kill_postmaster(self) -> None:
        assert self.cluster is not None
        self.cluster.kill()
        self.cluster.start_again()


def kill_one_child(pid: int) -> None:
    """SIGKILL for any process that this one started."""
    if found := children(pid):
        with suppress(ProcessLookupError):
            os.kill(random.choice(found), signal.SIGKILL)


@contextmanager
def installed(kind: str, *, application: str = "wsgi:app", workers: int = WORKERS) -> Iterator[Installation]:
    """A running site on a database of its own: `sqlite` or `postgresql`; nothing of it is left afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wijkbudget-site-")))
        cluster = _cluster(stack) if kind == "postgresql" else None
        url = new_database(cluster.address, "site") if cluster else f"sqlite:///{folder / 'site.db'}"
        database = Database(url)
        stack.callback(database.engine.dispose)
        migrate(database)
        # each voter comes from a network of its own, as the proxy in front of the site tells
        behind = {"PROXIES": "1"}
        site = stack.enter_context(serving(url, folder, behind, application=application, workers=workers))
        site.start_scheduler()
        yield Installation(site, database, cluster)


def _cluster(stack: ExitStack) -> Cluster:
    programs = postgresql_folder()
    assert programs is not None, "PostgreSQL's server programs are missing: install postgresql"
    cluster = Cluster(programs)
    stack.callback(cluster.stop)
    cluster.start()
    return cluster


@contextmanager
def mishaps(installation: Installation, *, every: float = EVERY) -> Iterator[None]:
    """Kill a process each so many seconds, of one kind after another."""
    over, failures = threading.Event(), list[BaseException]()

    def kill() -> None:
        try:
            for kind in cycle(ON_POSTGRESQL if installation.cluster else ON_SQLITE):
                if over.wait(every):
                    break
                installation.kill(kind)
        except BaseException as failure:
            failures.append(failure)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        yield
    finally:
        over.set()
        killing.join()
        if installation.cluster:
            installation.cluster.wait()
    for failure in failures:
        raise failure
