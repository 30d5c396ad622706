"""Making codes, freezing the rules, casting a ballot: at the boundaries, by the database's own clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import NOT_REFUSED, found
from tests.moments import COUNTING, RESULT, SCHEDULE, SECOND, SUBMITTING, VOTING
from wijkbudget.ballots import actions
from wijkbudget.ballots.actions import cast_ballot, change_terms, find_code
from wijkbudget.ballots.batches import MoreCodesThanElectorate, ask_for_codes
from wijkbudget.ballots.codes import new_code
from wijkbudget.ballots.forms import NotOnMenu, OverBudget, PlanTwice, TooManyChoices
from wijkbudget.ballots.freezing import _rules_of, freeze_rules
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import envelope_mark, envelopes
from wijkbudget.ballots.rules import (
    BudgetUnderPlan,
    FewerEligibleThanCodes,
    FrozenRules,
    MenuItem,
    MistypedCode,
    UnknownCode,
    UrnNotReady,
    chosen,
)
from wijkbudget.ballots.tables import Envelope, Opening, Urn, VotingCode
from wijkbudget.ballots.urn import NONCE_BYTES, Opened, SpoiltEnvelope, fingerprint_of, own_nonce, tracker_of, unseal
from wijkbudget.database import Database
from wijkbudget.people.tables import Person
from wijkbudget.plans.queries import menu_plans
from wijkbudget.plans.tables import Plan
from wijkbudget.refusal import Refusal
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Electorate, RoundChanged, Terms, WrongPhase
from wijkbudget.rounds.tables import Round

TICK = timedelta(milliseconds=2)  # SQLite's clock tells milliseconds


@dataclass
class Station:
    """A round in which can be voted: budget of 15.000 euros, plans of 10.000, 5.000 and 5.000,01."""

    session: Session
    round: Round
    plans: Sequence[Plan]
    entitlements: Sequence[int]
    keys: KeyFolder
    clock: MovableClock

    def cast(self, *choices: Plan, voter: int = 0, nonce: bytes | None = None) -> str:
        return cast_ballot(
            self.session, entitlement_id=self.entitlements[voter], points=chosen(plan.id for plan in choices),
            nonce=nonce or token_bytes(NONCE_BYTES), clock=self.clock,
            replaces=envelope_mark(self.session, self.entitlements[voter]),
        )  # fmt: skip

    def opened(self) -> list[Opened]:
        """What lies in the urn, read with the key."""
        sealed = self.session.scalars(select(Envelope.sealed).order_by(Envelope.entitlement_id)).all()
        key = self.keys.private_key(self.round.id)
        return [unseal(each, round_id=self.round.id, private_key=key) for each in sealed]


@pytest.fixture
def station(build: Builder, session: Session, tmp_path: Path, clock: MovableClock) -> Station:
    round_ = build.round(budget=1_500_000)
    costs = {"Speeltuin": 1_000_000, "Bankje": 500_000, "Boom": 500_001}
    plans = [build.menu_plan(round_, title=title, cost=cost) for title, cost in costs.items()]
    entitlements = [build.entitlement(code) for code in build.codes(round_, 3)]
    build.opened_urn(round_, tmp_path / "keys")
    clock.move_to(VOTING)
    return Station(session, round_, plans, entitlements, KeyFolder(tmp_path / "keys"), clock)


# Casting


def test_a_ballot_lies_in_the_urn_and_the_receipt_is_its_fingerprint(station: Station) -> None:
    nonce = token_bytes(NONCE_BYTES)
    receipt = station.cast(*station.plans[:2], nonce=nonce)
    tracker = tracker_of(own_nonce(nonce, station.entitlements[0]))
    assert station.opened() == [Opened(tracker, tuple((plan.id, 1) for plan in station.plans[:2]))]
    assert receipt == fingerprint_of(station.session.scalars(select(Envelope.sealed)).one())


def test_the_same_nonce_again_gives_the_same_receipt_and_one_envelope(station: Station) -> None:
    nonce = token_bytes(NONCE_BYTES)
    assert station.cast(station.plans[0], nonce=nonce) == station.cast(station.plans[0], nonce=nonce)
    assert envelopes(station.session, station.round.id) == 1


def test_one_nonce_with_two_rights_to_vote_gives_two_ballots_and_no_copy(station: Station) -> None:
    nonce = token_bytes(NONCE_BYTES)
    for voter in (0, 1):
        station.cast(station.plans[0], voter=voter, nonce=nonce)
    first, second = station.opened()
    assert first.points == second.points
    assert first.tracker != second.tracker


def test_another_nonce_replaces_the_ballot_and_nothing_of_the_earlier_one_stays(station: Station) -> None:
    first = station.cast(station.plans[0])
    [before] = station.session.execute(select(Envelope.sealed, Envelope.retry_mark)).all()
    second = station.cast()
    [after] = station.session.execute(select(Envelope.sealed, Envelope.retry_mark)).all()
    assert first != second == fingerprint_of(after.sealed)
    assert (before.sealed, before.retry_mark) != (after.sealed, after.retry_mark)
    assert [opened.points for opened in station.opened()] == [()]


def test_everyone_votes_for_themselves_alone(station: Station) -> None:
    station.cast(station.plans[0], voter=0)
    station.cast(station.plans[1], voter=1)
    station.cast(station.plans[2], voter=0)
    assert [opened.points for opened in station.opened()] == [((station.plans[2].id, 1),), ((station.plans[1].id, 1),)]


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (SCHEDULE.voting - SECOND, False),
        (SCHEDULE.voting + TICK, True),
        (SCHEDULE.counting - SECOND, True),
        (SCHEDULE.counting + TICK, False),
        (COUNTING, False),
        (RESULT, False),
    ],
)
def test_a_ballot_is_accepted_from_the_start_of_voting_until_closing(
    station: Station, moment: datetime, is_open: bool
) -> None:
    station.clock.move_to(moment)
    if is_open:
        assert station.cast()
    else:
        with pytest.raises(WrongPhase):
            station.cast()
    assert envelopes(station.session, station.round.id) == is_open


def test_voting_is_judged_by_the_clock_of_the_database(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = SCHEDULE.counting - station.clock.ahead
    monkeypatch.setattr(actions, "lock_and_read_clock", lambda *_: closed)
    with pytest.raises(WrongPhase):
        station.cast()
    monkeypatch.setattr(actions, "lock_and_read_clock", lambda *_: closed - SECOND)
    assert station.cast()


def test_once_the_urn_was_opened_no_clock_brings_voting_back(station: Station) -> None:
    station.cast(station.plans[0])
    opening = Opening(round_id=station.round.id, envelopes=1, merkle_root="", rejected={}, opened_at=COUNTING)
    station.session.add(opening)
    for voter in (0, 1):
        with pytest.raises(WrongPhase) as refused:
            station.cast(voter=voter)
        assert refused.value.details == {"opens": SCHEDULE.voting, "closes": SCHEDULE.counting, "is_early": False}
    assert [opened.points for opened in station.opened()] == [((station.plans[0].id, 1),)]


def test_voting_is_judged_by_the_schedule_as_it_is_once_the_round_is_locked(station: Station) -> None:
    station.clock.move_to(SCHEDULE.counting - SECOND)
    moved = station.round.counting_from - timedelta(days=1)
    station.session.execute(update(Round).values(counting_from=moved), execution_options={"synchronize_session": False})
    assert station.round.counting_from == SCHEDULE.counting  # what the session remembers is old
    with pytest.raises(WrongPhase):
        station.cast()


@pytest.mark.parametrize(
    ("numbers", "refusal"),
    [([0, 2], OverBudget), ([0, 0], PlanTwice), ([0, 1, 2], OverBudget)],
)
def test_a_refused_ballot_uses_nothing_up(station: Station, numbers: list[int], refusal: type[Refusal]) -> None:
    nonce = token_bytes(NONCE_BYTES)
    with pytest.raises(refusal):
        station.cast(*(station.plans[number] for number in numbers), nonce=nonce)
    assert envelopes(station.session, station.round.id) == 0
    assert station.cast(station.plans[0], station.plans[1], nonce=nonce)
    assert len(station.opened()) == 1


def test_a_refused_ballot_leaves_the_earlier_one_in_the_urn(station: Station) -> None:
    receipt = station.cast(station.plans[0])
    with pytest.raises(OverBudget) as refused:
        station.cast(station.plans[0], station.plans[2])
    assert refused.value.details == {"over": 1}
    assert receipt == fingerprint_of(station.session.scalars(select(Envelope.sealed)).one())


def test_a_plan_of_another_round_is_refused(station: Station, build: Builder) -> None:
    with pytest.raises(NotOnMenu):
        station.cast(build.menu_plan(build.round(title="Elders")))


def test_a_plan_that_came_on_the_list_after_freezing_is_refused(station: Station, build: Builder) -> None:
    with pytest.raises(NotOnMenu):
        station.cast(build.menu_plan(station.round, title="Te laat"))


def test_an_approval_ballot_holds_as_many_plans_as_were_frozen(
    build: Builder, session: Session, tmp_path: Path, clock: MovableClock
) -> None:
    round_ = build.round(ballot_form=BallotForm(Form.APPROVAL, 2), budget=1_000_000)
    plans = [build.menu_plan(round_, title=title) for title in "abc"]
    entitlements = [build.entitlement(code) for code in build.codes(round_)]
    build.opened_urn(round_, tmp_path / "keys")
    clock.move_to(VOTING)
    station = Station(session, round_, plans, entitlements, KeyFolder(tmp_path / "keys"), clock)
    with pytest.raises(TooManyChoices):
        station.cast(*plans)
    assert station.cast(*plans[:2])


def test_before_the_rules_are_frozen_nobody_votes(build: Builder, session: Session, clock: MovableClock) -> None:
    entitlement = build.entitlement(build.codes(build.round())[0])
    clock.move_to(VOTING)
    with pytest.raises(UrnNotReady):
        cast_ballot(session, entitlement_id=entitlement, points=[], nonce=bytes(NONCE_BYTES), clock=clock)


@pytest.mark.parametrize("entitlement", [0, -1, 10**9])
def test_an_unknown_right_to_vote_is_refused(session: Session, clock: MovableClock, entitlement: int) -> None:
    with pytest.raises(UnknownCode):
        cast_ballot(session, entitlement_id=entitlement, points=[], nonce=bytes(NONCE_BYTES), clock=clock)


def test_a_right_whose_code_was_blocked_meanwhile_is_refused(station: Station) -> None:
    for code in station.session.scalars(select(VotingCode).where(VotingCode.entitlement_id == station.entitlements[0])):
        code.blocked_at = VOTING
    with pytest.raises(UnknownCode):
        station.cast()
    assert station.cast(voter=1)


# Codes


def test_a_code_is_found_however_it_was_typed(build: Builder, session: Session) -> None:
    code, _ = build.codes(build.round(), 2)
    found = find_code(session, typed=f" {code.lower().replace('-', ' ')} ", pepper=PEPPER)
    assert found.serial == 1


def test_an_unknown_and_a_blocked_code_get_the_same_answer(build: Builder, session: Session) -> None:
    [code] = build.codes(build.round())
    find_code(session, typed=code, pepper=PEPPER).blocked_at = VOTING
    answers = set()
    for typed in (code, new_code()):
        with pytest.raises(UnknownCode) as refused:
            find_code(session, typed=typed, pepper=PEPPER)
        answers.add(str(refused.value.details))
    assert answers == {"{}"}


def test_a_mistyped_code_is_told_apart_without_asking_the_database(session: Session) -> None:
    with pytest.raises(MistypedCode):
        find_code(session, typed="1234", pepper=PEPPER)


# Terms


def ask(session: Session, round_: Round, size: int) -> None:
    official = session.get_one(Person, round_.made_by)
    ask_for_codes(session, round=round_, size=size, official=official, now=SUBMITTING)


def terms_for(round_: Round, eligible: int) -> Terms:
    """The terms of the round, but for this many people."""
    return Terms(
        kind=round_.kind, title=round_.title, area_name=round_.area_name,
        neighbourhood_ids=tuple(place.id for place in round_.neighbourhoods), budget=round_.budget,
        like_threshold=round_.like_threshold, schedule=round_.schedule, ballot_form=round_.ballot_form,
        electorate=Electorate(eligible, round_.reference_date), criteria=tuple(round_.criteria),
    )  # fmt: skip


def change(session: Session, round_: Round, eligible: int, *, version: int = 1) -> None:
    official = session.get_one(Person, round_.made_by)
    change_terms(
        session, round=round_, terms=terms_for(round_, eligible), version=version, official=official, now=SUBMITTING
    )


def test_an_electorate_may_shrink_to_the_number_of_codes_and_no_further(build: Builder, session: Session) -> None:
    round_ = build.round(eligible=10)
    build.codes(round_, 8)
    with pytest.raises(FewerEligibleThanCodes) as refused:
        change(session, round_, 7)
    assert refused.value.details == {"codes": 8}
    change(session, round_, 8)
    assert round_.eligible == 8


def test_a_budget_may_shrink_to_the_dearest_feasible_plan_and_no_further(build: Builder, session: Session) -> None:
    round_ = build.round(eligible=10)
    build.menu_plan(round_, cost=round_.budget)
    change(session, round_, 9)
    build.session.refresh(round_)
    dearer = build.menu_plan(round_, title="Duurder", cost=round_.budget + 1)
    with pytest.raises(BudgetUnderPlan) as refused:
        change(session, round_, 8)
    assert refused.value.details == {"cost": dearer.cost}


def test_terms_are_changed_once_by_whoever_saw_the_same_form(build: Builder, session: Session) -> None:
    round_ = build.round()
    change(session, round_, 20)
    with pytest.raises(RoundChanged):
        change(session, round_, 30)


Deed = Callable[[Session, Round], object]


def refused_while_under_way(database: Database, round_id: int, first: Deed, second: Deed) -> type[Refusal] | None:
    """Let `second` begin while `first` is not committed: by what it is refused."""
    refusals: list[type[Refusal] | None] = []
    has_begun = Event()

    def meanwhile() -> None:
        try:
            with database.transaction() as session:
                round_ = session.get_one(Round, round_id)
                has_begun.set()
                second(session, round_)
            refusals.append(None)
        except Refusal as refusal:
            refusals.append(type(refusal))

    other = Thread(target=meanwhile)
    with database.transaction() as session:
        first(session, session.get_one(Round, round_id))
        other.start()
        has_begun.wait(0.3)  # SQLite's second writer waits earlier still: at the beginning of its transaction
        other.join(0.3)
        assert refusals == []
    other.join()
    return refusals[0]


def test_codes_and_terms_at_the_same_time_never_leave_more_codes_than_people(
    build: Builder, database: Database
) -> None:
    rounds = [build.round(title=title, eligible=10).id for title in ("Een", "Twee")]
    build.commit()
    codes: Deed = lambda session, round_: ask(session, round_, 8)  # noqa: E731
    terms: Deed = lambda session, round_: change(session, round_, 5)  # noqa: E731
    assert refused_while_under_way(database, rounds[0], codes, terms) is FewerEligibleThanCodes
    assert refused_while_under_way(database, rounds[1], terms, codes) is MoreCodesThanElectorate


# Freezing


def test_freezing_keeps_the_rules_and_their_hash(build: Builder, session: Session, tmp_path: Path) -> None:
    round_ = build.round(eligible=321)
    plan = build.menu_plan(round_, cost=123_456)
    build.placed_plan(round_, title="Niet haalbaar")
    urn = build.opened_urn(round_, tmp_path)
    rules = FrozenRules.parse(urn.rules)
    assert urn.rules_hash == rules.hash
    assert [(item.plan_id, item.title, item.cost) for item in rules.menu] == [(plan.id, plan.title, 123_456)]
    assert (rules.round_id, rules.budget, rules.eligible) == (round_.id, round_.budget, 321)
    assert rules.schedule["counting"] == SCHEDULE.counting.isoformat()
    assert urn.public_key == KeyFolder(tmp_path).make_key(round_.id)


def test_a_round_is_frozen_once(build: Builder, session: Session, tmp_path: Path) -> None:
    round_ = build.round()
    document = build.opened_urn(round_, tmp_path).rules
    build.menu_plan(round_)
    session.expunge_all()
    with pytest.raises(IntegrityError), session.begin_nested():
        build.opened_urn(session.get_one(Round, round_.id), tmp_path)
    assert session.execute(text("SELECT rules FROM urn")).scalar_one() == document


def test_an_urn_that_its_key_does_not_open_is_never_made(
    build: Builder, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = build.round()
    build.menu_plan(round_)
    monkeypatch.setattr(KeyFolder, "private_key", lambda self, round_id: bytes(range(32)))
    monkeypatch.setattr(KeyFolder, "make_key", lambda self, round_id: bytes(range(32)))
    with pytest.raises(SpoiltEnvelope):
        build.opened_urn(round_, tmp_path)


def test_terms_that_were_read_before_freezing_are_refused_after_it(
    build: Builder, session: Session, tmp_path: Path
) -> None:
    round_ = build.round()
    version = round_.version
    build.opened_urn(round_, tmp_path)
    assert round_.version > version


def test_freezing_fails_if_the_terms_change_at_the_same_moment(
    build: Builder, session: Session, database: Database, tmp_path: Path
) -> None:
    round_ = build.round()
    build.commit()
    with database.transaction() as official:
        official.get_one(Round, round_.id).budget = 1
    with pytest.raises(StaleDataError):
        freeze_rules(session, round=round_, menu=[], keys=KeyFolder(tmp_path), now=VOTING)


def test_an_answer_that_was_lost_is_given_again_after_closing_and_another_vote_is_not_taken(station: Station) -> None:
    nonce = token_bytes(NONCE_BYTES)
    receipt = station.cast(station.plans[0], nonce=nonce)
    station.clock.move_to(COUNTING)
    assert station.cast(station.plans[0], nonce=nonce) == receipt
    with pytest.raises(WrongPhase):
        station.cast(station.plans[0])
    with pytest.raises(WrongPhase):
        station.cast(station.plans[0], voter=1, nonce=nonce)


def test_an_answer_that_was_lost_is_given_again_though_the_code_was_blocked_meanwhile(station: Station) -> None:
    nonce = token_bytes(NONCE_BYTES)
    receipt = station.cast(nonce=nonce)
    station.session.execute(update(VotingCode).values(blocked_at=VOTING))
    assert station.cast(nonce=nonce) == receipt


# Controls


def test_a_site_that_does_not_know_a_page_again_is_found_out(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "retry_mark_of", lambda _: token_bytes(32))
    with found("assert"):
        test_the_same_nonce_again_gives_the_same_receipt_and_one_envelope(station)


def test_a_ballot_that_is_checked_against_the_menu_of_today_is_found_out(
    station: Station, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Today(FrozenRules):
        @classmethod
        def parse(cls, document: str) -> FrozenRules:
            menu = [MenuItem(plan.id, plan.title, plan.checked_cost) for plan in menu_plans(station.session, round_id)]
            return _rules_of(station.round, menu)

    round_id = station.round.id
    monkeypatch.setattr(actions, "FrozenRules", Today)
    with found(NOT_REFUSED):
        test_a_plan_that_came_on_the_list_after_freezing_is_refused(station, build)


class Unversioned:
    """A round that freezing reads, and whose row it leaves as it is."""

    def __init__(self, read: Round) -> None:
        self.read = read

    def __getattr__(self, name: str) -> Any:
        return getattr(self.read, name)


def test_a_freezing_that_makes_no_new_version_of_the_round_is_found_out(
    build: Builder, session: Session, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def freeze_aside(session: Session, *, round: Any, **more: Any) -> Urn:
        return freeze(session, round=Unversioned(round), **more)

    freeze: Callable[..., Urn] = freeze_rules
    monkeypatch.setitem(globals(), "freeze_rules", freeze_aside)
    with found(NOT_REFUSED):
        test_freezing_fails_if_the_terms_change_at_the_same_moment(build, session, database, tmp_path)


def test_rules_that_are_kept_with_another_hash_are_found_out(
    build: Builder, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FrozenRules, "hash", "0" * 64)
    freeze = build.opened_urn

    def cheaper(round_: Round, keys: Path) -> Urn:
        urn = freeze(round_, keys)
        monkeypatch.undo()
        return urn

    monkeypatch.setattr(build, "opened_urn", cheaper)
    with found("'0000"):
        test_freezing_keeps_the_rules_and_their_hash(build, session, tmp_path)
