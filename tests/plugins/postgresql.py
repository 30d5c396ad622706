"""A throw-away PostgreSQL for the tests: one for each run, a database for each worker, gone afterwards.

The first process of a run starts it and stops it; pytest-xdist's workers are told its address. Nothing outside its own
folder and its own port on 127.0.0.1 is touched. WIJKBUDGET_TEST_DATABASES=sqlite leaves it out.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.production import children
from tools.programs import postgresql_folder

# As in production, where the application asks for settings that lose nothing.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
}
PATIENCE = 60


class Cluster:
    """A running PostgreSQL in a folder of its own; `address` is its URL without the name of a database.

    The folder lies in `parent`, which may be a small disk; `segment` is the size of a WAL file in megabytes;
    `settings` come on top of ours.
    """

    def __init__(
        self,
        programs: Path,
        *,
        parent: Path | None = None,
        segment: int = 16,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.programs, self.segment = programs, segment
        # Not pytest's own folder: PostgreSQL refuses to run as root, and nobody else may enter that one.
        self.folder = Path(tempfile.mkdtemp(prefix="wijkbudget-postgresql-", dir=parent))
        self.data, self.log = self.folder / "data", self.folder / "log"
        self.identity = _another_identity(self.folder) if os.geteuid() == 0 else {}
        port = _free_port()
        self.address = f"postgresql://postgres@127.0.0.1:{port}"
        self.settings = {**SETTINGS, "port": str(port), "unix_socket_directories": str(self.folder)}
        self.settings |= settings or {}
        self.server: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Make the cluster and wait until it answers; RuntimeError with PostgreSQL's own words if it does not."""
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
            f"--wal-segsize={self.segment}",
        )  # fmt: skip
        self._serve()

    def run(self) -> None:
        """Let the server run, if it fell."""
        if self._runs():
            self.wait()
        else:
            self.start_again()

    def _runs(self) -> bool:
        return self.server is not None and self.server.poll() is None

    def kill(self) -> None:
        """SIGKILL for the postmaster and its processes: one that waits for another that was killed never ends."""
        assert self.server is not None
        self.server.send_signal(signal.SIGSTOP)  # it starts no other meanwhile
        for pid in [self.server.pid, *children(self.server.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()

    def start_again(self) -> None:
        """Start after `kill`, once the last of the earlier processes has let go of the shared memory."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._serve()
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise

    def stop(self) -> None:
        """End the server that was started here, if it runs, and remove its folder."""
        if self.server is not None and self._runs():
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(PATIENCE)
        shutil.rmtree(self.folder)

    def _serve(self) -> None:
        # A child of ours, not one of pg_ctl: who is killed must be waited for, or its number stays taken.
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(self.programs / "postgres"), "-D", str(self.data), *options]
        with self.log.open("a") as log:
            self.server = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True,
                start_new_session=True, **self.identity,
            )  # fmt: skip
        self.wait()

    def wait(self) -> None:
        """Return once it answers; RuntimeError with PostgreSQL's own words if it does not."""
        assert self.server is not None
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start: {self.log.read_text()[-2000:]}")

    def _answers(self) -> bool:
        try:
            psycopg.connect(f"{self.address}/postgres", connect_timeout=PATIENCE).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
            return False
        return True

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self.programs / program, *arguments]
        ended = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **self.identity)
        if ended.returncode:
            raise RuntimeError(f"{program} ended with {ended.returncode}: {ended.stdout}{ended.stderr}")


def new_database(address: str, name: str) -> str:
    """The URL, for SQLAlchemy, of a new database in the cluster at `address`."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{address.replace('postgresql:', 'postgresql+psycopg:', 1)}/{name}"


def _another_identity(folder: Path) -> dict[str, Any]:
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


CLUSTER = pytest.StashKey[Cluster]()


def _is_left_out() -> bool:
    return "postgresql" not in os.environ.get("WIJKBUDGET_TEST_DATABASES", "sqlite,postgresql").split(",")


def _address(config: pytest.Config) -> str | None:
    """Where the run's cluster listens, started now if it does not run yet; None without server programs."""
    if hasattr(config, "workerinput"):
        given: str | None = config.workerinput["postgresql_address"]
        return given
    programs = postgresql_folder()
    if CLUSTER not in config.stash and programs is not None:
        config.stash[CLUSTER] = Cluster(programs)
        config.stash[CLUSTER].start()
    return config.stash[CLUSTER].address if CLUSTER in config.stash else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell one of pytest-xdist's workers where the cluster is."""
    node.workerinput["postgresql_address"] = None if _is_left_out() else _address(node.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster in the process that started it."""
    if CLUSTER in config.stash:
        config.stash[CLUSTER].stop()


@pytest.fixture(scope="session")
def postgresql_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of this worker's own, for SQLAlchemy."""
    if _is_left_out():
        pytest.skip("WIJKBUDGET_TEST_DATABASES leaves PostgreSQL out")
    address = _address(request.config)
    if address is None:
        pytest.fail(
            "PostgreSQL's server programs are missing: install postgresql (or WIJKBUDGET_TEST_DATABASES=sqlite)"
        )
    return new_database(address, f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
