"""A site as in production, of which processes are killed: gunicorn, a scheduler, and its own database."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from pathlib import Path
from typing import IO

from tests.builders import PEPPER
from tests.plugins.postgresql import Cluster, new_database
from tests.ports import free_port
from tests.production import ROOT, children, gunicorn, settings
from tools.programs import postgresql_folder
from wijkbudget.database import Database
from wijkbudget.schema import migrate

WORKERS = 4
PATIENCE = 30
EVERY = 0.4
"""Seconds between two kills."""

ON_SQLITE = ("worker", "scheduler")
ON_POSTGRESQL = ("worker", "database", "scheduler", "worker", "postmaster")


class Site:
    """The processes of a site and what ends them, suddenly; `kills` counts by kind."""

    def __init__(self, url: str, folder: Path, cluster: Cluster | None) -> None:
        self.folder, self.cluster = folder, cluster
        self.keys, self.port, self.kills = folder / "keys", free_port(), Counter[str]()
        self.keys.mkdir()
        self.environment = settings(url, self.keys) | {
            "CODE_PEPPER": PEPPER,
            "PROXIES": "1",
            "SMTP_PORT": str(free_port()),  # nobody listens there: letters wait
        }
        self.database = Database(url)
        self.log: IO[str] = (folder / "log").open("a")
        self.web: subprocess.Popen[str] | None = None
        self.scheduler: subprocess.Popen[bytes] | None = None

    def start(self, application: str, workers: int) -> None:
        """Make the tables, start, and wait for the first answer."""
        migrate(self.database)
        self.web = gunicorn(self.environment, self.port, application=application, workers=workers, log=self.log)
        self._start_scheduler()
        while not self._answers():
            if self.web.poll() is not None:
                raise RuntimeError(f"gunicorn ended: {self.logged()}")

    def stop(self) -> None:
        """End what was started here, and nothing else."""
        self._end_scheduler()
        if self.web is not None:
            self.web.terminate()
            try:
                self.web.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                for pid in [*children(self.web.pid), self.web.pid]:
                    os.kill(pid, signal.SIGKILL)
                self.web.wait()
        self.log.close()
        self.database.engine.dispose()

    def logged(self) -> str:
        """The end of what the processes wrote."""
        return (self.folder / "log").read_text()[-5000:]

    def kill(self, kind: str) -> None:
        """SIGKILL for one process of this kind; what does not start again by itself is started again."""
        deeds: dict[str, Callable[[], None]] = {
            "worker": self._kill_worker,
            "scheduler": self._kill_scheduler,
            "database": self._kill_database_process,
            "postmaster": self._kill_postmaster,
        }
        deeds[kind]()
        self.kills[kind] += 1

    def _start_scheduler(self) -> None:
        command = [sys.executable, "-m", "wijkbudget.cli", "scheduler"]
        self.scheduler = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log)

    def _end_scheduler(self) -> None:
        if self.scheduler is not None:
            self.scheduler.kill()
            self.scheduler.wait()

    def _kill_scheduler(self) -> None:
        self._end_scheduler()
        self._start_scheduler()

    def _kill_worker(self) -> None:
        assert self.web is not None
        kill_one_child(self.web.pid)

    def _kill_database_process(self) -> None:
        assert self.cluster is not None
        assert self.cluster.server is not None
        kill_one_child(self.cluster.server.pid)

    def _kill_postmaster(self) -> None:
        assert self.cluster is not None
        self.cluster.kill()
        self.cluster.start_again()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/stemmen", timeout=PATIENCE).close()
        except urllib.error.HTTPError as error:
            error.close()
            raise
        except OSError:
            return bool(threading.Event().wait(0.05))
        return True


def kill_one_child(pid: int) -> None:
    """SIGKILL for any process that this one started."""
    if found := children(pid):
        with suppress(ProcessLookupError):
            os.kill(random.choice(found), signal.SIGKILL)


@contextmanager
def site(kind: str, *, application: str = "wsgi:app", workers: int = WORKERS) -> Iterator[Site]:
    """A running site on a database of its own: `sqlite` or `postgresql`; nothing of it is left afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wijkbudget-site-")))
        cluster = _cluster(stack) if kind == "postgresql" else None
        url = new_database(cluster.address, "site") if cluster else f"sqlite:///{folder / 'site.db'}"
        running = Site(url, folder, cluster)
        stack.callback(running.stop)
        running.start(application, workers)
        yield running


def _cluster(stack: ExitStack) -> Cluster:
    programs = postgresql_folder()
    assert programs is not None, "PostgreSQL's server programs are missing: install postgresql"
    cluster = Cluster(programs)
    stack.callback(cluster.stop)
    cluster.start()
    return cluster


@contextmanager
def mishaps(site: Site, *, every: float = EVERY) -> Iterator[None]:
    """Kill a process of the site each so many seconds, of one kind after another."""
    over, failures = threading.Event(), list[BaseException]()

    def kill() -> None:
        try:
            for kind in cycle(ON_POSTGRESQL if site.cluster else ON_SQLITE):
                if over.wait(every):
                    break
                site.kill(kind)
        except BaseException as failure:
            failures.append(failure)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        yield
    finally:
        over.set()
        killing.join()
        if site.cluster:
            site.cluster.wait()
    for failure in failures:
        raise failure
