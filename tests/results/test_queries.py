"""Which results there are."""

from datetime import datetime

from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import DAY, RESULT
from wijkbudget.results.queries import draw_of, published_results, result_of, waits_for_draw
from wijkbudget.results.tables import Draw, Result
from wijkbudget.rounds.tables import Round


def counted(session: Session, build: Builder, title: str, published_at: datetime | None) -> Round:
    """A round with a result that was published then, or is not public yet."""
    round_ = build.round(title=title)
    session.add(
        Result(
            round_id=round_.id, voted=1, eligible=2, blank=0, outcome={}, compared=[], counted_at=RESULT,
            published_at=published_at, published_by=round_.made_by if published_at else None,
        )
    )  # fmt: skip
    session.flush()
    return round_


def test_a_round_has_no_result_before_the_count(session: Session, build: Builder) -> None:
    assert result_of(session, build.round().id) is None


def test_a_result_is_found_before_it_is_published(session: Session, build: Builder) -> None:
    round_ = counted(session, build, "Een", None)
    found = result_of(session, round_.id)
    assert found is not None
    assert found.published_at is None


def test_published_results_come_newest_first_and_the_others_not_at_all(session: Session, build: Builder) -> None:
    counted(session, build, "Geheim", None)
    rounds = [counted(session, build, title, RESULT + days * DAY) for title, days in (("A", 0), ("B", 2), ("C", 1))]
    shown = [(round_.title, result.round_id) for round_, result in published_results(session)]
    assert shown == [(rounds[number].title, rounds[number].id) for number in (1, 2, 0)]


def test_a_count_waits_from_the_need_of_a_draw_until_its_confirmation(session: Session, build: Builder) -> None:
    round_, people = build.round(), [build.person().id for _ in range(2)]
    assert (draw_of(session, round_.id), waits_for_draw(session, round_.id)) == (None, None)
    draw = Draw(round_id=round_.id, groups=[[1, 2]], needed_at=RESULT)
    session.add(draw)
    session.flush()
    assert waits_for_draw(session, round_.id) is draw
    draw.seed, draw.proof, draw.entered_by, draw.entered_at = "12", "Op het stadhuis", people[0], RESULT
    session.flush()
    assert waits_for_draw(session, round_.id) is draw
    draw.confirmed_by, draw.confirmed_at = people[1], RESULT
    session.flush()
    assert waits_for_draw(session, round_.id) is None
    assert draw_of(session, round_.id) is draw
