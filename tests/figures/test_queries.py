"""How many plans, likes and votes."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import RESULT, SECOND
from wijkbudget.figures.queries import year_figures
from wijkbudget.figures.rules import Turnout
from wijkbudget.people.rules import Role
from wijkbudget.results.tables import Result
from wijkbudget.rounds.rules import Schedule
from wijkbudget.rounds.tables import Round

NEW_YEAR = datetime(2026, 12, 31, 23, tzinfo=UTC)


def closing_at(moment: datetime) -> Schedule:
    day = timedelta(days=1)
    return Schedule(moment - 3 * day, moment - 2 * day, moment - day, moment, moment + day)


def result(build: Builder, round_: Round, *, published: bool = True) -> None:
    official = build.appointed(Role.OFFICIAL)
    build.session.add(
        Result(
            round_id=round_.id, voted=907, eligible=3422, blank=0, outcome={}, compared=[], counted_at=RESULT,
            published_at=RESULT if published else None, published_by=official.id if published else None,
        )
    )  # fmt: skip
    build.session.flush()


def test_a_round_counts_in_the_year_of_the_hague_in_which_its_voting_closes(session: Session, build: Builder) -> None:
    build.round(title="Oud", schedule=closing_at(NEW_YEAR - SECOND))
    build.round(title="Nieuw", schedule=closing_at(NEW_YEAR))
    assert [round.title for round in year_figures(session, 2026).rounds] == ["Oud"]
    assert [round.title for round in year_figures(session, 2027).rounds] == ["Nieuw"]


def test_plans_and_likes_belong_to_their_round(session: Session, build: Builder) -> None:
    one, other = build.round(title="Een"), build.round(title="Twee")
    build.likes(build.placed_plan(one), 3)
    build.plan(one, title="Niet geplaatst")
    build.plan(other)
    found = {round.title: (round.plans, round.likes) for round in year_figures(session, 2026).rounds}
    assert found == {"Een": (2, 3), "Twee": (1, 0)}


def test_a_round_without_plans_counts_zero(session: Session, build: Builder) -> None:
    build.round()
    (figures,) = year_figures(session, 2026).rounds
    assert (figures.plans, figures.likes, figures.turnout) == (0, 0, None)


def test_turnout_is_known_once_the_result_is_published(session: Session, build: Builder) -> None:
    published, counted = build.round(title="A"), build.round(title="B")
    result(build, published)
    result(build, counted, published=False)
    assert [round.turnout for round in year_figures(session, 2026).rounds] == [Turnout(907, 3422), None]


def test_a_year_without_rounds_is_empty(session: Session) -> None:
    assert year_figures(session, 2000).rounds == ()
