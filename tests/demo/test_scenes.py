from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from wijkbudget import demo
from wijkbudget.demo.scenes import SCENES, picture

PICTURES = Path(demo.__file__).parent / "pictures"
HEAVIEST = 60 * 1024


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_a_well_formed_drawing_of_1200_by_800(name: str) -> None:
    root = ElementTree.fromstring(picture(name))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("1200", "800", "0 0 1200 800")


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_the_same_each_time(name: str) -> None:
    assert picture(name) == picture(name)


def test_no_two_scenes_are_the_same() -> None:
    assert len({picture(name) for name in SCENES}) == len(SCENES) == 10


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_was_drawn_as_a_light_picture(name: str) -> None:
    path = PICTURES / f"{name}.webp"
    assert path.stat().st_size <= HEAVIEST
    with Image.open(path) as image:
        assert (image.format, image.size) == ("WEBP", (1200, 800))


def test_no_picture_is_left_without_a_scene() -> None:
    assert {path.stem for path in PICTURES.iterdir()} == set(SCENES)
