"""Limits to guessing: failures alone count, and a good code opens the booth whatever others tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from tests.builders import PEPPER, Builder
from tests.controls import found
from tests.moments import DAY, SECOND, VOTING
from wijkbudget.ballots import actions, guesses
from wijkbudget.ballots.codes import code_mac, new_code, parsed_code
from wijkbudget.ballots.guesses import (
    KEPT,
    PER_NETWORK,
    PLATFORM_WIDE,
    WINDOW,
    forget_guesses,
    guesses_under_way,
    network_of,
    try_code,
)
from wijkbudget.ballots.queries import live_code
from wijkbudget.ballots.rules import MistypedCode, TooManyGuesses, UnknownCode
from wijkbudget.ballots.tables import CodeBatch, FailedGuess, VotingCode
from wijkbudget.refusal import Refusal

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def attempt(session: Session, code: str | None = None, *, address: str | None = HERE, now: datetime = VOTING) -> object:
    """The code that was found, or the refusal."""
    try:
        return try_code(session, typed=code or new_code(), address=address, pepper=PEPPER, now=now)
    except Refusal as refusal:
        return type(refusal)


def counted(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(FailedGuess)) or 0


def fail(session: Session, times: int, *, address: str = HERE, now: datetime = VOTING) -> None:
    network = network_of(address, pepper=PEPPER, now=now)
    session.add_all(FailedGuess(network=network, failed_at=now) for _ in range(times))
    session.flush()


# What counts


def test_an_unknown_code_is_counted_and_a_good_and_a_mistyped_one_are_not(build: Builder, session: Session) -> None:
    [code] = build.codes(build.round())
    assert isinstance(attempt(session, code), VotingCode)
    assert attempt(session, "1234") is MistypedCode
    assert counted(session) == 0
    assert attempt(session) is UnknownCode
    assert counted(session) == 1


def test_more_guesses_than_allowed_from_one_network_are_no_longer_counted(session: Session) -> None:
    assert {attempt(session) for _ in range(PER_NETWORK)} == {UnknownCode}
    assert {attempt(session) for _ in range(3)} == {TooManyGuesses}
    assert counted(session) == PER_NETWORK
    assert attempt(session, address=ELSEWHERE) is UnknownCode


def test_an_honest_voter_enters_although_the_network_and_the_platform_are_over_the_limit(
    build: Builder, session: Session
) -> None:
    [code] = build.codes(build.round())
    fail(session, PER_NETWORK)
    fail(session, PLATFORM_WIDE, address=ELSEWHERE)
    assert attempt(session) is TooManyGuesses
    assert isinstance(attempt(session, code), VotingCode)


def test_the_whole_platform_has_a_limit_that_bounds_what_is_stored(session: Session) -> None:
    for number in range(PLATFORM_WIDE - 1):
        fail(session, 1, address=f"10.0.{number // 256}.{number % 256}")
    assert not guesses_under_way(session, VOTING)
    assert attempt(session) is UnknownCode
    assert guesses_under_way(session, VOTING)
    assert {attempt(session, address=f"192.0.2.{last}") for last in range(9)} == {TooManyGuesses}
    assert counted(session) == PLATFORM_WIDE


def test_a_failure_counts_until_the_window_has_passed(session: Session) -> None:
    fail(session, PER_NETWORK)
    assert attempt(session, now=VOTING + WINDOW - SECOND) is TooManyGuesses
    assert attempt(session, now=VOTING + WINDOW) is UnknownCode


def test_guesses_are_forgotten_after_a_day(session: Session) -> None:
    fail(session, 2)
    fail(session, 1, now=VOTING + SECOND)
    forget_guesses(session, VOTING + KEPT - SECOND)
    assert counted(session) == 3
    forget_guesses(session, VOTING + KEPT)
    assert counted(session) == 1


# Networks


def network(address: str | None, now: datetime = VOTING, pepper: str = PEPPER) -> bytes:
    return network_of(address, pepper=pepper, now=now)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "unknown", True),
        ("unknown", "192.0.2.1", False),
        (None, "", True),
    ],
)
def test_a_network_is_an_ipv4_address_or_half_an_ipv6_address(one: str | None, other: str, is_same: bool) -> None:
    assert (network(one) == network(other)) is is_same


def test_the_hash_of_a_network_is_of_one_day_and_one_pepper_and_short() -> None:
    midnight = datetime(2026, 11, 3, tzinfo=UTC)
    assert network(HERE, midnight) == network(HERE, midnight + DAY - SECOND)
    assert network(HERE, midnight) != network(HERE, midnight - SECOND)
    assert network(HERE, midnight) == network(HERE, midnight.astimezone(timezone(timedelta(hours=-5))))
    assert network(HERE) != network(HERE, pepper="another")
    assert len(network(HERE)) == 16


def test_what_is_no_address_holds_up_nobody(build: Builder, session: Session) -> None:
    [code] = build.codes(build.round())
    for address in (None, "unknown", "192.0.2.1:4711", "\ud800"):
        assert attempt(session, address=address) is UnknownCode
        assert isinstance(attempt(session, code, address=address), VotingCode)


# Nothing tells why a code is refused


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL that is executed meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def refused_codes(build: Builder, session: Session) -> dict[str, str]:
    """A code for each reason why it may be refused."""
    round_, other = build.round(), build.round(title="Elders")
    blocked, undelivered, elsewhere = build.codes(round_)[0], build.codes(round_)[0], build.codes(other)[0]
    found = {row.serial: row for row in session.scalars(select(VotingCode).where(VotingCode.round_id == round_.id))}
    found[1].blocked_at = VOTING
    batch = session.get_one(CodeBatch, found[2].batch_id)
    batch.finished_at = None
    # A code of one round that is written down in another one.
    foreign = session.scalars(select(VotingCode).where(VotingCode.round_id == other.id)).one()
    foreign.code_mac = code_mac(parsed_code(elsewhere), round_id=round_.id, pepper=PEPPER.encode())
    session.flush()
    return {"unknown": new_code(), "blocked": blocked, "undelivered": undelivered, "other round": elsewhere}


def test_every_refused_code_gets_the_same_answer_by_the_same_statements(build: Builder, session: Session) -> None:
    told: dict[str, tuple[object, ...]] = {}
    for reason, code in refused_codes(build, session).items():
        with statements(session.get_bind().engine) as seen, pytest.raises(Refusal) as refused:
            try_code(session, typed=code, address=HERE, pepper=PEPPER, now=VOTING)
        told[reason] = (type(refused.value), refused.value.details, tuple(seen))
    assert len(told) == 4
    assert len(set(map(str, told.values()))) == 1
    assert counted(session) == 4


def test_beyond_the_limit_too_every_refused_code_gets_the_same_answer(build: Builder, session: Session) -> None:
    codes = refused_codes(build, session)
    fail(session, PER_NETWORK)
    assert {attempt(session, code) for code in codes.values()} == {TooManyGuesses}


def test_the_limits_leave_room_for_a_household_and_notice_an_attack() -> None:
    assert 10 <= guesses.PER_NETWORK < guesses.PLATFORM_WIDE


# Controls


def test_a_limit_that_stops_honest_voters_is_found_out(
    build: Builder, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limit_first(session: Session, *, typed: str, address: str | None, pepper: str, now: datetime) -> VotingCode:
        if guesses_under_way(session, now):
            raise TooManyGuesses()
        return try_code_of_ours(session, typed=typed, address=address, pepper=pepper, now=now)

    try_code_of_ours = try_code
    monkeypatch.setitem(globals(), "try_code", limit_first)
    with found("TooManyGuesses"):
        test_an_honest_voter_enters_although_the_network_and_the_platform_are_over_the_limit(build, session)


def test_one_statement_more_for_a_code_that_was_blocked_is_found_out(
    build: Builder, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def telling(session: Session, code: str, *, pepper: str) -> VotingCode | None:
        good = live_code(session, code, pepper=pepper)
        rounds = session.scalars(select(CodeBatch.round_id)).all()
        macs = [code_mac(code, round_id=round_id, pepper=pepper.encode()) for round_id in rounds]
        if session.scalar(select(VotingCode.id).where(VotingCode.code_mac.in_(macs))) and good is None:
            session.scalar(select(func.count()).select_from(FailedGuess))
        return good

    monkeypatch.setattr(actions, "live_code", telling)
    with found("assert 2 == 1"):
        test_every_refused_code_gets_the_same_answer_by_the_same_statements(build, session)


def test_a_platform_without_a_limit_is_found_out(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "PLATFORM_WIDE", 10**6)
    with found("assert"):
        test_the_whole_platform_has_a_limit_that_bounds_what_is_stored(session)
