from sqlalchemy.orm import Session

from wijkbudget.demo.postcodes import postcode_lines
from wijkbudget.places.actions import import_places, import_postcodes
from wijkbudget.places.files import the_hague
from wijkbudget.places.queries import neighbourhood_of, neighbourhoods_near


def test_a_city_can_import_the_lines_and_find_a_wijk(session: Session) -> None:
    import_places(session, the_hague())
    assert import_postcodes(session, enumerate(postcode_lines())) == len(postcode_lines()) > 100
    found = neighbourhood_of(session, "2593AB")
    assert found is not None
    assert found.name == "Bezuidenhout"


def test_the_digits_of_some_postcodes_lie_in_two_wijken(session: Session) -> None:
    import_places(session, the_hague())
    import_postcodes(session, enumerate(postcode_lines()))
    assert [wijk.name for wijk in neighbourhoods_near(session, "2518ZZ")] == ["Duinoord", "Zeeheldenkwartier"]
