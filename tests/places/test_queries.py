"""tests/places/test_queries.py tests wijkbudget/places/queries.py."""

from sqlalchemy.orm import Session

from tests.builders import Builder
from wijkbudget.places.queries import (
    districts,
    neighbourhood_by_slug,
    neighbourhood_of,
    neighbourhoods,
    neighbourhoods_near,
)
from wijkbudget.places.tables import Neighbourhood, Postcode


def lies_in(session: Session, code: str, neighbourhood: Neighbourhood) -> None:
    session.add(Postcode(code=code, neighbourhood_id=neighbourhood.id))
    session.flush()


def test_districts_stand_by_name_and_neighbourhoods_by_number(session: Session, build: Builder) -> None:
    first = build.neighbourhood("Zorgvliet", district="Scheveningen")
    second = build.neighbourhood("Archipelbuurt", district="Centrum")
    assert [district.name for district in districts(session)] == ["Centrum", "Scheveningen"]
    assert list(neighbourhoods(session)) == [first, second]


def test_a_neighbourhood_is_found_at_its_address(session: Session, build: Builder) -> None:
    assert neighbourhood_by_slug(session, build.neighbourhood("Haagse Bos").slug) is not None
    assert neighbourhood_by_slug(session, "elders") is None


def test_a_postcode_lies_in_one_neighbourhood(session: Session, build: Builder) -> None:
    bezuidenhout = build.neighbourhood()
    lies_in(session, "2593AB", bezuidenhout)
    assert neighbourhood_of(session, "2593AB") is bezuidenhout
    assert neighbourhood_of(session, "2593AC") is None


def test_near_an_unknown_postcode_are_the_neighbourhoods_with_its_digits(session: Session, build: Builder) -> None:
    one, other, far = build.neighbourhood("Een"), build.neighbourhood("Twee"), build.neighbourhood("Ver")
    for code, neighbourhood in {"2593AB": other, "2593AC": one, "2593AD": one, "2594AB": far}.items():
        lies_in(session, code, neighbourhood)
    assert list(neighbourhoods_near(session, "2593ZZ")) == [one, other]
    assert list(neighbourhoods_near(session, "2500AA")) == []
