"""What the tests need beside Python is found where it is, and named as Debian calls it where it is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import programs


def test_a_program_that_is_missing_is_named_as_debian_calls_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for finder in ("chromium", "postgresql_folder", "faketime_library"):
        monkeypatch.setattr(programs, finder, lambda: Path("/somewhere"))
    assert programs.missing() == []
    monkeypatch.setattr(programs, "faketime_library", lambda: None)
    assert programs.missing() == ["libfaketime"]


@pytest.mark.faults
def test_the_library_that_is_found_gives_a_process_another_clock() -> None:
    library = programs.faketime_library()
    assert library is not None, "install libfaketime"
    year = subprocess.run(
        [sys.executable, "-c", "import time; print(time.gmtime().tm_year)"],
        env={"LD_PRELOAD": str(library), "FAKETIME": "@2001-02-03 12:00:00"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert year.stdout == "2001\n"
