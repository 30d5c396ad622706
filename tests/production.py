"""Production as docs/operations.md runs it: its settings, and gunicorn."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

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
    port: int,
    *,
    application: str = "wsgi:app",
    workers: int = 2,
    log: IO[str] | int = subprocess.PIPE,
) -> "subprocess.Popen[str]":
    """Start gunicorn as docs/operations.md says; it writes to `log`."""
    options = ["--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "gunicorn", *options, application]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, text=True)


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    with suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
