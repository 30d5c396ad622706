"""Timing: medians of several runs, in CPU seconds where the disk has no say."""

import time
from collections.abc import Callable
from dataclasses import dataclass
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
