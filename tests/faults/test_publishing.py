"""An official or a scheduler that is killed while a result is made public: once, with its letters and its package."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.controls import found
from tests.faults.conftest import Station
from tests.faults.defects import DEFECTS, suffer
from tests.faults.processes import is_killed, publish, publish_and_die
from tests.faults.test_scheduling import undo, vote
from tests.moments import COUNTING, RESULT, SCHEDULE
from wijkbudget.mail.tables import Letter
from wijkbudget.results.tables import Publication, Result
from wijkbudget.results.verification import verify_package
from wijkbudget.rounds.tables import FinishedTask, Round

pytestmark = [pytest.mark.faults, pytest.mark.proof]

PACKAGE = "publish package"


def hide(station: Station) -> None:
    """As it was before the result was made public."""
    undo(station, (Publication, Letter), PACKAGE)
    with station.database.transaction() as session:
        session.execute(update(Result).values(published_at=None, published_by=None))
        session.execute(update(Round).values(result_from=SCHEDULE.result))


def shown(station: Station) -> dict[str, Any]:
    """What is public, who was written to, and whether the package was made; it must be right."""
    with station.database.reading() as session:
        packages = session.scalars(select(Publication)).all()
        for made in packages:
            verify_package(made.package, key=made.public_key)
        return {
            "result": session.execute(select(Result.published_at, Result.published_by)).all(),
            "from": list(session.scalars(select(Round.result_from))),
            "letters": sorted(session.execute(select(Letter.kind, Letter.recipient)).tuples().all()),
            "packages": len(packages),
            "tasks": list(session.scalars(select(FinishedTask.task).where(FinishedTask.task == PACKAGE))),
        }


def published_after_every_crash(station: Station, die: Callable[..., None] = publish_and_die) -> None:
    """Fails unless a publication that is killed, and is done again, happens once and as a whole."""
    vote(station)
    station.catch_up(COUNTING)
    deed = (station.round.id, station.round.made_by, RESULT)
    was_killed, step, expected = True, 0, dict[str, Any]()
    while was_killed:
        hide(station)
        if step:
            was_killed = is_killed(die, station.place(RESULT), *deed, step)
        publish(station.database, *deed)
        station.catch_up(RESULT)
        expected = expected or shown(station)
        assert shown(station) == expected, f"killed before step {step}"
        step += 1
    assert [expected["packages"], len(expected["letters"]), expected["tasks"]] == [1, 3, [PACKAGE]]
    assert step > 20


def test_a_publication_that_is_killed_at_any_step_happens_once_and_as_a_whole(station: Station) -> None:
    published_after_every_crash(station)


@pytest.mark.parametrize("defect", ["publishes in two steps", "makes the package in two steps"])
def test_a_publication_in_two_transactions_is_found_out(station: Station, defect: str) -> None:
    with DEFECTS[defect](), found("killed before step"):
        published_after_every_crash(station, partial(suffer, defect, publish_and_die))
