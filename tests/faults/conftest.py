"""A round in which can be voted, for processes that share nothing but the database and the key folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.faults.processes import Place
from tests.moments import VOTING
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.tables import Envelope
from wijkbudget.ballots.urn import Opened, fingerprint_of, unseal
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.jobs.phases import catch_up
from wijkbudget.people.rules import Role
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.rounds.tables import Round
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.completion import Completion
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.phragmen import Phragmen
from wijkbudget.tally.rule import Rule

RULES: list[Rule] = [
    MostVotes(), EqualShares(completion=Completion.ADD_ONE_THEN_MOST_VOTES), VotesPerEuro(), Phragmen(), BestValue(),
]  # fmt: skip
"""A station of the first turn has the first one. By each of them two equal plans of which one fits need a lot."""


@dataclass
class Station:
    """A round of three plans of 10.000 euros each, and rights to vote, of which tests use `voters`: a multiple of 3."""

    database: Database
    config: Config
    round: Round
    plans: Sequence[int]
    entitlements: list[int]
    voters: int = 6

    def place(self, moment: datetime) -> Place:
        """Where processes work for which it is `moment` now."""
        return Place(self.config.database_url, self.config.key_folder, moment - Clock().now())

    def catch_up(self, moment: datetime) -> None:
        """Work as the scheduler in this process."""
        ahead: timedelta = moment - Clock().now()
        catch_up(self.database, keys=KeyFolder(self.config.key_folder), clock=Clock(ahead))

    def receipts(self) -> dict[int, str]:
        """The receipt of the envelope in the urn, by right to vote."""
        with self.database.reading() as session:
            rows = session.execute(select(Envelope.entitlement_id, Envelope.sealed)).all()
        return {entitlement: fingerprint_of(sealed) for entitlement, sealed in rows}

    def opened(self) -> list[Opened]:
        """What lies in the urn."""
        key = KeyFolder(self.config.key_folder).private_key(self.round.id)
        with self.database.reading() as session:
            sealed = session.scalars(select(Envelope.sealed)).all()
        return [unseal(each, round_id=self.round.id, private_key=key) for each in sealed]


@pytest.fixture
def station(build: Builder, database: Database, config: Config, clock: MovableClock, turn: int) -> Station:
    """A station whose plans all fit the budget; each turn has another rule and more votes."""
    round_ = build.round(budget=10_000_000, counting=Counting(rule_of(turn)))
    return _station(round_, build, database, config, voters=votes_of(turn))


@pytest.fixture
def undecided(build: Builder, database: Database, config: Config, clock: MovableClock, turn: int) -> Station:
    """A station whose budget is enough for one plan, where a public draw decides between equals, with two officials."""
    build.appointed(Role.OFFICIAL)
    round_ = build.round(budget=1_000_000, counting=Counting(rule_of(turn), seed=SeedSource.DRAW))
    return _station(round_, build, database, config, voters=votes_of(turn))


def rule_of(turn: int) -> Rule:
    """By which rule a round is counted in this turn."""
    return RULES[turn % len(RULES)]


def votes_of(turn: int) -> int:
    """How many votes lie in an urn in this turn."""
    return 6 * (1 + turn)


def _station(round_: Round, build: Builder, database: Database, config: Config, *, voters: int) -> Station:
    plans = [build.menu_plan(round_, title=title).id for title in ("Speeltuin", "Bankje", "Boom")]
    entitlements = [build.entitlement(code) for code in build.codes(round_, max(20, voters))]
    build.commit()
    station = Station(database, config, round_, plans, entitlements, voters)
    station.catch_up(VOTING)
    return station
