import pytest

from wijkbudget.demo import photos
from wijkbudget.demo.photos import ALT, PICTURES, Darkroom
from wijkbudget.plans.photos import Developed, developed_photo
from wijkbudget.plans.rules import LONGEST_ALT_TEXT, WIDTHS


def test_every_drawing_is_there_with_a_text_alternative() -> None:
    assert {file.stem for file in PICTURES.glob("*.webp")} == set(ALT)
    assert all(alt and len(alt) <= LONGEST_ALT_TEXT for alt in ALT.values())


def test_a_drawing_becomes_a_photo_in_every_width() -> None:
    photo = Darkroom().photo("banken")
    assert (photo.width, photo.height) == (1200, 800)
    assert tuple(rendition.width for rendition in photo.renditions) == WIDTHS


def test_a_drawing_is_developed_once_and_makes_a_new_photo_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    developed: list[int] = []

    def develop(data: bytes) -> Developed:
        developed.append(len(data))
        return developed_photo(data)

    monkeypatch.setattr(photos, "developed_photo", develop)
    darkroom = Darkroom()
    first, second = darkroom.photo("water"), darkroom.photo("water")
    assert len(developed) == 1
    assert first.name != second.name
    assert first.renditions[0] is not second.renditions[0]
