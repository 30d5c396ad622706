"""A small disk that can be filled to the last byte; mounting one asks for root."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MEGABYTE = 1024 * 1024


class Disk:
    """A file system of its own at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Take every byte that is left."""
        with self._filler.open("ab", buffering=0) as filler:
            for size in (MEGABYTE, 4096, 1):
                _write_until_full(filler.fileno(), size)

    def empty(self) -> None:
        """Give back what was taken."""
        self._filler.unlink(missing_ok=True)


def _write_until_full(file: int, size: int) -> None:
    try:
        while os.write(file, bytes(size)):
            pass
    except OSError:
        return


@contextmanager
def small_disk(megabytes: int) -> Iterator[Disk]:
    """A disk in memory, gone after the block; skips the test for whoever may not mount one."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk asks for root")
    folder = Path(tempfile.mkdtemp(prefix="wijkbudget-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        folder.rmdir()
        pytest.fail(f"root may not mount a small disk here: {mounted.stderr}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # whoever still holds a file there loses nothing
        folder.rmdir()
