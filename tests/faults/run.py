"""A fault run: voters race for the same codes while processes are killed and the round closes; then it is counted."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from tests.faults.mishaps import Installation, mishaps
from tests.faults.polls import Poll, opened_poll
from tests.faults.tally import Attempt, Found, Tally, found, tally, wrongly_denied
from tests.faults.voters import Closed, Voter
from tests.moments import DAY
from wijkbudget.clock import Clock

VOTERS = 6
LATECOMERS = 2
RACED_FOR = 6
"""So many codes several voters race for; each latecomer has one alone, so that nobody overtakes."""


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


def fault_run(installation: Installation, *, seconds: float, has_mishaps: bool = True) -> Run:
    """Vote for so many seconds, and as long as first votes take here, and past the closing, then count."""
    pace = warm_up(installation)
    poll = open_poll(installation, timedelta(seconds=seconds) + pace)
    voters = voters_of(installation, poll, VOTERS + LATECOMERS)
    disturbed: AbstractContextManager[None] = mishaps(installation) if has_mishaps else nullcontext()
    with disturbed, ThreadPoolExecutor(len(voters)) as pool:
        deeds = [pool.submit(_come_late if voter.number > VOTERS else _vote, voter, poll) for voter in voters]
        for deed in deeds:
            deed.result()
    poll.count()
    attempts, kept = [each for voter in voters for each in voter.sent], found(poll.database, poll.round_id)
    return Run(
        tally=tally(attempts, kept, closing=poll.closing),
        kills=installation.kills,
        met=sum((voter.met for voter in voters), Counter()),
        attempts=attempts,
        found=kept,
        closing=poll.closing,
        strange=[answer for voter in voters for answer in voter.strange],
    )


def open_poll(installation: Installation, length: timedelta) -> Poll:
    """A round with a code for each that is raced for, and one for each latecomer."""
    codes = RACED_FOR + LATECOMERS
    return opened_poll(installation.database, installation.site.keys, voters=codes, length=length)


def voters_of(installation: Installation, poll: Poll, size: int) -> list[Voter]:
    """So many voters, numbered from 1."""
    clock = poll.database_clock()
    return [Voter(installation.site.port, clock, number=number) for number in range(1, size + 1)]


def warm_up(installation: Installation) -> timedelta:
    """How long votes in another round take, in which each web worker reads and prepares its pages."""
    poll, start = open_poll(installation, DAY), Clock().now()
    voters = voters_of(installation, poll, VOTERS)
    with ThreadPoolExecutor(len(voters)) as pool:
        filled = [pool.submit(voter.fill_in, *each, ()) for voter, each in zip(voters, poll.letters, strict=False)]
        sent = [pool.submit(voter.send, *each.result()) for voter, each in zip(voters, filled, strict=True)]
        for each in sent:
            each.result()
    return Clock().now() - start


def _vote(voter: Voter, poll: Poll) -> None:
    letters, start = poll.letters[:RACED_FOR], voter.number % RACED_FOR
    voter.vote_until_closed([*letters[start:], *letters[:start]], ballots(poll, voter.number))


def _come_late(voter: Voter, poll: Poll) -> None:
    """Fill everything in before the closing, and press the last button after it."""
    code, entitlement = poll.letters[RACED_FOR + voter.number - VOTERS - 1]
    with suppress(Closed):
        filled = voter.fill_in(code, entitlement, next(ballots(poll, voter.number)))
        while (rest := (poll.closing - voter.clock.now()).total_seconds()) >= 0:
            Event().wait(rest + 0.001)
        voter.send(*filled)


def ballots(poll: Poll, number: int) -> Iterator[tuple[int, ...]]:
    """Choices without end."""
    chance = random.Random(number)
    while True:
        yield tuple(sorted(chance.sample(poll.plans, chance.randint(0, len(poll.plans)))))
