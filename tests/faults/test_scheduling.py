"""Schedulers that run twice, or are killed between any two steps, come to one and the same result."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import cycle
from typing import Any

import pytest
from nacl.public import PrivateKey
from sqlalchemy import delete, select

from tests.controls import found
from tests.faults.conftest import Station
from tests.faults.defects import DEFECTS, suffer
from tests.faults.processes import PATIENCE, cast, crew, is_killed, work, work_and_die
from tests.moments import COUNTING, VOTING
from wijkbudget.ballots.keys import KeyFolder
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
Deed = Callable[..., None]


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
    """All that the tasks stored, without moments and numbers of rows; where a table keeps its rows is chance."""
    tracker = OpenedBallot.tracker
    with station.database.reading() as session:
        return {
            "urn": session.execute(select(Urn.rules, Urn.rules_hash, Urn.public_key)).all(),
            "opening": session.execute(select(Opening.envelopes, Opening.merkle_root)).all(),
            "rejected": list(session.scalars(select(Opening.rejected))),
            "ballots": list(session.scalars(select(tracker).order_by(tracker))),
            "points": list(session.scalars(select(OpenedBallot.points).order_by(tracker))),
            "draw": session.execute(select(Draw.seed, Draw.proof)).all(),
            "drawn among": list(session.scalars(select(Draw.groups))),
            "result": session.execute(select(Result.voted, Result.blank)).all(),
            "outcome": list(session.scalars(select(Result.outcome))),
            "letters": sorted(session.execute(select(Letter.kind, Letter.recipient)).tuples().all()),
            "tasks": sorted(session.scalars(select(FinishedTask.task))),
        }


def assert_same_after_every_crash(
    station: Station, moment: datetime, expected: dict[str, Any], tables: tuple[type[Any], ...], *tasks: str,
    die: Deed, least: int,
) -> None:  # fmt: skip
    """Fails unless a scheduler that was killed before any step, `least` or more, and another one after it come to
    what is expected."""
    was_killed, step = True, 0
    while was_killed:
        undo(station, tables, *tasks)
        step += 1
        was_killed = is_killed(die, station.place(moment), step)
        station.catch_up(moment)
        stored = kept(station)
        other = {name: stored[name] for name in stored if stored[name] != expected[name]}
        assert other == {}, f"killed before step {step}"
    assert step > least


def count_after_every_crash(station: Station, die: Deed = work_and_die) -> None:
    """Fails unless a count that is killed comes to the same result."""
    expected = kept(station)
    assert len(expected["ballots"]) == station.voters
    undo(station, COUNTED, *COUNTING_TASKS)
    station.catch_up(COUNTING)
    expected["letters"] = kept(station)["letters"]  # those to the authors were posted when voting began
    assert_same_after_every_crash(station, COUNTING, expected, COUNTED, *COUNTING_TASKS, die=die, least=20)


def test_a_count_that_is_killed_at_any_step_comes_to_the_same_result(station: Station) -> None:
    vote(station)
    station.catch_up(COUNTING)
    count_after_every_crash(station)


@pytest.mark.parametrize("defect", ["opens in two steps", "counts in two steps"])
def test_a_count_in_two_transactions_is_found_out(station: Station, defect: str) -> None:
    vote(station)
    station.catch_up(COUNTING)
    with DEFECTS[defect](), found("killed before step"):
        count_after_every_crash(station, partial(suffer, defect, work_and_die))


def freeze_after_every_crash(station: Station, die: Deed = work_and_die) -> None:
    """Fails unless a freezing that is killed gives one urn, with the first key that was stored."""
    expected = kept(station)
    assert len(expected["urn"]) == 1
    was_killed, step = True, 0
    while was_killed:
        undo(station, FROZEN, *(task.name for task in TIMETABLE[:2]))
        KeyFolder(station.config.key_folder).destroy_keys(station.round.id)
        step += 1
        was_killed = is_killed(die, station.place(VOTING), step)
        before = public_keys(station)
        station.catch_up(VOTING)
        stored, [key] = kept(station), public_keys(station) or [b"none"]
        assert stored == expected | {"urn": [(*expected["urn"][0][:2], key)]}, f"killed before step {step}"
        assert before in ([], [key]), "a second key was made"
    assert step > 15


def public_keys(station: Station) -> list[bytes]:
    """The public half of the key in the folder, if there is one."""
    try:
        key = KeyFolder(station.config.key_folder).private_key(station.round.id)
    except FileNotFoundError:
        return []
    return [bytes(PrivateKey(key).public_key)]


def test_a_freezing_that_is_killed_at_any_step_gives_one_urn_with_one_key(station: Station) -> None:
    freeze_after_every_crash(station)


@pytest.mark.parametrize(
    ("defect", "fault"),
    [
        ("freezes in two steps", "killed before step"),
        ("stores the key last", "killed before step"),
        ("makes a key each time", "a second key was made"),
    ],
)
def test_a_freezing_that_can_be_cut_in_two_is_found_out(station: Station, defect: str, fault: str) -> None:
    with DEFECTS[defect](), found(fault):
        freeze_after_every_crash(station, partial(suffer, defect, work_and_die))


def count_at_once(station: Station, deed: Deed = work) -> None:
    """Fails unless two schedulers at once do everything once."""
    expected = kept(station)
    with crew(2) as pool:
        for _ in range(3):
            undo(station, FROZEN[:-1], *(task.name for task in TIMETABLE[1:]))
            for moment in (VOTING, COUNTING):
                place = station.place(moment)
                for begun in [pool.submit(deed, place) for _ in range(2)]:
                    begun.result(PATIENCE)
            assert kept(station) == expected, "something was done twice"


def test_two_schedulers_at_once_count_once_and_post_each_letter_once(station: Station) -> None:
    vote(station)
    station.catch_up(COUNTING)
    count_at_once(station)


def test_two_schedulers_at_once_that_leave_no_mark_are_found_out(station: Station) -> None:
    vote(station)
    station.catch_up(COUNTING)
    with found("something was done twice"):
        count_at_once(station, partial(suffer, "knows no finished task", work))


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


def ask_after_every_crash(undecided: Station, die: Deed = work_and_die) -> None:
    """Fails unless a count that is killed opens the urn and asks for the draw once."""
    vote_equally(undecided)
    tables = (OpenedBallot, UrnEntry, Opening, Draw, Letter)
    undo(undecided, tables)
    undecided.catch_up(COUNTING)
    expected = kept(undecided)
    assert (len(expected["ballots"]), len(expected["draw"]), expected["result"]) == (2, 1, [])
    assert [kind for kind, _ in expected["letters"]] == ["draw-needed"] * 2
    assert_same_after_every_crash(undecided, COUNTING, expected, tables, die=die, least=10)


def test_a_count_that_is_killed_at_any_step_asks_for_the_draw_once(undecided: Station) -> None:
    ask_after_every_crash(undecided)


def test_a_count_that_asks_for_the_draw_in_two_transactions_is_found_out(undecided: Station) -> None:
    defect = "asks for the draw in two steps"
    with DEFECTS[defect](), found("killed before step"):
        ask_after_every_crash(undecided, partial(suffer, defect, work_and_die))


def count_with_draw_after_every_crash(undecided: Station, die: Deed = work_and_die) -> None:
    """Fails unless a count with the draw that is killed comes to the same result."""
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
    assert_same_after_every_crash(undecided, COUNTING, expected, tables, *COUNTING_TASKS, die=die, least=10)


def test_a_count_with_the_draw_that_is_killed_at_any_step_comes_to_the_same_result(undecided: Station) -> None:
    count_with_draw_after_every_crash(undecided)


def test_a_count_with_the_draw_in_two_transactions_is_found_out(undecided: Station) -> None:
    defect = "counts in two steps"
    with DEFECTS[defect](), found("killed before step"):
        count_with_draw_after_every_crash(undecided, partial(suffer, defect, work_and_die))


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
