"""The journal is only added to, one entry after another, and shows who meddled with it."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import ANNOUNCED, COUNTING, RESULT, REVIEWING, SCHEDULE, SUBMITTING, VOTING
from tests.unguarded import unguarded
from wijkbudget import journal
from wijkbudget.ballots import batches
from wijkbudget.ballots.actions import cast_ballot, change_terms, find_code
from wijkbudget.ballots.batches import ask_for_codes, begin_codes, release_codes, store_codes
from wijkbudget.ballots.freezing import freeze_rules
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.rules import MenuItem, chosen
from wijkbudget.ballots.tables import Envelope, OpenedBallot, VotingCode
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.database import Database, lock_row
from wijkbudget.journal import (
    BEFORE_ALL,
    Broken,
    Fault,
    Head,
    JournalEntry,
    first_broken,
    hash_of,
    is_in_chain,
    journal_head,
    record_deed,
)
from wijkbudget.people.actions import appoint_person, dismiss_person
from wijkbudget.people.rules import Role
from wijkbudget.plans.actions import decide_feasibility, decide_placement, submit_plan, withdraw_plan
from wijkbudget.plans.rules import Draft
from wijkbudget.plans.tables import Plan
from wijkbudget.results.actions import confirm_draw, count_round, enter_draw, publish_result
from wijkbudget.rounds.actions import make_round
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Counting, Electorate, Kind, SeedSource, Terms
from wijkbudget.rounds.tables import Round


def entries(session: Session) -> list[JournalEntry]:
    return list(session.scalars(select(JournalEntry).order_by(JournalEntry.number)))


@pytest.fixture
def chain(session: Session, build: Builder, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session in which five deeds were recorded, read two at a time."""
    monkeypatch.setattr(journal, "AT_A_TIME", 2)
    round_ = build.round()
    who, where = round_.made_by, round_.id
    for number in range(1, 6):
        record_deed(session, "make codes", now=SUBMITTING, person_id=who, round_id=where, size=number)
    return session


# Writing


def test_each_entry_holds_the_hash_of_the_one_before_it(session: Session, build: Builder) -> None:
    round_ = build.round()
    record_deed(session, "make codes", now=SUBMITTING, person_id=round_.made_by, round_id=round_.id, size=3, a="é")
    record_deed(session, "freeze rules", now=VOTING)
    session.expire_all()
    first, second = entries(session)
    details = r'"{\"a\":\"é\",\"size\":3}"'
    document = (
        f'{{"at":"2026-09-02T10:00:00.000000+00:00","deed":"make codes","details":{details},'
        f'"number":1,"person_id":{round_.made_by},"previous":"{"0" * 64}","round_id":{round_.id}}}'
    )
    assert first.details == '{"a":"é","size":3}'
    assert first.hash == hashlib.sha256(document.encode()).hexdigest()
    assert (second.number, second.previous, second.person_id, second.round_id) == (2, first.hash, None, None)
    assert journal_head(session) == (2, second.hash)
    assert first_broken(session) is None


def test_a_moment_is_the_same_in_every_zone(session: Session) -> None:
    moment = SUBMITTING + timedelta(microseconds=7)
    record_deed(session, "make round", now=moment.astimezone(timezone(timedelta(hours=2))))
    session.expire_all()
    assert entries(session)[0].at == moment
    assert first_broken(session) is None


def test_a_deed_that_is_undone_leaves_no_entry(database: Database, build: Builder) -> None:
    record_deed(build.session, "make round", now=SUBMITTING)
    build.commit()
    with database.session(writing=True) as session:
        record_deed(session, "change round", now=SUBMITTING)
        session.rollback()
    record_deed(build.session, "make codes", now=SUBMITTING)
    assert [(entry.number, entry.deed) for entry in entries(build.session)] == [(1, "make round"), (2, "make codes")]
    assert first_broken(build.session) is None


def test_writers_at_the_same_time_make_one_chain_and_none_of_them_fails(database: Database, build: Builder) -> None:
    round_ = build.round()
    build.commit()

    def act(turn: int) -> None:
        with database.transaction() as session:
            if turn % 2:  # whoever holds the row waits for the journal; the others must not do that the other way round
                lock_row(session, session.get_one(Round, round_.id))
            record_deed(
                session, "change round", now=SUBMITTING, person_id=round_.made_by, round_id=round_.id, turn=turn
            )

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(act, range(60)))
    with database.reading() as session:
        written = entries(session)
        assert [entry.number for entry in written] == list(range(1, 61))
        assert {json.loads(entry.details)["turn"] for entry in written} == set(range(60))
        assert first_broken(session) is None


# The database's own refusal

REPLACING = (
    "INTO journal_entry (number, at, deed, details, previous, hash)"
    " SELECT {number}, at, 'other', details, {previous}, {hash} FROM journal_entry WHERE number = 2"
)
CHANGES = {
    "UPDATE journal_entry SET deed = 'other' WHERE number = 2": "",
    "DELETE FROM journal_entry WHERE number = 5": "",
    "INSERT " + REPLACING.format(number=2, previous="'a'", hash="'b'")
    + " ON CONFLICT (number) DO UPDATE SET deed = 'other'": "",
    "TRUNCATE journal_entry": "postgresql",
    "TRUNCATE person CASCADE": "postgresql",
    "INSERT OR REPLACE " + REPLACING.format(number=2, previous="'a'", hash="'b'"): "sqlite",
    "INSERT OR REPLACE " + REPLACING.format(number=6, previous="previous", hash="'b'"): "sqlite",
    "INSERT OR REPLACE " + REPLACING.format(number=6, previous="'a'", hash="hash"): "sqlite",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_or_remove_an_entry(chain: Session, change: str) -> None:
    if CHANGES[change] not in ("", chain.get_bind().dialect.name):
        pytest.skip(f"only {CHANGES[change]} knows this")
    before = [(entry.number, entry.hash) for entry in entries(chain)]
    with pytest.raises(IntegrityError, match="only added to"), chain.begin_nested():
        chain.execute(text(change))
    chain.expire_all()
    assert [(entry.number, entry.hash) for entry in entries(chain)] == before


# Tampering, by somebody who takes the guards away


def broken_by(session: Session, *statements: str) -> Broken | None:
    """Where the chain is broken after these."""
    with unguarded(session):
        for statement in statements:
            session.connection().exec_driver_sql(statement)
    return first_broken(session)


@pytest.mark.parametrize("number", [1, 2, 3, 5])
@pytest.mark.parametrize(
    "change",
    [
        "deed = 'other'", "details = '{\"size\":7}'", "at = '2026-09-02 10:00:00.000001'", "previous = 'other'",
        "hash = 'other'", "person_id = NULL", "round_id = NULL",
    ],
)  # fmt: skip
def test_an_entry_that_was_changed_is_named(chain: Session, number: int, change: str) -> None:
    expected = Broken(number, Fault.CHANGED)
    assert broken_by(chain, f"UPDATE journal_entry SET {change} WHERE number = {number}") == expected


NO_ENTRY = {
    "sqlite": [
        "at = 'no moment'", "at = 7", "at = CAST(x'ff' AS TEXT)", "at = 9e999",
        "deed = x'ff'", "deed = CAST(x'ff41' AS TEXT)", "deed = CAST('make codes' AS BLOB)",
        "deed = CAST(x'edb080' AS TEXT)", "details = x'00'", "details = '{\"size'", "details = CAST(x'7b80' AS TEXT)",
        "details = 'a' || char(0) || 'b'",
        "round_id = 'a'", "round_id = 1.5", "person_id = CAST(x'ff' AS TEXT)", "person_id = x'01'", "person_id = 9e999",
        "previous = CAST(x'ff' AS TEXT)", "hash = CAST(x'ff' AS TEXT)", "hash = x'ff'", "hash = CAST(hash AS BLOB)",
    ],
    "postgresql": [
        "at = 'infinity'", "at = '-infinity'", "at = '0001-01-01 00:00:00+14'", "at = '2026-09-02 10:00:00+00 BC'",
        "at = '9999-12-31 23:59:59-12'", "at = '20260-09-02 10:00:00+00'", "details = '{\"size'",
        "details = E'\\ud7ff'",
    ],
}  # fmt: skip
KEPT = [(database, change) for database, changes in NO_ENTRY.items() for change in changes]


@pytest.mark.parametrize(("only", "change"), KEPT)
@pytest.mark.parametrize("number", [3, 5])
def test_an_entry_that_holds_what_no_entry_can_hold_is_named_too(
    chain: Session, number: int, only: str, change: str
) -> None:
    if chain.get_bind().dialect.name != only:
        pytest.skip(f"only {only} keeps this")
    loose = ["PRAGMA defer_foreign_keys = ON"] if only == "sqlite" else []
    named = broken_by(chain, *loose, f"UPDATE journal_entry SET {change} WHERE number = {number}")
    assert named == Broken(number, Fault.CHANGED)
    assert journal_head(chain).number == 5


@pytest.mark.parametrize("value", ["'three'", "x'33'", "3.5", "CAST(x'ff' AS TEXT)", "NULL"])
def test_a_number_that_is_none_is_refused_by_the_database_itself(chain: Session, value: str) -> None:
    if chain.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL keeps to the types of its columns")
    with unguarded(chain), pytest.raises(IntegrityError), chain.begin_nested():
        chain.execute(text(f"UPDATE journal_entry SET number = {value} WHERE number = 3"))
    assert first_broken(chain) is None


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_an_entry_that_was_removed_is_named(chain: Session, number: int) -> None:
    expected = Broken(number, Fault.MISSING)
    assert broken_by(chain, f"DELETE FROM journal_entry WHERE number = {number}") == expected


def test_numbers_that_close_a_gap_do_not_hide_it(chain: Session) -> None:
    closing = [f"UPDATE journal_entry SET number = {number - 1} WHERE number = {number}" for number in (4, 5)]
    assert broken_by(chain, "DELETE FROM journal_entry WHERE number = 3", *closing) == Broken(3, Fault.CHANGED)


def rewrite(session: Session, number: int, fields: dict[str, str | int]) -> None:
    """Change an entry together with its hash."""
    with unguarded(session):
        entry = session.get_one(JournalEntry, number)
        for name, value in fields.items():
            setattr(entry, name, value)
        entry.hash = hash_of(entry)


@pytest.mark.parametrize(
    ("number", "fields", "named"),
    [(3, {"deed": "other"}, 4), (3, {"previous": "b" * 64}, 3), (1, {"previous": "b" * 64}, 1), (1, {"number": 0}, 0)],
)
def test_an_entry_that_got_a_hash_of_its_own_breaks_the_chain(
    chain: Session, number: int, fields: dict[str, str | int], named: int
) -> None:
    rewrite(chain, number, fields)
    assert first_broken(chain) == Broken(named, Fault.OUT_OF_CHAIN)


def test_the_first_of_two_broken_entries_is_named(chain: Session) -> None:
    assert broken_by(chain, "UPDATE journal_entry SET deed = 'other' WHERE number IN (2, 4)") == Broken(
        2, Fault.CHANGED
    )


def test_only_a_noted_head_shows_that_the_newest_entries_were_cut_off(chain: Session) -> None:
    noted = journal_head(chain)
    assert broken_by(chain, "DELETE FROM journal_entry WHERE number = 5") is None
    assert not is_in_chain(chain, noted)
    assert is_in_chain(chain, journal_head(chain))


def test_only_a_noted_head_shows_that_the_newest_entry_was_written_anew(chain: Session) -> None:
    noted = journal_head(chain)
    rewrite(chain, 5, {"deed": "other"})
    assert first_broken(chain) is None
    assert not is_in_chain(chain, noted)


def test_an_empty_journal_is_whole_and_has_a_head_that_stays_true(session: Session) -> None:
    assert (first_broken(session), journal_head(session)) == (None, BEFORE_ALL)
    record_deed(session, "make round", now=SUBMITTING)
    assert is_in_chain(session, BEFORE_ALL)
    assert not is_in_chain(session, Head(0, "a" * 64))


def test_a_reading_that_knows_utf_8_alone_is_found_out(chain: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    if chain.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL keeps no other text")
    monkeypatch.setattr(journal, "_any_text", lambda _: nullcontext())
    with pytest.raises(OperationalError, match="Could not decode to UTF-8"):
        test_an_entry_that_holds_what_no_entry_can_hold_is_named_too(chain, 3, "sqlite", "deed = CAST(x'ff41' AS TEXT)")


def test_a_reading_that_knows_the_moments_of_python_alone_is_found_out(
    chain: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chain.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite keeps moments as text")
    monkeypatch.setattr(journal, "_kept_moment", lambda _: JournalEntry.__table__.c.at)
    with pytest.raises(DataError, match="timestamp too large"):
        test_an_entry_that_holds_what_no_entry_can_hold_is_named_too(chain, 3, "postgresql", "at = 'infinity'")


# A whole round


class WholeRound:
    """A round from its making to its result, in which two plans stand equal and a public draw decides."""

    def __init__(self, session: Session, build: Builder, clock: MovableClock, keys: KeyFolder) -> None:
        self.session, self.clock, self.keys = session, clock, keys
        self.area = build.neighbourhood()
        self.people = [build.person(name=name) for name in ("Olga", "Otto", "Mohammed", "Samira")]
        self.codes: list[str] = []
        self.receipts: list[str] = []
        self.nonces = [token_bytes(NONCE_BYTES) for _ in range(2)]

    def live(self) -> None:
        """Do everything that is done in a round."""
        olga, _, mo, samira = self.people
        for person in self.people[:3]:
            role, slugs = (Role.MODERATOR, ["haagse-hout"]) if person is mo else (Role.OFFICIAL, [])
            appoint_person(self.session, email=person.email, role=role, district_slugs=slugs, now=ANNOUNCED)
            self.session.refresh(person)
        self.round = make_round(self.session, terms=self.terms(), official=olga, now=ANNOUNCED)
        more = replace(self.terms(), electorate=Electorate(3, date(2026, 9, 1)))
        change_terms(self.session, round=self.round, terms=more, version=1, official=olga, now=ANNOUNCED)
        speeltuin, bankje, boom = (self.plan(title) for title in ("Speeltuin", "Bankje", "Boom"))
        withdraw_plan(self.session, plan=boom, author=samira, now=SUBMITTING)
        self.codes = self.handed_out(2)
        menu = [MenuItem(plan.id, plan.title, plan.checked_cost) for plan in (speeltuin, bankje)]
        freeze_rules(self.session, round=self.round, menu=menu, keys=self.keys, now=SCHEDULE.voting)
        self.before_voting = journal_head(self.session)
        self.vote(speeltuin, bankje)
        self.after_voting = journal_head(self.session)
        self.count()
        dismiss_person(self.session, email=mo.email, role=Role.MODERATOR, now=RESULT)

    def terms(self) -> Terms:
        return Terms(
            kind=Kind.WIJKBUDGET, title="Wijkbudget", area_name="Bezuidenhout", neighbourhood_ids=(self.area.id,),
            budget=1_000_000, like_threshold=0, schedule=SCHEDULE, ballot_form=BallotForm(Form.BASKET),
            electorate=Electorate(2, date(2026, 9, 1)), criteria=("Het kan",), counting=Counting(seed=SeedSource.DRAW),
        )  # fmt: skip

    def plan(self, title: str) -> Plan:
        mo, samira = self.people[2:]
        draft = Draft(title=title, summary="Mooi.", what="Iets.", why="Daarom.", place="Hier", estimated_cost=900_000)
        plan = submit_plan(self.session, round=self.round, author=samira, draft=draft, photo=None, now=SUBMITTING)
        decide_placement(
            self.session, plan=plan, moderator=mo, is_yes=True, criterion=None, reason="Goed.", version=1,
            now=SUBMITTING,
        )  # fmt: skip
        is_yes = title != "Boom"
        decide_feasibility(
            self.session, plan=plan, moderator=mo, is_yes=is_yes, cost=800_000 if is_yes else None, reason="Goed.",
            version=1, now=SUBMITTING,
        )  # fmt: skip
        return plan

    def handed_out(self, size: int) -> list[str]:
        olga, otto = self.people[:2]
        batch = ask_for_codes(self.session, round=self.round, size=size, official=olga, now=REVIEWING)
        release_codes(self.session, batch=batch, official=otto, now=REVIEWING)
        begin_codes(self.session, batch=batch, official=olga, now=REVIEWING)
        letters = store_codes(self.session, batch, batch.first_serial, size, pepper=PEPPER)
        batch.made, batch.finished_at = size, REVIEWING
        return [code for _, code in letters]

    def vote(self, *plans: Plan) -> None:
        self.clock.move_to(VOTING)
        for code, plan, nonce in zip(self.codes, plans, self.nonces, strict=True):
            entitlement = find_code(self.session, typed=code, pepper=PEPPER).entitlement_id
            receipt = cast_ballot(
                self.session, entitlement_id=entitlement, points=chosen([plan.id]), nonce=nonce, clock=self.clock
            )
            self.receipts.append(receipt)

    def count(self) -> None:
        olga, otto = self.people[:2]
        self.clock.move_to(COUNTING)
        assert count_round(self.session, round=self.round, keys=self.keys, clock=self.clock) is None
        enter_draw(self.session, round=self.round, official=olga, seed="12 34", proof="Notaris.", now=COUNTING)
        confirm_draw(self.session, round=self.round, official=otto, seed="12 34", now=COUNTING)
        assert count_round(self.session, round=self.round, keys=self.keys, clock=self.clock)
        publish_result(self.session, round=self.round, official=olga, now=RESULT)

    def secrets(self) -> set[str]:
        """What the journal may not hold, in capitals."""
        codes = {code.replace("-", "") for code in self.codes} | set(self.codes)
        macs = {mac.hex() for mac in self.session.scalars(select(VotingCode.code_mac))}
        envelopes = self.session.execute(select(Envelope.sealed, Envelope.retry_mark)).tuples()
        sealed = {part.hex() for envelope in envelopes for part in envelope}
        trackers = set(self.session.scalars(select(OpenedBallot.tracker)))
        receipts = {receipt.replace("-", "") for receipt in self.receipts} | set(self.receipts)
        people = {person.email for person in self.people} | {person.name for person in self.people}
        nonces = {nonce.hex() for nonce in self.nonces}
        return {secret.upper() for secret in codes | macs | sealed | trackers | receipts | people | nonces}

    def told(self) -> set[str]:
        """The secrets that stand in the journal."""
        written = " ".join(f"{entry.deed} {entry.details}" for entry in entries(self.session)).upper()
        return {secret for secret in self.secrets() if secret in written}


@pytest.fixture
def whole_round(session: Session, build: Builder, clock: MovableClock, tmp_path: Path) -> WholeRound:
    whole_round = WholeRound(session, build, clock, KeyFolder(tmp_path))
    whole_round.live()
    return whole_round


def test_every_deed_of_a_round_is_written_down_with_who_did_it(whole_round: WholeRound, session: Session) -> None:
    names = {person.id: person.name for person in whole_round.people} | {None: "nobody"}
    deeds = [(names[entry.person_id], entry.deed) for entry in entries(session)]
    judged = [("Mohammed", "decide placement"), ("Mohammed", "decide feasibility")]
    assert deeds == [
        *[("nobody", "appoint person")] * 3,
        ("Olga", "make round"),
        ("Olga", "change round"),
        *judged * 3,
        ("Samira", "withdraw plan"),
        ("Olga", "ask for codes"),
        ("Otto", "release codes"),
        ("Olga", "hand out codes"),
        ("nobody", "freeze rules"),
        ("nobody", "ask for draw"),
        ("Olga", "enter draw"),
        ("Otto", "confirm draw"),
        ("nobody", "count round"),
        ("Olga", "publish result"),
        ("nobody", "dismiss person"),
    ]
    about = {entry.round_id for entry in entries(session)[3:-1]}
    assert about == {whole_round.round.id}
    assert first_broken(session) is None


def test_the_journal_tells_what_was_decided(whole_round: WholeRound, session: Session) -> None:
    told = {entry.deed: json.loads(entry.details) for entry in entries(session)}
    boom = session.scalars(select(Plan.id).where(Plan.title == "Boom")).one()
    assert told["change round"] == {"version": 2, "budget": 1_000_000, "eligible": 3}
    assert told["decide feasibility"] == {"plan": boom, "answer": "no"}
    assert told["withdraw plan"] == {"plan": boom}
    assert told["hand out codes"]["size"] == 2
    assert len(told["freeze rules"]["rules_hash"]) == 64
    assert told["count round"] == told["ask for draw"]
    assert (told["count round"]["envelopes"], told["count round"]["rejected"]) == (2, 0)
    mohammed = whole_round.people[2].id
    assert told["appoint person"] == {"person": mohammed, "role": "moderator", "districts": "haagse-hout"}


def test_casting_a_vote_is_not_written_down(whole_round: WholeRound) -> None:
    assert len(whole_round.receipts) == 2
    assert whole_round.before_voting == whole_round.after_voting


def test_no_entry_tells_a_code_a_tracker_a_receipt_or_an_address(whole_round: WholeRound, session: Session) -> None:
    assert len(whole_round.secrets()) > 20
    assert whole_round.told() == set()
    record_deed(session, "make codes", now=RESULT, code=whole_round.codes[0])
    assert whole_round.told() == {whole_round.codes[0].upper()}


# Controls


@pytest.mark.parametrize("change", CHANGES)
def test_without_its_guards_the_database_would_change_or_remove_an_entry(chain: Session, change: str) -> None:
    with unguarded(chain), found("DID NOT RAISE|did not match"):
        test_the_database_refuses_to_change_or_remove_an_entry(chain, change)


@pytest.fixture
def whole_life(session: Session, build: Builder, clock: MovableClock, tmp_path: Path) -> Callable[[], WholeRound]:
    """Lives a round, once a control has broken something."""

    def live() -> WholeRound:
        whole_round = WholeRound(session, build, clock, KeyFolder(tmp_path))
        whole_round.live()
        return whole_round

    return live


def test_a_deed_that_is_not_written_down_is_found_out(
    whole_life: Callable[[], WholeRound], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "record_deed", lambda *_, **__: None)
    lived = whole_life()
    with found("ask for codes"):
        test_every_deed_of_a_round_is_written_down_with_who_did_it(lived, session)


def test_a_vote_that_is_written_down_is_found_out(
    whole_life: Callable[[], WholeRound], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(session: Session, **ballot: Any) -> str:
        receipt = cast_ballot_of_ours(session, **ballot)
        record_deed(session, "cast ballot", now=VOTING)
        return receipt

    cast_ballot_of_ours = cast_ballot
    monkeypatch.setitem(globals(), "cast_ballot", told)
    lived = whole_life()
    with found("Head"):
        test_casting_a_vote_is_not_written_down(lived)
