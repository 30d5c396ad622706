import re
from dataclasses import dataclass

from wijkbudget.web.tilemap import CELLS, RADIUS, tile_map


@dataclass(frozen=True)
class Place:
    number: int
    name: str
    slug: str


WIJKEN = [Place(number, f"Wijk {number}", f"wijk-{number}") for number in range(1, 45)]


def test_every_wijk_of_the_hague_has_its_own_place() -> None:
    assert sorted(CELLS) == list(range(1, 45))
    assert len(set(CELLS.values())) == len(CELLS)


def test_a_tile_tells_which_wijk_it_is() -> None:
    tiles = {tile.number: tile for tile in tile_map(WIJKEN, set()).tiles}
    assert (tiles[26].name, tiles[26].slug) == ("Wijk 26", "wijk-26")


def test_only_wijken_with_a_running_round_are_marked() -> None:
    tiles = tile_map(WIJKEN, {"wijk-26", "wijk-4"}).tiles
    assert {tile.number for tile in tiles if tile.is_running} == {4, 26}


def test_the_keyboard_walks_from_north_to_south() -> None:
    heights = [tile.y for tile in tile_map(WIJKEN, set()).tiles]
    assert heights == sorted(heights)


def test_every_outline_is_a_closed_hexagon_inside_the_drawing() -> None:
    drawing = tile_map(WIJKEN, set())
    for tile in drawing.tiles:
        points = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+),([\d.]+)", tile.path)]
        assert len(points) == 6
        assert tile.path.endswith("Z")
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in points)


def test_no_two_tiles_overlap() -> None:
    tiles = tile_map(WIJKEN, set()).tiles
    apart = [(a.x - b.x) ** 2 + (a.y - b.y) ** 2 for a in tiles for b in tiles if a != b]
    assert min(apart) ** 0.5 > 1.7 * RADIUS


def test_a_neighbourhood_that_has_no_place_is_left_to_the_list() -> None:
    assert tile_map([Place(99, "Nieuw", "nieuw")], set()).tiles == ()
