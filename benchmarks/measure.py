"""Timing: medians of several runs, in CPU seconds where the disk has no say."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

RUNS = 7

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Figure:
    """What something costs, in seconds for each time."""

    name: str
    seconds: float


def seconds(act: Callable[[], Answer]) -> tuple[float, Answer]:
    """The CPU time of this process that `act` takes, and what it gives."""
    start = time.process_time()
    answer = act()
    return time.process_time() - start, answer


def cost(name: str, act: Callable[[], object], *, times: int, wall: bool = False) -> Figure:
    """The median over several runs of doing `act` so many times; CPU of this process, or `wall` time."""
    read = time.perf_counter if wall else time.process_time
    act()
    return Figure(name, median(_run(act, times, read) for _ in range(RUNS)))


def _run(act: Callable[[], object], times: int, read: Callable[[], float]) -> float:
    start = read()
    for _ in range(times):
        act()
    return (read() - start) / times


def peak() -> float:
    """The most memory that this process ever held, in MB."""
    return _status("VmHWM")


def held() -> float:
    """The memory that this process holds now, in MB."""
    return _status("VmRSS")


def _status(name: str) -> float:
    # Linux's own count of this program; getrusage would remember the larger one that started it.
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name)]
    return int(line.split()[1]) / 1024


def run_apart(module: str, *arguments: str) -> str:
    """What a module prints as a program, in a process whose memory is its own."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.rstrip("\n")
