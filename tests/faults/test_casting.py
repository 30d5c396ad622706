"""A voter's process that is killed between any two steps leaves the whole ballot or nothing of it, and never two."""

from collections.abc import Callable
from functools import partial
from secrets import token_bytes

import pytest
from sqlalchemy import delete, select, update

from tests.controls import found
from tests.faults.conftest import Station
from tests.faults.defects import DEFECTS, suffer
from tests.faults.processes import Sending, cast_and_die, is_killed, send
from tests.moments import VOTING
from wijkbudget.ballots.queries import envelope_mark
from wijkbudget.ballots.rules import chosen
from wijkbudget.ballots.tables import Entitlement, Envelope
from wijkbudget.ballots.urn import NONCE_BYTES, retry_mark_of
from wijkbudget.clock import Clock

pytestmark = [pytest.mark.faults, pytest.mark.proof, pytest.mark.usefixtures("turn")]


def empty_urn(station: Station) -> None:
    """As it was before anybody voted."""
    with station.database.transaction() as session:
        session.execute(delete(Envelope))
        session.execute(update(Entitlement).values(is_used=False))


def used(station: Station) -> set[int]:
    """The rights to vote that were used."""
    with station.database.reading() as session:
        return set(session.scalars(select(Entitlement.id).where(Entitlement.is_used)))


def killed_at_every_step(station: Station, die: Callable[..., None], *, has_voted: bool) -> list[bool]:
    """Whether the ballot was stored, after a death before its first, second … step; each is then sent again."""
    stored, entitlement = [], station.entitlements[0]
    clock, place = Clock(VOTING - Clock().now()), station.place(VOTING)
    was_killed, step = True, 0
    while was_killed:
        empty_urn(station)
        earlier = Sending(entitlement, (), token_bytes(NONCE_BYTES), None)
        before = {entitlement: send(station.database, earlier, clock)} if has_voted else {}
        seen = retry_mark_of(earlier.nonce) if has_voted else None
        sending = Sending(entitlement, tuple(station.plans[:2]), token_bytes(NONCE_BYTES), seen)
        step += 1
        was_killed = is_killed(die, place, sending, step)
        left = station.receipts()
        assert used(station) == set(left), "a right was used up without a ballot"
        stored.append(left != before)
        receipt = send(station.database, sending, clock)
        if stored[-1]:
            assert left == {entitlement: receipt}, "the same nonce got another receipt"
        assert station.receipts() == {entitlement: receipt}
        assert [opened.points for opened in station.opened()] == [chosen(sending.choices)]
    with station.database.reading() as session:
        assert envelope_mark(session, entitlement) == retry_mark_of(sending.nonce)
    return stored


def stored_by_its_commit_and_once(station: Station, has_voted: bool, die: Callable[..., None] = cast_and_die) -> None:
    """Fails if a ballot whose sender was killed is stored by halves, twice, or otherwise than by its commit."""
    stored = killed_at_every_step(station, die, has_voted=has_voted)
    assert len(stored) > 8
    # The last two: killed after the commit, before the voter saw the receipt; and not killed.
    assert stored == [False] * (len(stored) - 2) + [True, True]


@pytest.mark.parametrize("has_voted", [False, True])
def test_a_ballot_whose_sender_is_killed_at_any_step_is_stored_by_its_commit_and_once(
    station: Station, has_voted: bool
) -> None:
    stored_by_its_commit_and_once(station, has_voted)


@pytest.mark.parametrize(
    ("has_voted", "defect", "fault"),
    [
        (False, "uses the right up first", "a right was used up without a ballot"),
        (True, "replaces in two steps", "a right was used up without a ballot"),
    ],
)
def test_a_ballot_that_is_stored_in_two_transactions_is_found_out(
    station: Station, has_voted: bool, defect: str, fault: str
) -> None:
    with DEFECTS[defect](), found(fault):
        stored_by_its_commit_and_once(station, has_voted, partial(suffer, defect, cast_and_die))
