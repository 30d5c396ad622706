"""The programs that the tests need beside Python: Chromium, PostgreSQL's server, and libfaketime.

`python -m tools.programs` makes sure that they are there: it installs them where it may (as root, with apt-get), and
says what is missing where it may not.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> Path | None:
    """The browser, None if there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return Path(found) if found else None


def postgresql_folder() -> Path | None:
    """The folder with initdb, pg_ctl and postgres, of the newest version; None if there is none."""
    # Debian keeps each version's programs in a folder that is not on the PATH.
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    folders = [*installed, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def faketime_library() -> Path | None:
    """What gives a process another clock, for programs with threads; None if it is not there."""
    folders = [*Path("/usr/lib").glob("*/faketime"), Path("/usr/lib/faketime"), Path("/usr/lib64/faketime")]
    return next((path for folder in folders if (path := folder / "libfaketimeMT.so.1").exists()), None)


def missing() -> list[str]:
    """The names, as Debian calls them, of what is not there."""
    present = {"chromium": chromium(), "postgresql": postgresql_folder(), "libfaketime": faketime_library()}
    return [name for name, place in present.items() if place is None]


def install(names: list[str]) -> None:
    """Install Debian packages; whoever calls is root."""
    print(f"Installing for the tests: {' and '.join(names)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *names]):
        subprocess.run(
            ["apt-get", "-qq", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )


def main() -> str | None:
    """Make sure that all is there; the answer is a sentence about what still is not."""
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        install(missing())
    return f"`make test` also needs: {' and '.join(missing())}. Install it and try again." if missing() else None


if __name__ == "__main__":
    sys.exit(main())
