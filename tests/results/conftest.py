"""A round that is voted in and counted by the actions themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes

import pytest
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, RESULT, VOTING
from wijkbudget.ballots.actions import cast_ballot
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import envelope_mark, urn_of
from wijkbudget.ballots.rules import Ballot, FrozenRules, chosen
from wijkbudget.ballots.tables import Envelope
from wijkbudget.ballots.urn import NONCE_BYTES, seal
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.plans.tables import Plan
from wijkbudget.results.actions import confirm_draw, count_round, enter_draw
from wijkbudget.results.drafts import Draft
from wijkbudget.results.queries import draw_of
from wijkbudget.results.tables import Draw, Result
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.rounds.tables import Round
from wijkbudget.tally.outcome import Outcome


@dataclass
class Election:
    """A round with three plans of 10.000, 5.000 and 20.000 euros for 15.000, and six rights to vote."""

    session: Session
    round: Round
    plans: Sequence[Plan]
    entitlements: Sequence[int]
    keys: KeyFolder
    clock: MovableClock

    @property
    def rules(self) -> FrozenRules:
        urn = urn_of(self.session, self.round.id)
        assert urn is not None
        return FrozenRules.parse(urn.rules)

    def cast(self, voter: int, *plans: int) -> None:
        self.clock.move_to(VOTING)
        points = chosen(self.plans[number].id for number in plans)
        cast_ballot(
            self.session, entitlement_id=self.entitlements[voter], points=points,
            nonce=token_bytes(NONCE_BYTES), clock=self.clock,
            replaces=envelope_mark(self.session, self.entitlements[voter]),
        )  # fmt: skip

    def slip_in(self, voter: int, sealed: bytes) -> None:
        """Put an envelope in the urn, as somebody could who writes in the database."""
        self.session.add(
            Envelope(
                entitlement_id=self.entitlements[voter],
                round_id=self.round.id,
                sealed=sealed,
                retry_mark=token_bytes(32),
            )
        )
        self.session.flush()

    def sealed(self, *plan_ids: int) -> bytes:
        urn = urn_of(self.session, self.round.id)
        assert urn is not None
        nonce = token_bytes(NONCE_BYTES)
        return seal(Ballot(chosen(plan_ids)), rules=self.rules, public_key=urn.public_key, nonce=nonce)

    def count(self) -> Result:
        result = self.try_to_count()
        assert result is not None
        return result

    def try_to_count(self, draft: Draft | None = None) -> Result | None:
        self.clock.move_to(COUNTING)
        return count_round(self.session, round=self.round, keys=self.keys, clock=self.clock, draft=draft)

    def outcome(self) -> Outcome:
        return self.count().decided


@pytest.fixture
def election(build: Builder, session: Session, tmp_path: Path, clock: MovableClock) -> Election:
    round_ = build.round(budget=1_500_000, eligible=10)
    costs = {"Speeltuin": 1_000_000, "Bankje": 500_000, "Boom": 1_500_000}
    plans = [build.menu_plan(round_, title=title, cost=cost) for title, cost in costs.items()]
    entitlements = [build.entitlement(code) for code in build.codes(round_, 6)]
    build.opened_urn(round_, tmp_path / "keys")
    return Election(session, round_, plans, entitlements, KeyFolder(tmp_path / "keys"), clock)


PROOF = "Gehouden op het stadhuis"


@dataclass
class Undecided:
    """A round with a public draw in which two plans that cannot both be funded stand equal."""

    election: Election
    first: Person
    second: Person

    def enter(self, seed: str = "12 34", *, official: Person | None = None, proof: str = PROOF) -> None:
        enter_draw(
            self.election.session, round=self.election.round, official=official or self.first, seed=seed, proof=proof,
            now=COUNTING,
        )  # fmt: skip

    def confirm(self, seed: str = "12 34", *, official: Person | None = None) -> None:
        confirm_draw(
            self.election.session, round=self.election.round, official=official or self.second, seed=seed, now=RESULT
        )

    @property
    def draw(self) -> Draw:
        draw = draw_of(self.election.session, self.election.round.id)
        assert draw is not None
        return draw


@pytest.fixture
def drawn(build: Builder, session: Session, tmp_path: Path, clock: MovableClock) -> Election:
    counting = Counting(seed=SeedSource.DRAW)
    round_ = build.round(budget=1_000_000, eligible=10, counting=counting)
    plans = [build.menu_plan(round_, title=title, cost=600_000) for title in ("Speeltuin", "Bankje", "Boom")]
    entitlements = [build.entitlement(code) for code in build.codes(round_, 6)]
    build.opened_urn(round_, tmp_path / "keys")
    return Election(session, round_, plans, entitlements, KeyFolder(tmp_path / "keys"), clock)


@pytest.fixture
def undecided(drawn: Election, build: Builder) -> Undecided:
    drawn.cast(0, 0)
    drawn.cast(1, 1)
    return Undecided(drawn, build.appointed(Role.OFFICIAL), build.appointed(Role.OFFICIAL))
