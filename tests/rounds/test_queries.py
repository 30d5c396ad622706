"""Which rounds there are."""

from dataclasses import replace

from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import DAY, SCHEDULE
from wijkbudget.rounds.queries import round_by_slug, rounds, rounds_of_neighbourhood

LATER = replace(SCHEDULE, voting=SCHEDULE.voting + DAY)


def test_a_round_is_found_by_its_address(session: Session, build: Builder) -> None:
    made = build.round(title="Duinoord")

    assert round_by_slug(session, "duinoord") is made
    assert round_by_slug(session, "Duinoord") is None


def test_the_round_that_votes_last_comes_first(session: Session, build: Builder) -> None:
    first = build.round(title="first")
    last = build.round(title="last", schedule=LATER)
    beside = build.round(title="beside")

    assert list(rounds(session)) == [last, beside, first]


def test_a_neighbourhood_has_the_rounds_in_whose_area_it_lies(session: Session, build: Builder) -> None:
    here, there = build.neighbourhood("here"), build.neighbourhood("there")
    both = build.round(title="both", neighbourhoods=(here, there))
    later = build.round(title="later", neighbourhoods=(here,), schedule=LATER)

    assert list(rounds_of_neighbourhood(session, here.id)) == [later, both]
    assert list(rounds_of_neighbourhood(session, there.id)) == [both]
    assert list(rounds_of_neighbourhood(session, 0)) == []
