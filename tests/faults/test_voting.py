"""Many at once: one envelope for one entitlement, and nothing that was acknowledged is lost at closing."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.controls import found as found_out
from tests.faults.conftest import Station
from tests.faults.processes import PATIENCE, cast_all, cast_until_closed, crew
from tests.faults.tally import found, tally
from tests.moments import COUNTING, SCHEDULE, VOTING
from wijkbudget.ballots import actions
from wijkbudget.ballots.actions import cast_ballot
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.rules import chosen
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.clock import Clock
from wijkbudget.results.actions import count_round
from wijkbudget.results.tables import Result
from wijkbudget.rounds.tables import Round

pytestmark = [pytest.mark.faults, pytest.mark.proof, pytest.mark.usefixtures("turn")]

Begin = Callable[[], AbstractContextManager[Session]]


def test_eight_browsers_with_one_code_leave_one_envelope(station: Station) -> None:
    left_by_eight_browsers(station, [station.entitlements[0]] * 8)


def test_eight_browsers_to_which_one_code_gave_eight_rights_are_found_out(station: Station) -> None:
    with found_out("one code left more than one envelope"):
        left_by_eight_browsers(station, station.entitlements[:8])


def left_by_eight_browsers(station: Station, rights: list[int]) -> None:
    """Vote with eight browsers that one code let in, each with this right: one envelope may be left."""
    ballots: list[tuple[int, ...]] = [(), *((plan,) for plan in station.plans), tuple(station.plans)]
    place = station.place(VOTING)
    with crew(8) as pool:
        begun = [pool.submit(cast_all, place, right, ballots) for right in rights]
        acknowledged = [given for each in begun for given in each.result(PATIENCE)]
    assert len(acknowledged) == 8 * len(ballots)
    assert len(station.receipts()) == 1, "one code left more than one envelope"
    [(voted, receipt)] = station.receipts().items()
    [opened] = station.opened()
    [last] = [given for given in acknowledged if given.receipt == receipt]
    assert (voted, opened.points) == (rights[0], chosen(last.choices))


def test_what_was_acknowledged_before_closing_is_counted_and_nothing_is_accepted_after_it(station: Station) -> None:
    ballots: list[tuple[int, ...]] = [(), *((plan,) for plan in station.plans)]
    with crew(4) as pool:
        place, start = station.place(VOTING), SCHEDULE.counting - timedelta(seconds=3)
        mine = [station.entitlements[number::4] for number in range(4)]
        begun = [pool.submit(cast_until_closed, place, start, each, ballots) for each in mine]
        acknowledged = [given for each in begun for given in each.result(PATIENCE)]
    assert acknowledged
    assert not [given for given in acknowledged if given.began >= SCHEDULE.counting]
    last = {given.entitlement: given for given in acknowledged}
    assert station.receipts() == {entitlement: given.receipt for entitlement, given in last.items()}
    station.catch_up(COUNTING)
    with station.database.reading() as session:
        result = session.get_one(Result, station.round.id)
    votes = Counter(plan for given in last.values() for plan in given.choices)
    counted = {int(plan): finding.points for plan, finding in result.decided.findings.items()}
    assert counted == {plan: votes[plan] for plan in station.plans}
    assert (result.voted, result.blank) == (len(last), sum(not given.choices for given in last.values()))


def counted_while_a_vote_is_under_way(station: Station, begin: Begin | None = None) -> tuple[bool, int]:
    """Let the count begin between a vote's look at the clock and its envelope: did it wait, and how many it counted.

    The vote is cast in the session that `begin` gives, a transaction of the site unless told otherwise.
    """
    finished = threading.Event()
    voted: list[int] = []

    def count() -> None:
        with suppress(Exception), station.database.transaction() as session:
            ahead = COUNTING - Clock().now()
            keys, round_ = KeyFolder(station.config.key_folder), session.get_one(Round, station.round.id)
            result = count_round(session, round=round_, keys=keys, clock=Clock(ahead))
            assert result is not None
            voted.append(result.voted)
        finished.set()

    counting, put_into_urn = threading.Thread(target=count), actions._put_into_urn
    waited: list[bool] = []

    def meanwhile(*values: Any, **named: Any) -> bytes:
        counting.start()
        waited.append(not finished.wait(1))
        return put_into_urn(*values, **named)

    with pytest.MonkeyPatch.context() as patch, (begin or station.database.transaction)() as session:
        patch.setattr(actions, "_put_into_urn", meanwhile)
        clock = Clock(SCHEDULE.counting - timedelta(seconds=30) - Clock().now())
        cast_ballot(
            session, entitlement_id=station.entitlements[0], points=[], nonce=token_bytes(NONCE_BYTES), clock=clock
        )
    counting.join(PATIENCE)
    assert voted, "the count failed"
    return waited[0], voted[0]


def test_the_count_waits_for_a_vote_that_is_under_way(station: Station) -> None:
    assert counted_while_a_vote_is_under_way(station) == (True, 1)


def unlocked(session: Session, row: Any, **_: object) -> datetime:
    """The clock without the lock: what `lock_and_read_clock` must not be."""
    session.scalars(row).one()
    return Clock().now()


def test_without_the_shared_lock_an_acknowledged_vote_would_be_lost(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin: Begin = station.database.transaction
    if station.config.database_url.startswith("sqlite"):
        begin = station.database.reading  # the lock is that of the transaction: without it each statement stands alone
    else:
        monkeypatch.setattr(actions, "lock_and_read_clock", unlocked)
    assert counted_while_a_vote_is_under_way(station, begin) == (False, 0)
    with station.database.reading() as session:
        assert len(session.scalars(select(Result)).all()) == 1
    assert len(station.receipts()) == 1
    assert tally([], found(station.database, station.round.id), closing=SCHEDULE.counting).lost == 1
