"""Prints what a page, a vote and a count cost, side by side with what others, or bare libraries, need for the same."""

import tempfile
from pathlib import Path

from config import Config
from wijkbudget.database import Database
from wijkbudget.demo.city import fill_city
from wijkbudget.schema import migrate

from . import codes, contest, counting, growth, letters, pages, votes
from .measure import Figure


def main() -> None:
    """Build a city in a temporary folder, measure, print one table for each kind."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config.for_development(Path(folder))
        database = Database(config.database_url)
        migrate(database)
        code, *_ = fill_city(database, config)
        show("CPU of a page, against a bare Flask page", pages.figures(config, database))
        show("A vote on SQLite, against a bare durable commit", votes.figures(config, database, code))
    show("Opening and counting, per ballot, against opening an envelope alone", counting.figures())
    print("\nCodes, against a bare loop of the same rows; letters, against bare pages; and how much the memory grows")
    for line in (line for part in (codes, letters) for line in part.lines()):
        print(line, flush=True)
    print("\nCounting real elections, against pabutools: CPU seconds, medians, the same winners")
    for each in contest.contests():
        print(contest.run(each), flush=True)
    print(f"\nCounting a generated city of {growth.PLANS} plans: CPU seconds and peak memory, by number of ballots")
    print(" " * 18 + "".join(f"{size:>20,}" for size in growth.SIZES))
    for line in growth.lines():
        print(line, flush=True)
    print("\nEvery real election by every rule but best value: the slowest, from file to findings")
    print(contest.slowest())


def show(title: str, figures: list[Figure]) -> None:
    """One table: the first figure is the yardstick of the others."""
    print(f"\n{title}")
    yardstick = figures[0].seconds
    for figure in figures:
        print(f"  {figure.name:<34} {figure.seconds * 1e6:>9.0f} µs   {figure.seconds / yardstick:>6.1f} ×")


if __name__ == "__main__":
    main()
