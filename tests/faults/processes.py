"""What other processes do in the fault tests: vote, work as a scheduler, and kill themselves at a chosen step."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import event

from tests.moments import REVIEWING
from wijkbudget.ballots.actions import cast_ballot
from wijkbudget.ballots.holders import confirm_share
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import envelope_mark
from wijkbudget.ballots.rules import VotedMeanwhile, chosen
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.jobs.phases import catch_up
from wijkbudget.people.tables import Person
from wijkbudget.results.actions import publish_result
from wijkbudget.results.rules import AlreadyPublished
from wijkbudget.rounds.rules import WrongPhase
from wijkbudget.rounds.tables import Round

# A server that has imported everything once, and forks a fresh process in a few milliseconds.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
PATIENCE = 30


@dataclass(frozen=True)
class Place:
    """Where a process works; its clock runs `ahead`."""

    url: str
    keys: Path
    ahead: timedelta


@dataclass(frozen=True)
class Acknowledged:
    """A ballot whose receipt was given after the commit, and when its request began."""

    entitlement: int
    choices: tuple[int, ...]
    receipt: str
    began: datetime


_together: Barrier


def _join(together: Barrier) -> None:
    global _together  # noqa: PLW0603  (a barrier can only be handed to a process when that begins)
    _together = together


def crew(size: int) -> ProcessPoolExecutor:
    """So many processes that begin each job at the same moment, when all of them have one; they run already."""
    pool = ProcessPoolExecutor(size, mp_context=CONTEXT, initializer=_join, initargs=(CONTEXT.Barrier(size),))
    for begun in [pool.submit(meet) for _ in range(size)]:
        begun.result(PATIENCE)
    return pool


def meet() -> None:
    """Wait for the others."""
    _together.wait(PATIENCE)


def cast(database: Database, entitlement: int, choices: tuple[int, ...], clock: Clock) -> Acknowledged:
    """One ballot in a transaction of its own; who was overtaken looks at what lies in the urn, and sends again."""
    while True:
        began, nonce = clock.now(), token_bytes(NONCE_BYTES)
        with database.reading() as session:
            seen = envelope_mark(session, entitlement)
        try:
            with database.transaction() as session:
                receipt = cast_ballot(
                    session, entitlement_id=entitlement, points=chosen(choices), nonce=nonce, clock=clock, replaces=seen
                )
            return Acknowledged(entitlement, choices, receipt, began)
        except VotedMeanwhile:
            continue


def cast_all(place: Place, entitlement: int, ballots: list[tuple[int, ...]]) -> list[Acknowledged]:
    """These ballots with one entitlement, one after another."""
    database, clock = Database(place.url), Clock(place.ahead)
    meet()
    return [cast(database, entitlement, choices, clock) for choices in ballots]


def cast_until_closed(
    place: Place, start: datetime, entitlements: list[int], ballots: list[tuple[int, ...]]
) -> list[Acknowledged]:
    """Vote again and again with these entitlements until voting is over; it is `start` once everything is ready."""
    database, acknowledged = Database(place.url), []
    database.engine.connect().close()  # a slow machine must not spend the last moments of voting on connecting
    meet()
    clock = Clock(start - Clock().now())
    for turn in count():
        try:
            acknowledged.append(
                cast(database, entitlements[turn % len(entitlements)], ballots[turn % len(ballots)], clock)
            )
        except WrongPhase:
            break
    return acknowledged


def work(place: Place) -> None:
    """What a scheduler does once."""
    database = Database(place.url)
    meet()
    catch_up(database, keys=KeyFolder(place.keys), clock=Clock(place.ahead))


def dying(database: Database, step: int) -> Callable[..., None]:
    """Let this process be killed just before its `step`-th statement or commit; what it gives is a step when called."""
    steps = count(1)

    def die(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", die)
    event.listen(database.engine, "commit", die)
    return die


def work_and_die(place: Place, step: int) -> None:
    """What a scheduler does once, but killed just before its `step`-th statement or commit."""
    database = Database(place.url)
    dying(database, step)
    catch_up(database, keys=KeyFolder(place.keys), clock=Clock(place.ahead))


@dataclass(frozen=True)
class Sending:
    """A ballot as its page sends it, in the place of the one that `replaces` marks."""

    entitlement: int
    choices: tuple[int, ...]
    nonce: bytes
    replaces: bytes | None


def send(database: Database, sending: Sending, clock: Clock) -> str:
    """The receipt, after the commit."""
    with database.transaction() as session:
        return cast_ballot(
            session,
            entitlement_id=sending.entitlement,
            points=chosen(sending.choices),
            nonce=sending.nonce,
            clock=clock,
            replaces=sending.replaces,
        )


def cast_and_die(place: Place, sending: Sending, step: int) -> None:
    """Cast a ballot, but killed just before the `step`-th statement or commit, or before the receipt is given."""
    database = Database(place.url)
    die = dying(database, step)
    send(database, sending, Clock(place.ahead))
    die()


@dataclass(frozen=True)
class Proving:
    """A share that its holder has on paper, as that browser sends it."""

    round_id: int
    person_id: int
    browser: bytes
    typed: list[str]


def prove(database: Database, proving: Proving) -> None:
    """Confirm the share."""
    with database.transaction() as session:
        confirm_share(
            session,
            round=session.get_one(Round, proving.round_id),
            official=session.get_one(Person, proving.person_id),
            browser_key=proving.browser,
            typed=proving.typed,
            now=REVIEWING,
        )


def prove_and_die(place: Place, proving: Proving, step: int) -> None:
    """Confirm a share, but killed just before the `step`-th statement or commit, or before the answer is given."""
    database = Database(place.url)
    die = dying(database, step)
    prove(database, proving)
    die()


def is_killed(deed: Callable[..., None], *values: object) -> bool:
    """Whether a process was killed before it came to the end of its deed."""
    process = CONTEXT.Process(target=deed, args=values)
    process.start()
    process.join(PATIENCE)
    ended = process.exitcode
    process.close()
    if ended not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the process ended with {ended}")
    return ended != 0


def publish(database: Database, round_id: int, official_id: int, moment: datetime) -> None:
    """What an official does once: make the result public, unless it is."""
    with suppress(AlreadyPublished), database.transaction() as session:
        round_, official = session.get_one(Round, round_id), session.get_one(Person, official_id)
        publish_result(session, round=round_, official=official, now=moment)


def publish_and_die(place: Place, round_id: int, official_id: int, moment: datetime, step: int) -> None:
    """What an official and then a scheduler does, but killed just before the `step`-th statement or commit."""
    database = Database(place.url)
    dying(database, step)
    publish(database, round_id, official_id, moment)
    catch_up(database, keys=KeyFolder(place.keys), clock=Clock(place.ahead))
