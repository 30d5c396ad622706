"""The schematic map of the wijken as plain values: a hexagon for each, near its neighbours, not to scale."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import cos, radians, sin, sqrt
from typing import Protocol

RADIUS = 34.0
GAP = 0.97  # the part of its room that a hexagon fills
MARGIN = 4.0
WIDTH = sqrt(3) * RADIUS

# (row, column) by the number of the wijk; the coast lies at the upper left, odd rows are half a hexagon to the right
CELLS = {
    **{7: (0, 3), 2: (0, 4), 1: (0, 5)},
    **{8: (1, 2), 9: (1, 3), 3: (1, 4), 6: (1, 5), 4: (1, 6)},
    **{13: (2, 1), 12: (2, 2), 11: (2, 3), 10: (2, 4), 5: (2, 5), 24: (2, 6), 25: (2, 7)},
    **{15: (3, 0), 14: (3, 1), 19: (3, 2), 20: (3, 3), 21: (3, 4), 22: (3, 5), 23: (3, 6), 26: (3, 7)},
    **{16: (4, 0), 17: (4, 1), 18: (4, 2), 32: (4, 3), 31: (4, 4), 30: (4, 5), 28: (4, 6), 27: (4, 7), 44: (4, 9)},
    **{33: (5, 1), 34: (5, 2), 35: (5, 3), 36: (5, 4), 29: (5, 5), 37: (5, 6), 38: (5, 7), 39: (5, 8), 43: (5, 9)},
    **{40: (6, 2), 41: (6, 8), 42: (6, 9)},
}


class Wijk(Protocol):
    """What the map must know of a neighbourhood."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def slug(self) -> str: ...


@dataclass(frozen=True)
class Tile:
    """One hexagon: its outline as an SVG path, and where its number stands."""

    number: int
    name: str
    slug: str
    is_running: bool
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class TileMap:
    """All tiles, from north to south, and the size of the drawing."""

    width: int
    height: int
    tiles: tuple[Tile, ...]


def tile_map(neighbourhoods: Iterable[Wijk], running: Collection[str]) -> TileMap:
    """The map of those neighbourhoods that have a place on it; `running` holds the slugs with a running round."""
    drawn = sorted((wijk for wijk in neighbourhoods if wijk.number in CELLS), key=lambda wijk: CELLS[wijk.number])
    rows, columns = (max(cell[axis] for cell in CELLS.values()) for axis in (0, 1))
    return TileMap(
        width=round(WIDTH * (columns + 1.5) + 2 * MARGIN),
        height=round(RADIUS * (1.5 * rows + 2) + 2 * MARGIN),
        tiles=tuple(_tile(wijk, wijk.slug in running) for wijk in drawn),
    )


def _tile(wijk: Wijk, is_running: bool) -> Tile:
    x, y = _centre(*CELLS[wijk.number])
    return Tile(wijk.number, wijk.name, wijk.slug, is_running, _outline(x, y), round(x, 1), round(y + 5, 1))


def _centre(row: int, column: int) -> tuple[float, float]:
    return MARGIN + WIDTH * (column + row % 2 / 2 + 0.5), MARGIN + RADIUS * (1.5 * row + 1)


def _outline(x: float, y: float) -> str:
    corners = [radians(60 * corner - 30) for corner in range(6)]
    points = (f"{x + RADIUS * GAP * cos(turn):.1f},{y + RADIUS * GAP * sin(turn):.1f}" for turn in corners)
    return f"M{'L'.join(points)}Z"
