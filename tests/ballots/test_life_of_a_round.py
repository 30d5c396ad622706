"""Whatever is done to a round, in any order: it stays what a few dictionaries say of it.

Hypothesis issues letters, breaks lists off, discards, blocks, unblocks, replaces, votes, votes again, repeats, lags
behind, withdraws plans, lets the site be away for hours, closes, counts and publishes; at the end the package is
checked as anybody checks it. Each step is a transaction of its own, as on the site. The voting itself nobody can pause.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from secrets import token_bytes

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.effort import many, whole
from tests.moments import COUNTING, RESULT, VOTING
from wijkbudget.ballots import actions
from wijkbudget.ballots.actions import cast_ballot, find_code
from wijkbudget.ballots.batches import (
    BatchDiscarded,
    BatchUsed,
    ask_for_codes,
    begin_codes,
    discard_codes,
    made_codes,
    release_codes,
)
from wijkbudget.ballots.codes import code_mac
from wijkbudget.ballots.forms import Points
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import code_counts, envelope_mark, opened_ballots
from wijkbudget.ballots.rules import UnknownCode, VotedMeanwhile
from wijkbudget.ballots.serials import (
    CodeBlocked,
    CodeNotBlocked,
    CodeReplaced,
    Reason,
    block_code,
    replace_code,
    unblock_code,
)
from wijkbudget.ballots.tables import CodeBatch, Envelope, VotingCode
from wijkbudget.ballots.urn import NONCE_BYTES, fingerprint_of
from wijkbudget.database import Database
from wijkbudget.journal import first_broken
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.places.tables import Neighbourhood
from wijkbudget.plans.actions import withdraw_plan
from wijkbudget.plans.rules import PlanWithdrawn
from wijkbudget.plans.tables import Plan
from wijkbudget.refusal import Refusal
from wijkbudget.results import actions as counting
from wijkbudget.results import recount
from wijkbudget.results.actions import count_round, publish_result
from wijkbudget.results.container import unpack
from wijkbudget.results.drafts import basis_of
from wijkbudget.results.manifest import MANIFEST, PABULIB
from wijkbudget.results.publication import publish_package
from wijkbudget.results.signing import signer_of
from wijkbudget.results.tables import Publication
from wijkbudget.results.verification import verify_package
from wijkbudget.rounds.rules import WrongPhase
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import FEWEST_PUBLISHED, VotingTerms
from wijkbudget.watch.queries import books_of
from wijkbudget.watch.rules import disagreement

SHORT = settings(
    max_examples=15, stateful_step_count=20, phases=[Phase.generate], deadline=None, derandomize=True, database=None,
    report_multiple_bugs=False, suppress_health_check=list(HealthCheck), print_blob=False,
)  # fmt: skip
UNTIL_FOUND = settings(SHORT, max_examples=100)
LONG = settings(SHORT, max_examples=many(15), stateful_step_count=30, derandomize=False)
numbers = count()


@dataclass
class Right:
    """A right to vote as the model knows it: the ballot that counts, and what repeats it."""

    ballot: Points | None = None
    nonce: bytes = b""
    receipt: str = ""


@dataclass
class Letter:
    """A letter as the model knows it."""

    code: str
    right: Right
    batch: int
    is_blocked: bool = False
    is_replaced: bool = False
    is_dead: bool = False

    @property
    def is_good(self) -> bool:
        return not (self.is_blocked or self.is_replaced or self.is_dead)


@dataclass
class Stage:
    """Where the machine plays."""

    database: Database
    keys: KeyFolder
    clock: MovableClock
    area: int


@dataclass
class Model:
    """What should be so."""

    letters: dict[int, Letter] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)
    is_closed: bool = False

    @property
    def rights(self) -> list[Right]:
        return list({id(letter.right): letter.right for letter in self.letters.values()}.values())


class LifeOfARound(RuleBasedStateMachine):
    """A round beside its model."""

    stage: Stage

    @initialize()
    def make_round(self) -> None:
        self.model = Model()
        self.stage.clock.move_to(VOTING)
        with self.stage.database.session(writing=True) as session:
            build = Builder(session, first=1000 + next(numbers) * 100)
            area = (session.get_one(Neighbourhood, self.stage.area),)
            round_ = build.round(
                title=f"Ronde {next(numbers)}", neighbourhoods=area, budget=10_000_000, eligible=500,
                voting=VotingTerms(publish_ballots_from=FEWEST_PUBLISHED),
            )  # fmt: skip
            self.plans = [build.menu_plan(round_, title=title).id for title in ("Speeltuin", "Bankje", "Boom")]
            build.opened_urn(round_, self.stage.keys._path)
            self.round_id, self.officials = round_.id, [round_.made_by, build.appointed(Role.OFFICIAL).id]
            session.commit()

    # Letters

    @rule(size=st.integers(1, 3), is_whole=st.sampled_from([True, True, True, False]))
    def issue(self, size: int, is_whole: bool) -> None:
        if self.refused(lambda session: self.begin(session, size), *self.when_closed()):
            return
        pieces = made_codes(self.stage.database, batch_id=self.batch_id, pepper=PEPPER, clock=self.stage.clock)
        made = [letter for piece in pieces for letter in piece] if is_whole else list(next(pieces))
        del pieces
        for serial, code in made:
            self.model.letters[serial] = Letter(code, Right(), self.batch_id, is_dead=not is_whole)

    def begin(self, session: Session, size: int) -> None:
        round_, first, second = self.rows(session)
        batch = ask_for_codes(session, round=round_, size=size, official=first, now=self.now)
        release_codes(session, batch=batch, official=second, now=self.now)
        begin_codes(session, batch=batch, official=second, now=self.now)
        self.batch_id = batch.id

    @precondition(lambda self: self.model.letters)
    @rule(data=st.data())
    def discard(self, data: st.DataObject) -> None:
        _, letter = self.any_letter(data)
        of_list = [each for each in self.model.letters.values() if each.batch == letter.batch]
        with self.stage.database.reading() as session:
            is_discarded = session.get_one(CodeBatch, letter.batch).discarded_at is not None
        is_used = any(each.right.ballot is not None for each in of_list)
        expected = self.when_closed() or ((BatchDiscarded,) if is_discarded else (BatchUsed,) if is_used else ())
        is_refused = self.refused(
            lambda session: discard_codes(
                session, batch=session.get_one(CodeBatch, letter.batch), official=self.rows(session)[1], now=self.now
            ),
            *expected,
        )  # fmt: skip
        if not is_refused:
            for each in of_list:
                each.is_dead = True

    @precondition(lambda self: self.model.letters)
    @rule(data=st.data())
    def replace(self, data: st.DataObject) -> None:
        serial, letter = self.any_letter(data)
        made: list[tuple[int, str]] = []

        def deed(session: Session) -> None:
            round_, official, _ = self.rows(session)
            made.append(
                replace_code(
                    session, round=round_, serial=serial, reason=Reason.LOST, official=official, pepper=PEPPER,
                    now=self.now,
                )
            )  # fmt: skip

        if letter.is_dead:
            return
        if not self.refused(deed, *self.when_closed(), *((CodeReplaced,) if letter.is_replaced else ())):
            letter.is_replaced = True
            [(new, code)] = made
            self.model.letters[new] = Letter(code, letter.right, letter.batch)

    @precondition(lambda self: self.model.letters)
    @rule(data=st.data(), is_blocking=st.booleans())
    def block(self, data: st.DataObject, is_blocking: bool) -> None:
        serial, letter = self.any_letter(data)
        if letter.is_dead:
            return

        def deed(session: Session) -> None:
            round_, official, _ = self.rows(session)
            if is_blocking:
                block_code(session, round=round_, serial=serial, reason=Reason.MISUSED, official=official, now=self.now)
            else:
                unblock_code(session, round=round_, serial=serial, official=official, now=self.now)

        expected = [*self.when_closed(), *((CodeReplaced,) if letter.is_replaced else ())]
        if letter.is_blocked is is_blocking:
            expected.append(CodeBlocked if is_blocking else CodeNotBlocked)
        if not self.refused(deed, *expected):
            letter.is_blocked = is_blocking

    # Votes

    @precondition(lambda self: self.model.letters)
    @rule(data=st.data())
    def vote(self, data: st.DataObject) -> None:
        _, letter = self.any_letter(data)
        chosen = data.draw(st.sets(st.sampled_from(self.plans)))
        points, nonce = tuple((plan, 1) for plan in sorted(chosen)), token_bytes(NONCE_BYTES)
        expected = (UnknownCode,) if not letter.is_good else self.when_closed()
        if receipt := self.cast(letter, points, nonce, expected):
            letter.right.ballot, letter.right.nonce, letter.right.receipt = points, nonce, receipt

    @precondition(lambda self: any(letter.is_good and letter.right.receipt for letter in self.model.letters.values()))
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """The answer was lost: the same page is sent again, with whatever it says, also after closing."""
        letter = data.draw(st.sampled_from([e for e in self.model.letters.values() if e.is_good and e.right.receipt]))
        assert self.cast(letter, letter.right.ballot or (), letter.right.nonce, ()) == letter.right.receipt

    @precondition(lambda self: any(letter.is_good and letter.right.receipt for letter in self.model.letters.values()))
    @rule(data=st.data())
    def lag_behind(self, data: st.DataObject) -> None:
        """A page that saw no vote yet comes after a newer one."""
        letter = data.draw(st.sampled_from([e for e in self.model.letters.values() if e.is_good and e.right.receipt]))
        expected = self.when_closed() or (VotedMeanwhile,)
        assert not self.cast(letter, (), token_bytes(NONCE_BYTES), expected, is_stale=True)

    def cast(
        self,
        letter: Letter,
        points: Points,
        nonce: bytes,
        expected: tuple[type[Refusal], ...],
        *,
        is_stale: bool = False,
    ) -> str:
        """The receipt; empty if the ballot was refused as expected."""
        receipts: list[str] = []

        def deed(session: Session) -> None:
            code = find_code(session, typed=letter.code, pepper=PEPPER)
            seen = None if is_stale else envelope_mark(session, code.entitlement_id)
            receipts.append(
                cast_ballot(
                    session,
                    entitlement_id=code.entitlement_id,
                    code_mac=code.code_mac,
                    points=points,
                    nonce=nonce,
                    clock=self.stage.clock,
                    replaces=seen,
                )
            )

        return "" if self.refused(deed, *expected) else receipts[0]

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """The author takes a plan back; ballots for it stay as they are."""
        plan_id = data.draw(st.sampled_from(self.plans))

        def deed(session: Session) -> None:
            plan = session.get_one(Plan, plan_id)
            withdraw_plan(session, plan=plan, author=plan.author, now=self.now)

        is_withdrawn = plan_id in self.model.withdrawn
        if not self.refused(deed, *self.when_closed(), *((PlanWithdrawn,) if is_withdrawn else ())):
            self.model.withdrawn.add(plan_id)

    @rule(hours=st.integers(1, 12))
    def pause(self, hours: int) -> None:
        """The whole site is away for some hours, and its processes begin anew with nothing but what is stored."""
        self.stage.database.engine.dispose()
        if not self.model.is_closed:
            self.stage.clock.ahead += timedelta(hours=hours)

    # The end

    @precondition(lambda self: not self.model.is_closed and len(self.model.letters) > 3)
    @rule()
    def close_count_and_publish(self) -> None:
        self.model.is_closed = True
        self.stage.clock.move_to(COUNTING)
        with self.stage.database.transaction() as session:
            round_, official, _ = self.rows(session)
            result = count_round(session, round=round_, keys=self.stage.keys, clock=self.stage.clock)
            assert result is not None
            assert result.voted == len([right for right in self.model.rights if right.ballot is not None])
            publish_result(session, round=round_, official=official, now=RESULT)
            published = publish_package(session, round=round_, signer=signer_of(self.stage.keys), now=RESULT)
            assert published
            self.require_right(published)

    def require_right(self, published: Publication) -> None:
        """The package holds, and counts what the model has cast, without the plans that it says were withdrawn."""
        assert verify_package(published.package, key=published.public_key)
        files = unpack(published.package)
        recount.check(files)
        told, cast = json.loads(files[MANIFEST]), [r.ballot for r in self.model.rights if r.ballot is not None]
        assert told["withdrawn"] == sorted(self.model.withdrawn)
        assert not self.model.withdrawn & set(told["outcome"]["winners"])
        points = {plan: total["points"] for plan, total in told["totals"].items()}
        assert points == {str(plan): sum((plan, 1) in ballot for ballot in cast) for plan in self.plans}
        assert (PABULIB in files) is (len(cast) >= FEWEST_PUBLISHED and len(self.model.withdrawn) < len(self.plans))

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        with self.stage.database.reading() as session:
            sealed = session.scalars(select(Envelope.sealed).where(Envelope.round_id == self.round_id)).all()
            assert Counter(map(fingerprint_of, sealed)) == Counter(r.receipt for r in self.model.rights if r.receipt)
            assert disagreement(books_of(session, self.round_id)) is None
            counts = code_counts(session, self.round_id)
            alive = [letter for letter in self.model.letters.values() if not letter.is_dead]
            assert counts.replaced == sum(letter.is_replaced for letter in alive)
            assert counts.blocked == sum(letter.is_blocked and not letter.is_replaced for letter in alive)
            if self.model.is_closed:
                ballots = Counter(ballot.points for ballot in opened_ballots(session, self.round_id))
                assert ballots == Counter(right.ballot for right in self.model.rights if right.ballot is not None)

    def teardown(self) -> None:
        with self.stage.database.reading() as session:
            assert first_broken(session) is None

    # What the steps share

    @property
    def now(self) -> datetime:
        return COUNTING if self.model.is_closed else self.stage.clock.now()

    def when_closed(self) -> tuple[type[Refusal], ...]:
        return (WrongPhase,) if self.model.is_closed else ()

    def rows(self, session: Session) -> tuple[Round, Person, Person]:
        first, second = (session.get_one(Person, official) for official in self.officials)
        return session.get_one(Round, self.round_id), first, second

    def any_letter(self, data: st.DataObject) -> tuple[int, Letter]:
        serial = data.draw(st.sampled_from(sorted(self.model.letters)))
        return serial, self.model.letters[serial]

    def refused(self, deed: Callable[[Session], object], *expected: type[Refusal]) -> bool:
        """Whether the deed was refused, for one of the reasons that are expected; it must be if there are any."""
        try:
            with self.stage.database.transaction() as session:
                deed(session)
        except expected:
            return True
        assert not expected, f"it should have been refused by {expected}"
        return False


@pytest.fixture
def stage(database: Database, clock: MovableClock, build: Builder, tmp_path: Path) -> Stage:
    """The database, a folder for keys, the clock, and a neighbourhood."""
    area = build.neighbourhood().id
    build.commit()
    return Stage(database, KeyFolder(tmp_path / "keys"), clock, area)


def live(stage: Stage, limits: settings) -> None:
    """Let many rounds live."""
    run_state_machine_as_test(type("Life", (LifeOfARound,), {"stage": stage}), settings=limits)


@pytest.mark.proof
def test_a_round_is_what_its_model_says_whatever_is_done_to_it(stage: Stage) -> None:
    live(stage, whole(SHORT, LONG))


def _no_vote_is_counted_as_used(*_: object) -> None:
    pass


def _every_code_opens_the_booth(session: Session, code: str, *, pepper: str) -> VotingCode | None:
    known = {row.code_mac: row for row in session.scalars(select(VotingCode))}
    rounds = {row.round_id for row in known.values()}
    macs = [code_mac(code, round_id=round_id, pepper=pepper.encode()) for round_id in rounds]
    return next((known[mac] for mac in macs if mac in known), None)


def _a_newer_ballot_is_not_kept(
    session: Session, envelope: Envelope, replaces: bytes | None, *, is_final: bool
) -> bytes:
    return PUT(session, envelope, None, is_final=is_final) if replaces is None else envelope.sealed


PUT = actions._put_into_urn
DEFECTS: dict[str, Callable[..., object]] = {
    "_mark_used": _no_vote_is_counted_as_used,
    "live_code": _every_code_opens_the_booth,
    "_put_into_urn": _a_newer_ballot_is_not_kept,
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(actions, name, DEFECTS[name])
    with pytest.raises((AssertionError, Refusal)):
        live(stage, UNTIL_FOUND)


def test_a_count_that_forgets_a_withdrawn_plan_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "basis_of", lambda *of: replace(basis_of(*of), withdrawn=frozenset()))
    with pytest.raises(AssertionError):
        live(stage, UNTIL_FOUND)
