"""What the database itself forbids about results."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import RESULT
from wijkbudget.results.tables import Draw, Result
from wijkbudget.rounds.rules import Counting
from wijkbudget.tally.document import to_document


def store(session: Session, build: Builder, **values: Any) -> None:
    """A result with these values; what is not named is sound."""
    sound = {"voted": 3, "eligible": 5, "blank": 0, "outcome": {}, "compared": [], "counted_at": RESULT}
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


def test_what_other_rules_come_to_is_read_as_the_tally_gave_it(build: Builder) -> None:
    round_ = build.round(counting=Counting(compares=True))
    result = build.result(round_, {build.menu_plan(round_): 3})
    assert [to_document(other) for other in result.others] == result.compared != []


SOUND_DRAW = {"seed": "12", "proof": "Op het stadhuis", "entered_by": 1, "entered_at": RESULT}


@pytest.mark.parametrize(
    "values",
    [
        {},
        SOUND_DRAW,
        SOUND_DRAW | {"confirmed_by": 2, "confirmed_at": RESULT},
    ],
)
def test_a_draw_is_needed_entered_and_confirmed(session: Session, build: Builder, values: dict[str, Any]) -> None:
    store_draw(session, build, values)


@pytest.mark.parametrize(
    "values",
    [
        {"seed": "12"},
        *({name: value for name, value in SOUND_DRAW.items() if name != missing} for missing in SOUND_DRAW),
        SOUND_DRAW | {"confirmed_by": 2},
        SOUND_DRAW | {"confirmed_at": RESULT},
        SOUND_DRAW | {"confirmed_by": 1, "confirmed_at": RESULT},
        {"confirmed_by": 2, "confirmed_at": RESULT},
    ],
)
def test_a_draw_is_entered_whole_and_confirmed_by_somebody_else(
    session: Session, build: Builder, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        store_draw(session, build, values)


def store_draw(session: Session, build: Builder, values: dict[str, Any]) -> None:
    """A draw with these values; people are 1 and 2."""
    people = {1: build.person().id, 2: build.person().id}
    ids = {name: people[value] for name, value in values.items() if name.endswith("_by")}
    with session.begin_nested():
        session.add(Draw(round_id=build.round().id, groups=[[1, 2]], needed_at=RESULT, **(values | ids)))


def test_a_round_has_one_result(session: Session, build: Builder) -> None:
    round_ = build.round(title="Een")
    store(session, build, round_id=round_.id)
    session.expunge_all()
    with pytest.raises(IntegrityError):
        store(session, build, round_id=round_.id)
