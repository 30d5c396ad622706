"""tests/places/test_actions.py tests wijkbudget/places/actions.py."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkbudget.places.actions import import_places, import_postcodes
from wijkbudget.places.files import the_hague
from wijkbudget.places.queries import districts, neighbourhood_of, neighbourhoods
from wijkbudget.places.rules import BrokenLines
from wijkbudget.places.tables import Postcode


def postcodes(session: Session) -> list[str]:
    return sorted(session.scalars(select(Postcode.code)))


def test_importing_places_twice_is_importing_them_once(session: Session) -> None:
    import_places(session, the_hague())
    ids = [neighbourhood.id for neighbourhood in neighbourhoods(session)]
    import_places(session, the_hague())
    assert [neighbourhood.id for neighbourhood in neighbourhoods(session)] == ids
    assert (len(ids), len(districts(session))) == (44, 8)


def test_importing_places_again_brings_them_up_to_date(session: Session) -> None:
    import_places(session, the_hague())
    import_places(session, [replace(the_hague()[0], inhabitants=15, district="Centrum")])
    oostduinen = neighbourhoods(session)[0]
    assert (oostduinen.inhabitants, oostduinen.district.name) == (15, "Centrum")


def test_importing_postcodes_replaces_those_before(session: Session) -> None:
    import_places(session, the_hague())
    assert import_postcodes(session, [(2, ["2593 ab", "WK051826"]), (3, ["2593AC", "WK051826"])]) == 2
    assert import_postcodes(session, [(2, ["2595AB", "WK051826"])]) == 1
    assert postcodes(session) == ["2595AB"]
    found = neighbourhood_of(session, "2595AB")
    assert found is not None
    assert found.name == "Bezuidenhout"


def test_every_broken_line_is_named_and_nothing_is_imported(session: Session) -> None:
    import_places(session, the_hague())
    import_postcodes(session, [(2, ["2595AB", "WK051826"])])
    lines = [["2593AB", "WK051826"], ["hier", "WK051826"], ["2593AC", "WK9"], ["2593ab", "WK051826"], []]
    with pytest.raises(BrokenLines) as refusal:
        import_postcodes(session, enumerate(lines, start=2))
    assert refusal.value.details["lines"] == {
        3: "'hier' is no postcode",
        4: "'WK9' is no known wijkcode",
        5: "2593AB stands here twice",
        6: "a line is a postcode and a wijkcode",
    }
    assert postcodes(session) == ["2595AB"]


def test_a_list_without_postcodes_leaves_none(session: Session) -> None:
    import_places(session, the_hague())
    import_postcodes(session, [(2, ["2595AB", "WK051826"])])
    assert import_postcodes(session, []) == 0
    assert postcodes(session) == []
