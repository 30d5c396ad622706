"""Production as docs/operations.md runs it: its settings, and gunicorn."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent


def settings(database_url: str, folder: Path) -> dict[str, str]:
    """A complete environment."""
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "SECRET_KEY": "s" * 40,
        "CODE_PEPPER": "p" * 40,
        "KEY_FOLDER": str(folder),
        "PUBLIC_URL": "https://wijkbudget.example.org",
        "MAIL_FROM": "wijkbudget@example.org",
        "SMTP_HOST": "127.0.0.1",
    }


def gunicorn(
    environment: dict[str, str],
    port: int | socket.socket,
    *,
    application: str = "wsgi:app",
    workers: int = 2,
    logs: Path | None = None,
) -> "subprocess.Popen[str]":
    """Start gunicorn as docs/operations.md says, at a port or at a socket that listens already.

    It writes to its `stderr`, or all that it can tell into files in the folder `logs`.
    """
    handed = [port.fileno()] if isinstance(port, socket.socket) else []
    options = {
        "--workers": str(workers), "--worker-class": "gthread", "--threads": "4",
        "--bind": f"fd://{handed[0]}" if handed else f"127.0.0.1:{port}",
    }  # fmt: skip
    if logs is not None:
        files = {f"--{kind}-logfile": str(logs / f"{kind}.log") for kind in ("access", "error")}
        options |= {"--log-level": "debug"} | files
    command = [sys.executable, "-m", "gunicorn", *(word for pair in options.items() for word in pair), application]
    if logs is None:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, pass_fds=handed)
    with (logs / "output.log").open("a") as output:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, text=True, pass_fds=handed
        )


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    with suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
