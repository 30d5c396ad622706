"""A letter that is lost, misused or returned: one right to vote stays one right to vote."""

import json
from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config import Config
from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import NOT_REFUSED, forget_keys, found
from tests.moments import SCHEDULE, SECOND, SUBMITTING, VOTING
from wijkbudget.ballots import serials
from wijkbudget.ballots.actions import cast_ballot, find_code
from wijkbudget.ballots.batches import NoLetters
from wijkbudget.ballots.queries import CodeCounts, code_counts, envelope_mark, envelopes
from wijkbudget.ballots.rules import UnknownCode
from wijkbudget.ballots.serials import (
    CodeBlocked,
    CodeNotBlocked,
    CodeReplaced,
    Reason,
    UnknownSerial,
    block_code,
    replace_code,
    unblock_code,
)
from wijkbudget.ballots.tables import VotingCode
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.journal import JournalEntry
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.rounds.rules import WrongPhase
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import Franchise, VotingTerms


@pytest.fixture
def official(build: Builder) -> Person:
    """Somebody at the desk."""
    return build.appointed(Role.OFFICIAL)


def replaced(
    session: Session, round_: Round, official: Person, serial: int = 1, now: datetime = VOTING
) -> tuple[int, str]:
    return replace_code(
        session, round=round_, serial=serial, reason=Reason.LOST, official=official, pepper=PEPPER, now=now
    )


def block(session: Session, round_: Round, official: Person, serial: int = 1, now: datetime = VOTING) -> None:
    block_code(session, round=round_, serial=serial, reason=Reason.MISUSED, official=official, now=now)


def unblock(session: Session, round_: Round, official: Person, serial: int = 1) -> None:
    unblock_code(session, round=round_, serial=serial, official=official, now=VOTING)


def is_good(session: Session, code: str) -> bool:
    try:
        return bool(find_code(session, typed=code, pepper=PEPPER))
    except UnknownCode:
        return False


def test_a_new_letter_has_a_new_code_for_the_same_right_to_vote(
    build: Builder, session: Session, official: Person
) -> None:
    round_ = build.round()
    old, _ = build.codes(round_, 2)
    right = build.entitlement(old)
    serial, code = replaced(session, round_, official)
    assert (serial, build.entitlement(code)) == (3, right)
    assert not is_good(session, old)
    assert code_counts(session, round_.id) == CodeCounts(issued=2, replaced=1, blocked=0)


def test_who_voted_with_the_lost_letter_votes_anew_with_the_other_and_counts_once(
    build: Builder, session: Session, official: Person, config: Config, clock: MovableClock
) -> None:
    round_ = build.round()
    plan = build.menu_plan(round_)
    [old] = build.codes(round_)
    build.opened_urn(round_, config.key_folder)
    clock.move_to(VOTING)
    right = build.entitlement(old)
    cast_ballot(session, entitlement_id=right, points=[], nonce=token_bytes(NONCE_BYTES), clock=clock)
    _, code = replaced(session, round_, official)
    assert build.entitlement(code) == right
    cast_ballot(
        session, entitlement_id=right, points=[(plan.id, 1)], nonce=token_bytes(NONCE_BYTES), clock=clock,
        replaces=envelope_mark(session, right),
    )  # fmt: skip
    assert envelopes(session, round_.id) == 1


def test_a_letter_is_replaced_once_and_its_newer_one_again(build: Builder, session: Session, official: Person) -> None:
    round_ = build.round()
    build.codes(round_)
    replaced(session, round_, official)
    with pytest.raises(CodeReplaced) as refused:
        replaced(session, round_, official)
    assert refused.value.details == {"serial": 2}
    serial, code = replaced(session, round_, official, serial=2)
    assert (serial, is_good(session, code)) == (3, True)
    assert code_counts(session, round_.id).replaced == 2


def test_the_database_itself_refuses_a_second_good_code_for_one_right(build: Builder, session: Session) -> None:
    round_ = build.round()
    [code] = build.codes(round_)
    row = find_code(session, typed=code, pepper=PEPPER)
    session.add(
        VotingCode(
            round_id=round_.id,
            entitlement_id=row.entitlement_id,
            batch_id=row.batch_id,
            replaces=row.id,
            serial=2,
            code_mac=bytes(32),
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_blocked_code_is_unknown_until_it_is_unblocked(build: Builder, session: Session, official: Person) -> None:
    round_ = build.round()
    [code] = build.codes(round_)
    block(session, round_, official)
    assert not is_good(session, code)
    assert code_counts(session, round_.id) == CodeCounts(issued=1, replaced=0, blocked=1)
    with pytest.raises(CodeBlocked):
        block(session, round_, official)
    unblock(session, round_, official)
    assert is_good(session, code)
    with pytest.raises(CodeNotBlocked):
        unblock(session, round_, official)


def test_a_replaced_code_is_never_unblocked(build: Builder, session: Session, official: Person) -> None:
    round_ = build.round()
    build.codes(round_)
    replaced(session, round_, official)
    with pytest.raises(CodeReplaced):
        unblock(session, round_, official)
    with pytest.raises(CodeReplaced):
        block(session, round_, official)


def test_a_blocked_letter_can_be_replaced(build: Builder, session: Session, official: Person) -> None:
    round_ = build.round()
    build.codes(round_)
    block(session, round_, official)
    _, code = replaced(session, round_, official)
    assert is_good(session, code)
    assert code_counts(session, round_.id) == CodeCounts(issued=1, replaced=1, blocked=0)


@pytest.mark.parametrize("deed", [replaced, block, unblock])
def test_a_number_that_no_letter_of_this_round_has_is_refused(
    build: Builder, session: Session, official: Person, deed: Callable[..., object]
) -> None:
    round_, other = build.round(title="Een"), build.round(title="Twee")
    build.codes(round_, 1)
    build.codes(other, 5)
    for serial in (0, 2, 5, 10**9):
        with pytest.raises(UnknownSerial):
            deed(session, round_, official, serial)


def test_a_letter_of_a_list_that_was_not_handed_out_whole_is_unknown(
    build: Builder, session: Session, official: Person
) -> None:
    round_ = build.round()
    build.codes(round_)
    batch = build.batch(round_, 1)
    batch.finished_at = None
    session.flush()
    with pytest.raises(UnknownSerial):
        replaced(session, round_, official, batch.first_serial)


@pytest.mark.parametrize(
    ("moment", "is_open"), [(SUBMITTING, True), (SCHEDULE.counting - SECOND, True), (SCHEDULE.counting, False)]
)
def test_letters_are_replaced_and_blocked_until_voting_closes(
    build: Builder, session: Session, official: Person, moment: datetime, is_open: bool
) -> None:
    round_ = build.round()
    build.codes(round_, 2)
    if is_open:
        block(session, round_, official, 1, moment)
        assert replaced(session, round_, official, 2, moment)[0] == 3
        return
    with pytest.raises(WrongPhase):
        block(session, round_, official, 1, moment)
    with pytest.raises(WrongPhase):
        replaced(session, round_, official, 2, moment)


def test_a_round_in_which_accounts_vote_has_no_letters(build: Builder, session: Session, official: Person) -> None:
    with pytest.raises(NoLetters):
        block(session, build.round(voting=VotingTerms(franchise=Franchise.ACCOUNT)), official)


def test_the_journal_tells_what_was_done_about_which_letter_and_no_code(
    build: Builder, session: Session, official: Person
) -> None:
    round_ = build.round()
    build.codes(round_, 2)
    _, code = replaced(session, round_, official)
    block(session, round_, official, 2)
    unblock(session, round_, official, 2)
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.number)).all()
    assert [entry.deed for entry in entries] == ["replace code", "block code", "unblock code"]
    assert {(entry.person_id, entry.round_id) for entry in entries} == {(official.id, round_.id)}
    assert json.loads(entries[0].details) == {"serial": 1, "by": 3, "reason": "lost"}
    assert not any(part in entry.details for entry in entries for part in code.split("-"))


def test_without_its_key_the_database_would_take_a_second_good_code_for_one_right(
    build: Builder, session: Session
) -> None:
    forget_keys(session, VotingCode)
    with found(NOT_REFUSED):
        test_the_database_itself_refuses_a_second_good_code_for_one_right(build, session)


def test_a_letter_that_is_replaced_without_a_word_in_the_journal_is_found_out(
    build: Builder, session: Session, official: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serials, "record_deed", lambda *_, **__: None)
    with found("replace code"):
        test_the_journal_tells_what_was_done_about_which_letter_and_no_code(build, session, official)
