"""What the database itself forbids about places."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from wijkbudget.places.tables import District, Neighbourhood, Postcode


def test_a_neighbourhood_may_be_empty_but_not_less(session: Session, build: Builder) -> None:
    neighbourhood = build.neighbourhood("Oostduinen")
    neighbourhood.inhabitants = 0
    session.flush()
    neighbourhood.inhabitants = -1
    with pytest.raises(IntegrityError):
        session.flush()


def test_two_districts_do_not_share_a_name(session: Session, build: Builder) -> None:
    session.add(District(name=build.district().name, slug="anders"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_neighbourhood_lies_in_a_known_district(session: Session) -> None:
    stray = Neighbourhood(code="WK051899", number=99, slug="nergens", name="Nergens", inhabitants=1, district_id=-1)
    session.add(stray)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_postcode_lies_in_one_neighbourhood(session: Session, build: Builder) -> None:
    here, there = build.neighbourhood("Bezuidenhout"), build.neighbourhood("Duinoord")
    session.add(Postcode(code="2593AB", neighbourhood_id=here.id))
    session.flush()
    session.expunge_all()
    session.add(Postcode(code="2593AB", neighbourhood_id=there.id))
    with pytest.raises(IntegrityError):
        session.flush()
