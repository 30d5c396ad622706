from xml.etree import ElementTree

import pytest

from wijkbudget.demo import scenery

PARTS = {
    "sky": scenery.sky("#fff", "#000"),
    "cloud": scenery.cloud(1, 2),
    "tree": scenery.tree(1, 2),
    "house": scenery.house(0, 300, 150, 300, "#a00"),
    "flat house": scenery.house(0, 300, 150, 300, "#a00", gable="flat"),
    "pointed house": scenery.house(0, 300, 150, 300, "#a00", gable="pointed"),
    "row of houses": scenery.row_of_houses(500, 300, seed=1),
    "grass": scenery.grass(500),
    "pavement": scenery.pavement(500),
    "person": scenery.person(1, 2, 1, top="#111", legs="#222", skin="#333", hair="#444"),
    "bench": scenery.bench(1, 2),
    "bicycle": scenery.bicycle(1, 2, "#123"),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_well_formed(name: str) -> None:
    assert len(ElementTree.fromstring(f"<svg>{PARTS[name]}</svg>")) > 0


def test_a_street_runs_from_edge_to_edge() -> None:
    houses = ElementTree.fromstring(f"<svg>{scenery.row_of_houses(500, 300, seed=4)}</svg>")
    places = [float(house.attrib["transform"].split("(")[1].split(",")[0]) for house in houses]
    assert places[0] <= 0
    assert places[-1] + 190 >= scenery.WIDTH


def test_a_street_is_the_same_for_the_same_seed() -> None:
    assert scenery.row_of_houses(500, 300, seed=1) == scenery.row_of_houses(500, 300, seed=1)
    assert scenery.row_of_houses(500, 300, seed=1) != scenery.row_of_houses(500, 300, seed=2)


def test_pavement_reaches_the_lower_edge() -> None:
    floor = ElementTree.fromstring(f"<svg>{scenery.pavement(560)}</svg>")[0]
    assert float(floor.attrib["y"]) + float(floor.attrib["height"]) == scenery.HEIGHT
