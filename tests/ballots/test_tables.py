"""What the database itself forbids about codes and envelopes, and what it does not keep."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.controls import NOT_REFUSED, forget_keys, found
from tests.moments import VOTING
from wijkbudget.ballots.tables import CodeBatch, Entitlement, Envelope, OpenedBallot, Opening, Urn, VotingCode
from wijkbudget.database import Table, UtcDateTime
from wijkbudget.rounds.tables import Round


@pytest.fixture
def round_(build: Builder, tmp_path: Path) -> Round:
    round_ = build.round()
    build.opened_urn(round_, tmp_path)
    return round_


def refuse(session: Session, row: Table) -> None:
    """The database takes no such row."""
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(row)


def test_a_right_to_vote_has_one_envelope(build: Builder, session: Session, round_: Round) -> None:
    entitlement = build.entitlement(build.codes(round_)[0])
    session.add(Envelope(entitlement_id=entitlement, round_id=round_.id, sealed=b"1", retry_mark=b"1"))
    session.flush()
    session.expunge_all()
    refuse(session, Envelope(entitlement_id=entitlement, round_id=round_.id, sealed=b"2", retry_mark=b"2"))


def test_an_envelope_needs_a_right_to_vote(session: Session, round_: Round) -> None:
    refuse(session, Envelope(entitlement_id=10**6, round_id=round_.id, sealed=b"1", retry_mark=b"1"))


def test_a_code_and_a_serial_exist_once_in_a_round(build: Builder, session: Session, round_: Round) -> None:
    build.codes(round_)
    first = session.query(VotingCode).one()
    same = {"round_id": round_.id, "entitlement_id": first.entitlement_id, "batch_id": first.batch_id}
    refuse(session, VotingCode(**same, serial=2, code_mac=first.code_mac))
    refuse(session, VotingCode(**same, serial=1, code_mac=bytes(32)))


def test_a_list_of_codes_is_not_empty(session: Session, round_: Round) -> None:
    refuse(session, CodeBatch(round_id=round_.id, size=0, first_serial=1, asked_at=VOTING, asked_by=round_.made_by))


def test_a_round_has_one_urn_and_one_opening(session: Session, round_: Round) -> None:
    session.expunge_all()
    refuse(session, Urn(round_id=round_.id, rules="{}", rules_hash="", public_key=bytes(32), frozen_at=VOTING))
    opening = {"round_id": round_.id, "envelopes": 0, "merkle_root": "", "rejected": {}, "opened_at": VOTING}
    session.add(Opening(**opening))
    session.flush()
    session.expunge_all()
    refuse(session, Opening(**opening))


def test_a_tracker_is_counted_once(session: Session, round_: Round) -> None:
    session.add(OpenedBallot(round_id=round_.id, tracker="0" * 16, points=[]))
    session.flush()
    session.expunge_all()
    refuse(session, OpenedBallot(round_id=round_.id, tracker="0" * 16, points=[[1, 1]]))


@pytest.mark.parametrize("table", [Entitlement, Envelope, OpenedBallot])
def test_nothing_tells_when_somebody_voted(table: type[Table]) -> None:
    assert [column.name for column in table.__table__.columns if isinstance(column.type, UtcDateTime)] == []
    assert datetime not in {column.type.python_type for column in table.__table__.columns}


def test_a_counted_ballot_leads_to_no_right_to_vote() -> None:
    targets = {key.column.table.name for key in OpenedBallot.__table__.foreign_keys}
    assert targets == {"round"}


@pytest.mark.parametrize(
    ("table", "check"),
    [
        (Envelope, test_a_right_to_vote_has_one_envelope),
        (VotingCode, test_a_code_and_a_serial_exist_once_in_a_round),
    ],
)
def test_without_its_keys_the_database_would_take_a_second_one(
    build: Builder, session: Session, round_: Round, table: type[Table], check: Callable[..., None]
) -> None:
    forget_keys(session, table)
    with found(NOT_REFUSED):
        check(build, session, round_)
