"""The files that places come from: our own list of The Hague, and a city's list of postcodes."""

import csv
from pathlib import Path

from .rules import BrokenLines, Place

THE_HAGUE = Path(__file__).with_name("denhaag.csv")
HEADER = ["postcode", "wijkcode"]


def the_hague() -> list[Place]:
    """The 44 wijken with their inhabitants on 1 January 2024, rounded to 5 (CBS, Kerncijfers 2024)."""
    with THE_HAGUE.open(encoding="utf-8", newline="") as file:
        return [
            Place(row["code"], int(row["number"]), row["name"], row["district"], int(row["inhabitants"]))
            for row in csv.DictReader(file)
        ]


def read_postcodes(text: str) -> list[tuple[int, list[str]]]:
    """The lines below the header `postcode,wijkcode` as they stand there, each with its number. Raises BrokenLines."""
    lines = list(csv.reader(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()))
    if not lines or lines[0] != HEADER:
        raise BrokenLines(lines={1: f"the header must be {','.join(HEADER)}"})
    return list(enumerate(lines, start=1))[1:]
