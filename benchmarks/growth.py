"""How counting a generated city grows with its ballots: CPU seconds and memory, a process for each size."""

import sys
from random import Random

import numpy as np

from wijkbudget.tally.counting import RULES
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.profile import Profile, Whole, whole
from wijkbudget.tally.ties import Lexicographic

from .measure import peak, run_apart, seconds

PLANS = 200
CHOSEN = 10
CHUNK = 10_000  # making more at once would take more memory than counting them
BUDGET = 4_000_000_00
SIZES = (10_000, 100_000, 250_000, 1_000_000)


def city(ballots: int) -> tuple[Instance, Profile]:
    """A city of 200 plans, some far more liked than others; nearly all ballots differ."""
    chance = np.random.default_rng(ballots)
    costs = Random(ballots)
    plans = tuple(Plan(f"{number:03}", costs.randint(5_000, 200_000) * 100) for number in range(PLANS))
    columns = np.concatenate([_chosen(chance, min(CHUNK, ballots - made)) for made in range(0, ballots, CHUNK)])
    profile = Profile(
        ids=tuple(plan.id for plan in plans),
        times=np.ones(ballots, dtype=np.int64),
        starts=np.arange(ballots + 1, dtype=np.int64) * CHOSEN,
        columns=columns.ravel(),
        points=whole([1]).repeat(ballots * CHOSEN),
    )
    return Instance(BUDGET, plans, unit=100), profile


def _chosen(chance: np.random.Generator, ballots: int) -> Whole:
    """The plans that so many voters choose, a row for each voter."""
    liking = chance.gumbel(size=(ballots, PLANS)) + np.linspace(0, 3, PLANS)
    return np.argpartition(liking, -CHOSEN, axis=1)[:, -CHOSEN:].astype(np.int64)


def measured(rule: str, ballots: int) -> tuple[float, float]:
    """CPU seconds and peak MB of counting a city, in a process of its own."""
    time, memory = map(float, run_apart("benchmarks.growth", rule, str(ballots)).split())
    return time, memory


def lines() -> list[str]:
    """A line for each rule, with every size."""
    return [f"  {rule:<16}" + "".join(_cell(rule, size) for size in SIZES) for rule in RULES]


def _cell(rule: str, size: int) -> str:
    time, memory = measured(rule, size)
    return f"{time:>8.2f} s {memory:>6.0f} MB"


def main() -> None:
    """Count one city by one rule and print seconds and MB, those of making the city left out of the seconds."""
    rule, ballots = RULES[sys.argv[1]](), int(sys.argv[2])
    instance, profile = city(ballots)
    time, _ = seconds(lambda: rule.count(instance, profile, Lexicographic()))
    print(time, peak())


if __name__ == "__main__":
    main()
