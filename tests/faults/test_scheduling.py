"""Schedulers that run twice, or are killed between any two steps, come to one and the same result."""

from datetime import datetime
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.faults.conftest import Station
from tests.faults.processes import PATIENCE, cast, crew, is_killed, work, work_and_die
from tests.moments import COUNTING, VOTING
from wijkbudget.ballots.tables import OpenedBallot, Opening, Urn, UrnEntry
from wijkbudget.clock import Clock
from wijkbudget.jobs.timetable import TIMETABLE
from wijkbudget.mail.tables import Letter
from wijkbudget.people.queries import people_with_role
from wijkbudget.people.rules import Role
from wijkbudget.results.actions import confirm_draw, enter_draw
from wijkbudget.results.tables import Draw, Result
from wijkbudget.rounds.tables import FinishedTask, Round

pytestmark = [pytest.mark.faults, pytest.mark.proof, pytest.mark.usefixtures("turn")]

COUNTED = (OpenedBallot, UrnEntry, Opening, Result, Letter)
COUNTING_TASKS = [task.name for task in TIMETABLE[2:]]
FROZEN = (*COUNTED, Urn)


def vote(station: Station) -> None:
    """Ballots of three kinds, equally many of each."""
    clock = Clock(VOTING - Clock().now())
    kinds = cycle([(), station.plans[:1], station.plans[:2]])
    for entitlement, choices in zip(station.entitlements[: station.voters], kinds, strict=False):
        cast(station.database, entitlement, tuple(choices), clock)


def undo(station: Station, tables: tuple[type[Any], ...], *tasks: str) -> None:
    """As it was before these tasks were done."""
    with station.database.transaction() as session:
        for table in tables:
            session.execute(delete(table))
        session.execute(delete(FinishedTask).where(FinishedTask.task.in_(tasks)))


def kept(station: Station) -> dict[str, Any]:
    """All that the tasks stored, without moments and numbers of rows."""
    with station.database.reading() as session:
        return {
            "urn": session.execute(select(Urn.rules, Urn.rules_hash, Urn.public_key)).all(),
            "opening": session.execute(select(Opening.envelopes, Opening.merkle_root)).all(),
            "rejected": list(session.scalars(select(Opening.rejected))),
            "ballots": session.execute(select(OpenedBallot.tracker)).all(),
            "points": list(session.scalars(select(OpenedBallot.points))),
            "draw": session.execute(select(Draw.seed, Draw.proof)).all(),
            "drawn among": list(session.scalars(select(Draw.groups))),
            "result": session.execute(select(Result.voted, Result.blank)).all(),
            "outcome": list(session.scalars(select(Result.outcome))),
            "letters": sorted(session.execute(select(Letter.kind, Letter.recipient)).tuples().all()),
            "tasks": sorted(session.scalars(select(FinishedTask.task))),
        }


def killed_at_every_step(
    station: Station, moment: datetime, tables: tuple[type[Any], ...], *tasks: str
) -> list[dict[str, Any]]:
    """What is stored after a scheduler was killed before its first, second … step and another one worked after it."""
    stored = []
    was_killed, step = True, 0
    while was_killed:
        undo(station, tables, *tasks)
        step += 1
        was_killed = is_killed(work_and_die, station.place(moment), step)
        station.catch_up(moment)
        stored.append(kept(station))
    return stored


def test_a_count_that_is_killed_at_any_step_comes_to_the_same_result(station: Station) -> None:
    vote(station)
    station.catch_up(COUNTING)
    expected = kept(station)
    assert len(expected["ballots"]) == station.voters
    undo(station, COUNTED, *COUNTING_TASKS)
    station.catch_up(COUNTING)
    expected["letters"] = kept(station)["letters"]  # those to the authors were posted when voting began
    stored = killed_at_every_step(station, COUNTING, COUNTED, *COUNTING_TASKS)
    assert len(stored) > 20
    assert [each for each in stored if each != expected] == []


def test_a_freezing_that_is_killed_at_any_step_gives_one_urn_with_one_key(station: Station) -> None:
    expected = kept(station)
    assert len(expected["urn"]) == 1
    stored = killed_at_every_step(station, VOTING, FROZEN, *(task.name for task in TIMETABLE[:2]))
    assert len(stored) > 15
    assert [each for each in stored if each != expected] == []


def test_two_schedulers_at_once_count_once_and_post_each_letter_once(station: Station) -> None:
    vote(station)
    station.catch_up(COUNTING)
    expected = kept(station)
    with crew(2) as pool:
        for _ in range(3):
            undo(station, FROZEN[:-1], *(task.name for task in TIMETABLE[1:]))
            for moment in (VOTING, COUNTING):
                place = station.place(moment)
                for begun in [pool.submit(work, place) for _ in range(2)]:
                    begun.result(PATIENCE)
            assert kept(station) == expected


# A count that waits for a public draw


def vote_equally(station: Station) -> None:
    """A ballot for each of two plans of which one can be funded."""
    clock = Clock(VOTING - Clock().now())
    for entitlement, plan in zip(station.entitlements, station.plans[:2], strict=False):
        cast(station.database, entitlement, (plan,), clock)


def draw(station: Station) -> None:
    """Two officials type in what came out of the draw."""
    with station.database.transaction() as session:
        round_, proof = session.get_one(Round, station.round.id), "Getrokken door de notaris."
        first, second = people_with_role(session, Role.OFFICIAL)
        enter_draw(session, round=round_, official=first, seed="12 34", proof=proof, now=COUNTING)
        confirm_draw(session, round=round_, official=second, seed="12 34", now=COUNTING)


def test_a_count_that_is_killed_at_any_step_asks_for_the_draw_once(undecided: Station) -> None:
    vote_equally(undecided)
    tables = (OpenedBallot, UrnEntry, Opening, Draw, Letter)
    undo(undecided, tables)
    undecided.catch_up(COUNTING)
    expected = kept(undecided)
    assert (len(expected["ballots"]), len(expected["draw"]), expected["result"]) == (2, 1, [])
    assert [kind for kind, _ in expected["letters"]] == ["draw-needed"] * 2
    stored = killed_at_every_step(undecided, COUNTING, tables)
    assert len(stored) > 10
    assert [each for each in stored if each != expected] == []


def test_a_count_with_the_draw_that_is_killed_at_any_step_comes_to_the_same_result(undecided: Station) -> None:
    vote_equally(undecided)
    undecided.catch_up(COUNTING)
    draw(undecided)
    tables = (Result, Letter)
    undo(undecided, tables)
    undecided.catch_up(COUNTING)
    expected = kept(undecided)
    assert (len(expected["ballots"]), expected["result"]) == (2, [(2, 0)])
    assert [outcome["lot"]["seed"] for outcome in expected["outcome"]] == ["12 34"]
    assert [kind for kind, _ in expected["letters"]] == ["result-counted"] * 2
    stored = killed_at_every_step(undecided, COUNTING, tables, *COUNTING_TASKS)
    assert len(stored) > 10
    assert [each for each in stored if each != expected] == []


def test_two_schedulers_at_once_ask_for_the_draw_once_and_count_with_it_once(undecided: Station) -> None:
    vote_equally(undecided)
    with crew(2) as pool:
        for kinds in (["draw-needed"] * 2, ["draw-needed"] * 2 + ["result-counted"] * 2):
            for _ in range(3):
                place = undecided.place(COUNTING)
                for begun in [pool.submit(work, place) for _ in range(2)]:
                    begun.result(PATIENCE)
            stored = kept(undecided)
            assert [kind for kind, _ in stored["letters"] if kind != "plan-on-menu"] == kinds
            assert (len(stored["draw"]), len(stored["result"])) == (1, len(kinds) // 4)
            if not stored["result"]:
                draw(undecided)
