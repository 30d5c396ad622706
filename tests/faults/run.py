"""A fault run: voters race for the same codes while processes are killed and the round closes; then it is counted."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import select

from tests.builders import Builder
from tests.faults.site import Site, mishaps
from tests.faults.tally import Attempt, Found, Tally, found, tally, wrongly_denied
from tests.faults.voters import Closed, Voter
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.clock import Clock
from wijkbudget.database import Database, lock_and_read_clock
from wijkbudget.jobs.phases import catch_up
from wijkbudget.results.actions import SETTLING
from wijkbudget.rounds.rules import Schedule
from wijkbudget.rounds.tables import Round

DAY = timedelta(days=1)
VOTERS = 6
LATECOMERS = 2
RACED_FOR = 6
"""So many codes several voters race for; each latecomer has one alone, so that nobody overtakes."""


@dataclass(frozen=True)
class Poll:
    """A round in which can be voted until `closing`, with its codes and their rights to vote."""

    round_id: int
    closing: datetime
    plans: Sequence[int]
    codes: Sequence[tuple[str, int]]
    clock: Clock

    def ballots(self, number: int) -> Iterator[tuple[int, ...]]:
        """Choices without end."""
        chance = random.Random(number)
        while True:
            yield tuple(sorted(chance.sample(self.plans, chance.randint(0, len(self.plans)))))


@dataclass(frozen=True)
class Run:
    """What came of it: the tally, the kills by kind, and what the voters met instead of an answer."""

    tally: Tally
    kills: Counter[str]
    met: Counter[str]
    attempts: Sequence[Attempt]
    found: Found
    closing: datetime
    strange: Sequence[str]

    @property
    def wrongly_denied(self) -> list[Attempt]:
        """Ballots that are stored although voters were told that they are not."""
        return wrongly_denied(self.attempts, self.found)

    @property
    def is_sound(self) -> bool:
        """Whether all went as promised, and each voter was told the truth."""
        return self.tally.is_sound and not self.wrongly_denied and not self.strange


def fault_run(site: Site, *, seconds: float, has_mishaps: bool = True) -> Run:
    """Vote for so many seconds and past the closing, then count."""
    warm_up(site)
    poll = open_poll(site, timedelta(seconds=seconds))
    voters = [Voter(site.port, poll.clock, number=number) for number in range(1, VOTERS + LATECOMERS + 1)]
    disturbed: AbstractContextManager[None] = mishaps(site) if has_mishaps else nullcontext()
    with disturbed, ThreadPoolExecutor(len(voters)) as pool:
        deeds = [pool.submit(_come_late if voter.number > VOTERS else _vote, voter, poll) for voter in voters]
        for deed in deeds:
            deed.result()
    count(site, poll)
    attempts, kept = [each for voter in voters for each in voter.sent], found(site.database, poll.round_id)
    return Run(
        tally=tally(attempts, kept, closing=poll.closing),
        kills=site.kills,
        met=sum((voter.met for voter in voters), Counter()),
        attempts=attempts,
        found=kept,
        closing=poll.closing,
        strange=[answer for voter in voters for answer in voter.strange],
    )


def warm_up(site: Site) -> None:
    """Votes in another round, in which each web worker reads and prepares its pages."""
    poll = open_poll(site, DAY, title="Vooraf", first=1)
    voters = [Voter(site.port, poll.clock, number=number) for number in range(1, VOTERS + 1)]
    with ThreadPoolExecutor(len(voters)) as pool:
        filled = [pool.submit(voter.fill_in, *code, ()) for voter, code in zip(voters, poll.codes, strict=False)]
        sent = [pool.submit(voter.send, *each.result()) for voter, each in zip(voters, filled, strict=True)]
        for each in sent:
            each.result()


def _vote(voter: Voter, poll: Poll) -> None:
    codes, start = poll.codes[:RACED_FOR], voter.number % RACED_FOR
    voter.vote_until_closed([*codes[start:], *codes[:start]], poll.ballots(voter.number))


def _come_late(voter: Voter, poll: Poll) -> None:
    """Fill everything in before the closing, and press the last button after it."""
    code, entitlement = poll.codes[RACED_FOR + voter.number - VOTERS - 1]
    with suppress(Closed):
        filled = voter.fill_in(code, entitlement, next(poll.ballots(voter.number)))
        while (rest := (poll.closing - poll.clock.now()).total_seconds()) >= 0:
            Event().wait(rest + 0.001)
        voter.send(*filled)


def open_poll(site: Site, length: timedelta, *, title: str = "Wijkbudget", first: int = 1000) -> Poll:
    """A round of three plans whose rules are frozen and that closes when `length` has passed."""
    now = Clock().now()
    # SQLite's clock tells milliseconds: a closing at a whole one is the same moment for everybody
    closing = (now + length).replace(microsecond=0) + timedelta(seconds=1)
    starts = (now - 30 * DAY, now - 20 * DAY, now - DAY, closing, closing + 9 * DAY)
    with site.database.transaction() as session:
        build = Builder(session, first=first)
        round_ = build.round(title=title, budget=10_000_000, schedule=Schedule(*starts))
        plans = [build.menu_plan(round_, title=name).id for name in ("Speeltuin", "Bankje", "Boom")]
        codes = [(code, build.entitlement(code)) for code in build.codes(round_, RACED_FOR + LATECOMERS)]
        round_id = round_.id
    catch_up(site.database, keys=KeyFolder(site.keys), clock=Clock())
    return Poll(round_id, closing, plans, codes, database_clock(site.database, round_id))


def database_clock(database: Database, round_id: int) -> Clock:
    """A clock that tells what the database's own clock tells."""
    with database.transaction() as session:
        before = Clock().now()
        moment = lock_and_read_clock(session, select(Round.id).where(Round.id == round_id))
        after = Clock().now()
    return Clock(min(moment - before, timedelta()) + max(moment - after, timedelta()))


def count(site: Site, poll: Poll) -> None:
    """Do what the scheduler does once voting is over and has settled."""
    ahead = poll.closing + SETTLING + timedelta(seconds=1) - Clock().now()
    catch_up(site.database, keys=KeyFolder(site.keys), clock=Clock(ahead))
