"""What the database itself forbids about results."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import RESULT
from wijkbudget.results.tables import Result
from wijkbudget.tally.document import to_document


def store(session: Session, build: Builder, **values: Any) -> None:
    """A result with these values; what is not named is sound."""
    sound = {"voted": 3, "eligible": 5, "blank": 0, "outcome": {}, "counted_at": RESULT}
    round_id = values.pop("round_id", None) or build.round().id
    with session.begin_nested():
        session.add(Result(round_id=round_id, **(sound | values)))


@pytest.mark.parametrize("voted", [0, 5])
def test_nobody_or_everybody_may_have_voted(session: Session, build: Builder, voted: int) -> None:
    store(session, build, voted=voted)


@pytest.mark.parametrize(("voted", "eligible"), [(-1, 5), (6, 5), (0, 0)])
def test_no_more_people_voted_than_might(session: Session, build: Builder, voted: int, eligible: int) -> None:
    with pytest.raises(IntegrityError):
        store(session, build, voted=voted, eligible=eligible)


def test_a_publication_has_a_moment_and_a_person(session: Session, build: Builder) -> None:
    round_id = build.round(title="Een").id
    with pytest.raises(IntegrityError):
        store(session, build, round_id=round_id, published_at=RESULT)
    store(session, build, round_id=round_id, published_at=RESULT, published_by=build.person().id)


def test_an_outcome_is_read_as_the_tally_gave_it(build: Builder) -> None:
    round_ = build.round()
    plan = build.menu_plan(round_)
    result = build.result(round_, {plan: 3})
    assert to_document(result.decided) == result.outcome
    assert result.decided.funded == (str(plan.id),)


def test_a_round_has_one_result(session: Session, build: Builder) -> None:
    round_ = build.round(title="Een")
    store(session, build, round_id=round_.id)
    session.expunge_all()
    with pytest.raises(IntegrityError):
        store(session, build, round_id=round_.id)
