"""tests/places/test_files.py tests wijkbudget/places/files.py."""

import pytest

from wijkbudget.places.files import read_postcodes, the_hague
from wijkbudget.places.rules import BrokenLines, slug_of


def test_the_hague_has_44_neighbourhoods_in_8_districts() -> None:
    places = the_hague()
    assert len({place.code for place in places}) == len({slug_of(place.name) for place in places}) == 44
    assert [place.number for place in places] == list(range(1, 45))
    assert len({place.district for place in places}) == 8


def test_oostduinen_has_no_inhabitants() -> None:
    assert the_hague()[0].name == "Oostduinen"
    assert the_hague()[0].inhabitants == 0


def test_a_file_of_postcodes_is_read_below_its_header() -> None:
    lines = [(2, ["2593AB", "WK051826"]), (3, []), (4, ["2593AC", "WK051826"])]
    assert read_postcodes("postcode,wijkcode\r\n2593AB,WK051826\r\n\r\n2593AC,WK051826\r\n") == lines


def test_the_mark_that_spreadsheets_put_before_utf_8_is_no_part_of_the_header() -> None:
    assert read_postcodes("\ufeffpostcode,wijkcode\n") == []


@pytest.mark.parametrize("text", ["", "2593AB,WK051826\n", "wijkcode,postcode\n"])
def test_a_file_without_the_header_is_refused(text: str) -> None:
    with pytest.raises(BrokenLines) as refusal:
        read_postcodes(text)
    assert refusal.value.details["lines"] == {1: "the header must be postcode,wijkcode"}
