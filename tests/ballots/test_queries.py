"""How many codes and envelopes, and which code is live."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.builders import PEPPER, Builder
from tests.moments import COUNTING, VOTING
from wijkbudget.ballots.codes import new_code, parsed_code
from wijkbudget.ballots.queries import (
    code_counts,
    codes_made,
    envelopes,
    has_voted,
    is_live,
    is_opened,
    live_code,
    menu_ids,
    opened_ballots,
    opening_of,
    urn_of,
)
from wijkbudget.ballots.rules import Ballot
from wijkbudget.ballots.tables import Envelope, OpenedBallot, Opening, VotingCode


@contextmanager
def plans(session: Session) -> Iterator[list[str]]:
    """How SQLite looks up what is asked of it meanwhile; PostgreSQL decides that by how much there is."""
    engine, told = session.get_bind(), list[str]()
    assert isinstance(engine, Engine)
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole")

    def note(_connection: object, cursor: Any, statement: str, parameters: object, *_: object) -> None:
        told.extend(step[-1] for step in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall())

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_round_has_no_urn_codes_or_envelopes_at_first(build: Builder, session: Session) -> None:
    round_ = build.round()
    assert urn_of(session, round_.id) is None
    assert opening_of(session, round_.id) is None
    assert (codes_made(session, round_.id), envelopes(session, round_.id)) == (0, 0)


def test_an_urn_is_opened_once_something_came_out_of_it(build: Builder, session: Session) -> None:
    round_, other = build.round(title="Een"), build.round(title="Twee")
    session.add(Opening(round_id=round_.id, envelopes=0, merkle_root="", rejected={}, opened_at=COUNTING))
    session.flush()
    assert (is_opened(session, round_.id), is_opened(session, other.id)) == (True, False)


def test_codes_and_envelopes_are_counted_by_round(build: Builder, session: Session, tmp_path: Path) -> None:
    round_, other = build.round(title="Een"), build.round(title="Twee")
    codes = [*build.codes(round_, 3), *build.codes(round_, 2)]
    build.codes(other, 7)
    entitlement = build.entitlement(codes[4])
    assert not has_voted(session, entitlement)
    session.add(Envelope(entitlement_id=entitlement, round_id=round_.id, sealed=b"1", retry_mark=b"1"))
    session.flush()
    assert has_voted(session, entitlement)
    assert (codes_made(session, round_.id), codes_made(session, other.id)) == (5, 7)
    assert (envelopes(session, round_.id), envelopes(session, other.id)) == (1, 0)
    assert urn_of(session, build.opened_urn(round_, tmp_path).round_id) is not None


def test_before_any_code_was_made_none_is_known(session: Session) -> None:
    assert live_code(session, new_code(), pepper=PEPPER) is None


def test_a_code_is_known_by_its_pepper_until_it_is_blocked(build: Builder, session: Session) -> None:
    written, _ = build.codes(build.round(title="Een"), 2)
    build.codes(build.round(title="Twee"), 2)
    code = parsed_code(written)
    found = live_code(session, code, pepper=PEPPER)
    assert isinstance(found, VotingCode)
    assert is_live(session, found.entitlement_id)
    assert live_code(session, code, pepper="another pepper") is None
    assert live_code(session, new_code(), pepper=PEPPER) is None
    found.blocked_at = VOTING
    assert live_code(session, code, pepper=PEPPER) is None
    assert not is_live(session, found.entitlement_id)


def test_a_right_to_vote_is_live_while_one_of_its_codes_is(build: Builder, session: Session) -> None:
    one, other = (live_code(session, parsed_code(code), pepper=PEPPER) for code in build.codes(build.round(), 2))
    assert one is not None
    assert other is not None
    replaced = one.entitlement_id
    one.blocked_at, other.entitlement_id = VOTING, replaced
    assert is_live(session, replaced)


def test_the_menu_is_the_frozen_one(build: Builder, session: Session) -> None:
    round_ = build.round()
    plan = build.menu_plan(round_)
    assert menu_ids(session, round_.id) == frozenset()
    build.urn(round_, plan)
    plan.withdrawn_at = VOTING
    assert menu_ids(session, round_.id) == {plan.id}


def test_a_code_is_found_among_a_million_by_its_hash(build: Builder, session: Session) -> None:
    written, *_ = build.codes(build.round(title="Een"), 2)
    build.codes(build.round(title="Twee"), 2)
    with plans(session) as told:
        assert live_code(session, parsed_code(written), pepper=PEPPER)
    lookups = [step for step in told if "voting_code" in step]
    assert len(lookups) == 2  # one for each round
    assert all("code_mac=?" in step for step in lookups)


def test_counting_codes_looks_at_none_but_the_blocked_ones(build: Builder, session: Session) -> None:
    round_ = build.round()
    build.codes(round_, 2)
    with plans(session) as told:
        assert code_counts(session, round_.id).issued == 2
    lookups = [step for step in told if "SEARCH voting_code USING" in step or "SCAN voting_code" in step]
    assert len(lookups) == 2
    assert all("ix_voting_code_blocked" in step for step in lookups)


def test_opened_ballots_come_by_tracker_as_they_were_opened(build: Builder, session: Session) -> None:
    round_, other = build.round(title="Een"), build.round(title="Twee")
    rows = [(round_, "B", [[3, 2], [7, 1]]), (round_, "A", []), (other, "C", [[9, 1]])]
    session.add_all(OpenedBallot(round_id=where.id, tracker=tracker, points=points) for where, tracker, points in rows)
    session.flush()
    assert list(opened_ballots(session, round_.id)) == [Ballot(()), Ballot(((3, 2), (7, 1)))]
