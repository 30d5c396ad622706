"""The processes of a site as in production: gunicorn, and a scheduler where one is asked for."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.builders import PEPPER
from tests.faults.browsers import Browser
from tests.ports import free_port
from tests.production import ROOT, children, gunicorn, settings

PATIENCE = 40
"""Seconds that a process has to end; gunicorn itself gives its workers 30."""


class Site:
    """A web server that was started on the database at `url`; its `keys` and `logs` lie in `folder`."""

    def __init__(
        self, url: str, folder: Path, environment: Mapping[str, str], *, application: str, workers: int
    ) -> None:
        self.keys, self.logs = folder / "keys", folder / "logs"
        for each in (self.keys, self.logs):
            each.mkdir(parents=True)
        # nobody listens at that port for mail: letters wait
        own = {"CODE_PEPPER": PEPPER, "SMTP_PORT": str(free_port())}
        self.environment = {**settings(url, self.keys), **own, **environment}
        # Our socket, handed down: whoever connects waits in its backlog until a worker is ready.
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
            self.port = int(listener.getsockname()[1])
            self.web = gunicorn(self.environment, listener, application=application, workers=workers, logs=self.logs)
        self.scheduler: subprocess.Popen[bytes] | None = None

    def browser(self) -> Browser:
        """A browser that was never here."""
        return Browser(self.port)

    def require_answer(self) -> None:
        """Wait for the first answer. Raises RuntimeError with the logs if it is not a page to vote on."""
        try:
            assert self.browser().get("/stemmen").status == 200
        except (AssertionError, OSError) as error:
            logs = "".join(log.read_text()[-5000:] for log in sorted(self.logs.iterdir()))
            raise RuntimeError(f"gunicorn does not answer: {logs}") from error

    def start_scheduler(self) -> None:
        """Let a scheduler work beside the web server."""
        command = [sys.executable, "-m", "wijkbudget.cli", "scheduler"]
        with (self.logs / "scheduler.log").open("ab") as log:
            self.scheduler = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def kill_scheduler(self) -> None:
        """SIGKILL for the scheduler, if there is one."""
        if self.scheduler is not None:
            self.scheduler.kill()
            self.scheduler.wait()

    def stop(self) -> None:
        """End what was started here, and nothing else."""
        self.kill_scheduler()
        self.web.terminate()
        try:
            self.web.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            for pid in [*children(self.web.pid), self.web.pid]:
                os.kill(pid, signal.SIGKILL)
            self.web.wait()
            raise


@contextmanager
def serving(
    url: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    application: str = "wsgi:app",
    workers: int = 1,
) -> Iterator[Site]:
    """Gunicorn on the database at `url`, with all logs on; it has answered once, and ends with the block."""
    site = Site(url, folder, environment or {}, application=application, workers=workers)
    try:
        site.require_answer()
        yield site
    finally:
        site.stop()
