"""Lists of codes: two officials, one hand-out, and nothing that is good before its end."""

import gc
import tracemalloc
from datetime import datetime, timedelta
from itertools import islice

import pytest
from sqlalchemy import func, select, text, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import NOT_REFUSED, forget_keys, found
from tests.effort import whole
from tests.moments import SCHEDULE, SECOND, SUBMITTING, VOTING, Standing
from wijkbudget.ballots import batches, queries
from wijkbudget.ballots.actions import find_code
from wijkbudget.ballots.batches import (
    BatchDiscarded,
    BatchHandedOut,
    BatchNotReleased,
    BatchReleased,
    BatchUsed,
    CodesMadeMeanwhile,
    MoreCodesThanElectorate,
    NoLetters,
    OwnBatch,
    Piece,
    ask_for_codes,
    begin_codes,
    discard_codes,
    made_codes,
    release_codes,
)
from wijkbudget.ballots.codes import code_mac, parsed_code, pepper_check, written_code
from wijkbudget.ballots.queries import code_counts, codes_asked, codes_made, pepper_checks
from wijkbudget.ballots.rules import UnknownCode
from wijkbudget.ballots.serials import Reason, replace_code
from wijkbudget.ballots.tables import CodeBatch, Entitlement, VotingCode
from wijkbudget.database import Database
from wijkbudget.journal import JournalEntry
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.rounds.rules import Schedule, WrongPhase
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import Franchise, VotingTerms

MINUTE = timedelta(minutes=1)


@pytest.fixture
def colleague(build: Builder) -> Person:
    """A second official."""
    return build.appointed(Role.OFFICIAL)


def asked(session: Session, round_: Round, size: int = 3, now: datetime = SUBMITTING) -> CodeBatch:
    official = session.get_one(Person, round_.made_by)
    return ask_for_codes(session, round=round_, size=size, official=official, now=now)


def begun(session: Session, round_: Round, colleague: Person, size: int = 3, now: datetime = SUBMITTING) -> CodeBatch:
    """A list that can be made now; committed."""
    batch = asked(session, round_, size, now)
    release_codes(session, batch=batch, official=colleague, now=now)
    begin_codes(session, batch=batch, official=colleague, now=now)
    session.commit()
    return batch


def clock_at(moment: datetime) -> MovableClock:
    clock = MovableClock()
    clock.move_to(moment)
    return clock


def handed_out(database: Database, batch: CodeBatch) -> list[tuple[int, str]]:
    pieces = made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=clock_at(SUBMITTING))
    return [letter for piece in pieces for letter in piece]


def made(database: Database, session: Session, round_: Round, colleague: Person, size: int) -> list[tuple[int, str]]:
    return handed_out(database, begun(session, round_, colleague, size))


# Asking


def test_no_more_codes_are_asked_for_than_people_may_vote(build: Builder, session: Session) -> None:
    round_ = build.round(eligible=5)
    asked(session, round_, 3)
    with pytest.raises(MoreCodesThanElectorate) as refused:
        asked(session, round_, 3)
    assert refused.value.details == {"left": 2}
    assert asked(session, round_, 2).size == 2
    with pytest.raises(MoreCodesThanElectorate):
        asked(session, round_, 1)


@pytest.mark.parametrize("size", [0, -1])
def test_a_list_holds_at_least_one_code(build: Builder, session: Session, size: int) -> None:
    with pytest.raises(MoreCodesThanElectorate):
        asked(session, build.round(), size)


@pytest.mark.parametrize(
    ("moment", "is_open"), [(SUBMITTING, True), (SCHEDULE.counting - SECOND, True), (SCHEDULE.counting, False)]
)
def test_codes_are_asked_for_until_voting_closes(
    build: Builder, session: Session, moment: datetime, is_open: bool
) -> None:
    round_ = build.round()
    if is_open:
        assert asked(session, round_, 1, moment)
    else:
        with pytest.raises(WrongPhase):
            asked(session, round_, 1, moment)


def test_a_round_in_which_accounts_vote_has_no_codes(build: Builder, session: Session) -> None:
    with pytest.raises(NoLetters):
        asked(session, build.round(voting=VotingTerms(franchise=Franchise.ACCOUNT)))


def test_a_doubled_click_asks_once(build: Builder, session: Session) -> None:
    round_ = build.round()
    official = session.get_one(Person, round_.made_by)
    ask_for_codes(session, round=round_, size=2, official=official, now=SUBMITTING, seen=0)
    with pytest.raises(CodesMadeMeanwhile):
        ask_for_codes(session, round=round_, size=2, official=official, now=SUBMITTING, seen=0)
    assert codes_asked(session, round_.id) == 2


# Releasing


def test_whoever_asked_cannot_release(build: Builder, session: Session) -> None:
    round_ = build.round()
    batch = asked(session, round_)
    with pytest.raises(OwnBatch):
        release_codes(session, batch=batch, official=session.get_one(Person, round_.made_by), now=SUBMITTING)


def test_the_database_itself_refuses_one_person_in_both_parts(build: Builder, session: Session) -> None:
    batch = asked(session, build.round())
    batch.released_at, batch.released_by = SUBMITTING, batch.asked_by
    with pytest.raises(IntegrityError, match="two_people"):
        session.flush()


def test_a_list_is_released_once(build: Builder, session: Session, colleague: Person) -> None:
    batch = asked(session, build.round())
    release_codes(session, batch=batch, official=colleague, now=SUBMITTING)
    with pytest.raises(BatchReleased):
        release_codes(session, batch=batch, official=colleague, now=SUBMITTING)


def test_a_list_is_not_made_before_it_is_released(build: Builder, session: Session, colleague: Person) -> None:
    with pytest.raises(BatchNotReleased):
        begin_codes(session, batch=asked(session, build.round()), official=colleague, now=SUBMITTING)


def test_a_list_is_handed_out_once(build: Builder, session: Session, colleague: Person) -> None:
    batch = begun(session, build.round(), colleague)
    with pytest.raises(BatchHandedOut):
        begin_codes(session, batch=batch, official=colleague, now=SUBMITTING)


def test_no_list_is_handed_out_after_voting(build: Builder, session: Session, colleague: Person) -> None:
    batch = asked(session, build.round())
    release_codes(session, batch=batch, official=colleague, now=SUBMITTING)
    with pytest.raises(WrongPhase):
        begin_codes(session, batch=batch, official=colleague, now=SCHEDULE.counting)


# Making


def test_each_code_gives_a_right_of_its_own_and_belongs_to_the_serial_on_its_letter(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", 20)
    round_ = build.round()
    letters = made(database, session, round_, colleague, 50)
    found = [find_code(session, typed=code, pepper=PEPPER) for _, code in letters]
    assert [code.serial for code in found] == [serial for serial, _ in letters] == list(range(1, 51))
    assert len({code.entitlement_id for code in found}) == 50
    assert codes_made(session, round_.id) == len(session.scalars(select(Entitlement)).all()) == 50


def test_serials_continue_in_the_next_list_and_begin_anew_in_another_round(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    round_ = build.round(title="Een")
    letters = [*made(database, session, round_, colleague, 3), *made(database, session, round_, colleague, 2)]
    assert [serial for serial, _ in letters] == [1, 2, 3, 4, 5]
    other = made(database, session, build.round(title="Twee"), colleague, 2)
    assert [serial for serial, _ in other] == [1, 2]


def test_of_a_code_only_its_keyed_hash_is_stored(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    round_ = build.round()
    [(_, written)] = made(database, session, round_, colleague, 1)
    code = parsed_code(written)
    assert written == written_code(code)
    row = session.execute(text("SELECT * FROM voting_code")).mappings().one()
    assert bytes(row["code_mac"]) == code_mac(code, round_id=round_.id, pepper=PEPPER.encode())
    assert not any(trace in str(value) for value in row.values() for trace in (code, written, code[:6]))


def test_a_finished_list_tells_with_which_pepper_it_was_made_and_nothing_of_its_codes(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    round_ = build.round()
    batch = begun(session, round_, colleague, 1)
    assert batch.pepper_check is None
    handed_out(database, batch)
    session.refresh(batch)
    assert pepper_checks(session) == {(round_.id, pepper_check(round_.id, pepper=PEPPER.encode()))}


def test_no_code_is_good_before_the_last_one_was_taken(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", 2)
    batch = begun(session, build.round(), colleague, size=4)
    pieces = made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=clock_at(SUBMITTING))
    letters = [letter for piece in islice(pieces, 2) for letter in piece]
    assert len(letters) == 4
    with database.reading() as reader:
        for _, code in letters:
            with pytest.raises(UnknownCode):
                find_code(reader, typed=code, pepper=PEPPER)
    assert list(pieces) == []
    assert [find_code(session, typed=code, pepper=PEPPER).serial for _, code in letters] == [1, 2, 3, 4]


def test_a_download_that_breaks_off_leaves_no_code_that_is_good(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", 2)
    round_ = build.round(eligible=4)
    batch = begun(session, round_, colleague, size=4)
    pieces = made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=clock_at(SUBMITTING))
    [(_, code), _] = next(pieces)
    del pieces  # as a web server does when the browser is gone
    with pytest.raises(UnknownCode):
        find_code(session, typed=code, pepper=PEPPER)
    session.refresh(batch)
    assert (batch.made, batch.finished_at) == (2, None)
    assert codes_made(session, round_.id) == 0
    discard_codes(session, batch=batch, official=colleague, now=SUBMITTING)
    session.commit()
    assert len(made(database, session, round_, colleague, 4)) == 4


def test_a_list_that_ends_after_voting_makes_no_code_good_and_its_letters_do_not_count_in_public(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    round_ = build.round()
    batch, clock = begun(session, round_, colleague), clock_at(SCHEDULE.counting - MINUTE)
    pieces = made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=clock)
    letters = next(pieces)
    clock.move_to(SCHEDULE.counting + SECOND)
    with pytest.raises(WrongPhase):
        next(pieces)
    for _, code in letters:
        with pytest.raises(UnknownCode):
            find_code(session, typed=code, pepper=PEPPER)
    session.refresh(batch)
    assert (len(letters), batch.made, batch.finished_at) == (3, 3, None)
    assert code_counts(session, round_.id).issued == codes_made(session, round_.id) == 0


def test_a_list_ends_in_time_up_to_the_closing(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    round_ = build.round()
    batch, clock = begun(session, round_, colleague), clock_at(SCHEDULE.counting - MINUTE)
    letters = [
        letter for piece in made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=clock) for letter in piece
    ]
    assert [find_code(session, typed=code, pepper=PEPPER).serial for _, code in letters] == [1, 2, 3]
    assert code_counts(session, round_.id).issued == 3


def test_no_further_piece_is_made_after_voting(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", 2)
    batch, clock = begun(session, build.round(), colleague), clock_at(SCHEDULE.counting - MINUTE)
    pieces = made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=clock)
    next(pieces)
    clock.move_to(SCHEDULE.counting + SECOND)
    with pytest.raises(WrongPhase):
        next(pieces)
    assert session.scalar(select(func.count()).select_from(Entitlement)) == 2


def test_the_clock_of_the_database_says_that_voting_is_over(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    long_over = Schedule(**{phase.value: start.replace(year=2000) for phase, start in SCHEDULE.starts})
    batch = begun(session, build.round(schedule=long_over), colleague, now=SUBMITTING.replace(year=2000))
    behind = Standing(SUBMITTING.replace(year=2000))
    with pytest.raises(WrongPhase):
        next(made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=behind))


MORE = 100_000
"""Bytes by which the memory of two lists may differ although it does not grow with them."""


def peak_of(database: Database, batch: CodeBatch, *, keep: bool = False) -> int:
    """The most memory (bytes) at once while this list is made; all codes are held if we `keep` them."""
    pieces, made = made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=clock_at(SUBMITTING)), 0
    kept: list[Piece] = []
    gc.collect()
    tracemalloc.start()
    for piece in pieces:
        made += len(piece)
        with database.reading() as reader:
            assert reader.get_one(CodeBatch, batch.id).made == made  # what the page of codes shows meanwhile
        if keep:
            kept.append(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made == batch.size
    return peak


@pytest.mark.proof
def test_a_longer_list_of_codes_needs_no_more_memory_and_it_is_known_how_far_it_is(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", whole(200, batches.AT_A_TIME))
    sizes = whole([400, 1_000, 4_000], [400, 50_000, 1_000_000])
    round_ = build.round(eligible=sum(sizes))
    _, few, many = (peak_of(database, begun(session, round_, colleague, size)) for size in sizes)
    assert many < few + MORE
    assert codes_made(session, round_.id) == sum(sizes)


def test_a_list_of_all_codes_in_memory_would_be_noticed(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", 200)
    round_ = build.round(eligible=5_400)
    _, few, many = (peak_of(database, begun(session, round_, colleague, n), keep=True) for n in (400, 1_000, 4_000))
    assert many > few + 2 * MORE


# Discarding


def test_no_code_of_a_discarded_list_is_good(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    round_ = build.round(eligible=3)
    batch = begun(session, round_, colleague)
    [(_, code), *_] = handed_out(database, batch)
    session.refresh(batch)
    discard_codes(session, batch=batch, official=colleague, now=SUBMITTING)
    with pytest.raises(UnknownCode):
        find_code(session, typed=code, pepper=PEPPER)
    assert (codes_made(session, round_.id), codes_asked(session, round_.id)) == (0, 0)
    assert asked(session, round_).first_serial == 4
    with pytest.raises(BatchDiscarded):
        discard_codes(session, batch=batch, official=colleague, now=SUBMITTING)


def test_a_letter_that_replaced_one_of_a_discarded_list_is_not_good_either(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    round_ = build.round()
    batch = begun(session, round_, colleague)
    handed_out(database, batch)
    serial, code = replace_code(
        session, round=round_, serial=1, reason=Reason.LOST, official=colleague, pepper=PEPPER, now=SUBMITTING
    )
    assert find_code(session, typed=code, pepper=PEPPER).serial == serial
    session.refresh(batch)
    discard_codes(session, batch=batch, official=colleague, now=SUBMITTING)
    with pytest.raises(UnknownCode):
        find_code(session, typed=code, pepper=PEPPER)
    counts = code_counts(session, round_.id)
    assert (counts.issued, counts.replaced, counts.blocked) == (0, 0, 0)


def test_a_discarded_list_is_not_released_nor_made(build: Builder, session: Session, colleague: Person) -> None:
    batch = asked(session, build.round())
    discard_codes(session, batch=batch, official=colleague, now=SUBMITTING)
    with pytest.raises(BatchDiscarded):
        release_codes(session, batch=batch, official=colleague, now=SUBMITTING)
    with pytest.raises(BatchDiscarded):
        begin_codes(session, batch=batch, official=colleague, now=SUBMITTING)


def test_a_list_that_is_discarded_while_it_is_made_ends_there(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", 1)
    batch = begun(session, build.round(), colleague)
    pieces = made_codes(database, batch_id=batch.id, pepper=PEPPER, clock=clock_at(SUBMITTING))
    next(pieces)
    discard_codes(session, batch=batch, official=colleague, now=SUBMITTING)
    session.commit()
    with pytest.raises(BatchDiscarded):
        next(pieces)
    assert session.scalar(select(func.count()).select_from(VotingCode)) == 1


def test_no_list_is_discarded_after_voting_when_its_letters_are_counted_in_public(
    build: Builder, session: Session, colleague: Person
) -> None:
    batch = asked(session, build.round())
    discard_codes(session, batch=batch, official=colleague, now=SCHEDULE.counting - SECOND)
    other = asked(session, build.round(title="Elders"))
    with pytest.raises(WrongPhase):
        discard_codes(session, batch=other, official=colleague, now=SCHEDULE.counting)


def test_a_list_with_which_was_voted_stays(database: Database, build: Builder, session: Session) -> None:
    round_ = build.round()
    [code] = build.codes(round_, 1)
    session.get_one(Entitlement, build.entitlement(code)).is_used = True
    batch = session.scalars(select(CodeBatch)).one()
    with pytest.raises(BatchUsed):
        discard_codes(session, batch=batch, official=build.appointed(Role.OFFICIAL), now=VOTING)
    assert find_code(session, typed=code, pepper=PEPPER)


def test_the_journal_tells_who_asked_released_and_took_the_list(
    database: Database, build: Builder, session: Session, colleague: Person
) -> None:
    round_ = build.round()
    made(database, session, round_, colleague, 3)
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.number)).all()
    deeds = [(entry.deed, entry.person_id, entry.round_id) for entry in entries]
    assert deeds == [
        ("ask for codes", round_.made_by, round_.id),
        ("release codes", colleague.id, round_.id),
        ("hand out codes", colleague.id, round_.id),
    ]


def test_letters_are_counted_in_public(database: Database, build: Builder, session: Session) -> None:
    round_ = build.round()
    build.codes(round_, 3)
    counts = code_counts(session, round_.id)
    assert (counts.issued, counts.replaced, counts.blocked) == (3, 0, 0)


# Controls


def test_without_its_check_the_database_would_take_one_person_in_both_parts(build: Builder, session: Session) -> None:
    forget_keys(session, CodeBatch)
    with found(NOT_REFUSED):
        test_the_database_itself_refuses_one_person_in_both_parts(build, session)


def test_a_list_that_is_good_before_its_end_is_found_out(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_HANDED_OUT", true())
    with found(NOT_REFUSED):
        test_a_download_that_breaks_off_leaves_no_code_that_is_good(database, build, session, colleague, monkeypatch)


def test_a_discarded_list_whose_replaced_letters_stay_good_is_found_out(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_HANDED_OUT", true())
    with found(NOT_REFUSED):
        test_a_letter_that_replaced_one_of_a_discarded_list_is_not_good_either(database, build, session, colleague)


def test_a_code_that_is_stored_as_it_is_written_is_found_out(
    database: Database, build: Builder, session: Session, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "code_mac", lambda code, **_: code.encode().ljust(32))
    with found("assert"):
        test_of_a_code_only_its_keyed_hash_is_stored(database, build, session, colleague)
