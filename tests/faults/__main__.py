"""Fault runs on both databases: `python -m tests.faults SECONDS` prints what became of the votes."""

import signal
import sys
from collections.abc import Sequence

from tests.faults.mishaps import installed
from tests.faults.run import Run, fault_run

KINDS = ("sqlite", "postgresql")
LONGEST = 600
HEAD = (
    "database", "acknowledged", "stored", "lost", "double", "late",
    "workers killed", "scheduler killed", "database killed", "answers missed", "untrue answers",
)  # fmt: skip


def row(kind: str, run: Run) -> list[str]:
    """What a run came to."""
    kills, untrue = run.kills, len(run.wrongly_denied) + len(run.strange)
    of_database = kills["database"] + kills["postmaster"]
    numbers = [*run.tally, kills["worker"], kills["scheduler"], of_database, sum(run.met.values()), untrue]
    return [kind, *map(str, numbers)]


def table(rows: Sequence[Sequence[str]]) -> str:
    """The rows under their head, as plain text."""
    lines = [HEAD, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    )


def main(seconds: float) -> int:
    """Run on each database, print the table; 1 if a vote was lost, double or late, or an answer untrue."""
    runs: dict[str, Run] = {}
    for kind in KINDS:
        print(f"{kind}: votes for {seconds:g} seconds", flush=True)
        with installed(kind) as installation:
            runs[kind] = fault_run(installation, seconds=seconds)
    print(table([row(kind, run) for kind, run in runs.items()]))
    return 0 if all(run.is_sound for run in runs.values()) else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # nothing is left running
    sys.exit(main(min(float(sys.argv[1]), LONGEST)))
