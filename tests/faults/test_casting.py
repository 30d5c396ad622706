"""A voter's process that is killed between any two steps leaves the whole ballot or nothing of it, and never two."""

from secrets import token_bytes

import pytest
from sqlalchemy import delete

from tests.faults.conftest import Station
from tests.faults.processes import Sending, cast_and_die, is_killed, send
from tests.moments import VOTING
from wijkbudget.ballots.queries import envelope_mark
from wijkbudget.ballots.rules import chosen
from wijkbudget.ballots.tables import Envelope
from wijkbudget.ballots.urn import NONCE_BYTES, retry_mark_of
from wijkbudget.clock import Clock

pytestmark = [pytest.mark.faults, pytest.mark.proof, pytest.mark.usefixtures("turn")]


def killed_at_every_step(station: Station, *, has_voted: bool) -> list[bool]:
    """Whether the ballot was stored, after a death before its first, second … step; each is then sent again."""
    stored, entitlement = [], station.entitlements[0]
    clock, place = Clock(VOTING - Clock().now()), station.place(VOTING)
    was_killed, step = True, 0
    while was_killed:
        with station.database.transaction() as session:
            session.execute(delete(Envelope))
        earlier = Sending(entitlement, (), token_bytes(NONCE_BYTES), None)
        before = {entitlement: send(station.database, earlier, clock)} if has_voted else {}
        seen = retry_mark_of(earlier.nonce) if has_voted else None
        sending = Sending(entitlement, tuple(station.plans[:2]), token_bytes(NONCE_BYTES), seen)
        step += 1
        was_killed = is_killed(cast_and_die, place, sending, step)
        left = station.receipts()
        stored.append(left != before)
        receipt = send(station.database, sending, clock)
        if stored[-1]:
            assert left == {entitlement: receipt}, "the same nonce got another receipt"
        assert station.receipts() == {entitlement: receipt}
        assert [opened.points for opened in station.opened()] == [chosen(sending.choices)]
    with station.database.reading() as session:
        assert envelope_mark(session, entitlement) == retry_mark_of(sending.nonce)
    return stored


@pytest.mark.parametrize("has_voted", [False, True])
def test_a_ballot_whose_sender_is_killed_at_any_step_is_stored_by_its_commit_and_once(
    station: Station, has_voted: bool
) -> None:
    stored = killed_at_every_step(station, has_voted=has_voted)
    assert len(stored) > 8
    # The last two: killed after the commit, before the voter saw the receipt; and not killed.
    assert stored == [False] * (len(stored) - 2) + [True, True]
