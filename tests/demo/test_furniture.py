from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from wijkbudget.demo import furniture

THINGS: list[Callable[[], str]] = [
    furniture.sandpit,
    furniture.swings,
    furniture.slide,
    furniture.planter,
    furniture.climber,
    furniture.bicycle_rack,
    furniture.picnic_table,
    furniture.painting,
    furniture.raised_bed,
    furniture.shed,
    furniture.street_lamp,
    furniture.football_pitch,
    furniture.water_tap,
]


@pytest.mark.parametrize("draw", THINGS)
def test_a_thing_is_well_formed(draw: Callable[[], str]) -> None:
    assert len(ElementTree.fromstring(f"<svg>{draw()}</svg>")) > 0


@pytest.mark.parametrize("draw", THINGS)
def test_a_thing_is_the_same_each_time(draw: Callable[[], str]) -> None:
    assert draw() == draw()


def test_the_ground_reaches_the_lower_edge() -> None:
    floor = ElementTree.fromstring(furniture.ground(560, "#333"))
    assert float(floor.attrib["y"]) + float(floor.attrib["height"]) == 800
