"""Destroying a key: afterwards no copy of anything opens the urn, and doing it again or after a crash is the same."""

from pathlib import Path

import pytest
from nacl.public import PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.ceremony import ceremony, held
from tests.controls import found
from tests.moments import COUNTING, RESULT, SECOND
from wijkbudget.ballots.destruction import destroy_key
from wijkbudget.ballots.freezing import freeze_rules
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import key_holders, typed_shares, urn_of
from wijkbudget.ballots.tables import Envelope
from wijkbudget.journal import JournalEntry
from wijkbudget.mail.tables import Letter
from wijkbudget.rounds.tables import Round


def voted(build: Builder, round_: Round, votes: int = 2) -> Round:
    """The round with this many envelopes."""
    for code in build.codes(round_, votes):
        envelope = Envelope(
            entitlement_id=build.entitlement(code), round_id=round_.id, sealed=b"sealed", retry_mark=bytes(32)
        )
        build.session.add(envelope)
    build.session.flush()
    return round_


def destroy(session: Session, round_: Round, keys: Path) -> bool:
    return destroy_key(session, round=round_, keys=KeyFolder(keys), now=RESULT)


def envelopes(session: Session, round_: Round) -> list[bytes]:
    return list(session.scalars(select(Envelope.sealed).where(Envelope.round_id == round_.id)))


def test_the_key_of_the_server_and_the_ballots_are_gone(build: Builder, session: Session, tmp_path: Path) -> None:
    round_ = voted(build, build.round())
    urn = build.opened_urn(round_, tmp_path)
    assert destroy(session, round_, tmp_path)
    assert (list(tmp_path.iterdir()), envelopes(session, round_)) == ([], [b"", b""])
    assert urn.key_destroyed_at == RESULT
    deeds = session.execute(select(JournalEntry.deed, JournalEntry.round_id)).tuples().all()
    assert deeds[-1] == ("destroy key", round_.id)


def test_other_rounds_keep_theirs(build: Builder, session: Session, tmp_path: Path) -> None:
    round_, other = build.round(), voted(build, build.round(title="Elders"))
    build.opened_urn(round_, tmp_path)
    build.opened_urn(other, tmp_path)
    destroy(session, round_, tmp_path)
    assert KeyFolder(tmp_path).private_key(other.id)
    assert envelopes(session, other) == [b"sealed", b"sealed"]
    urn = urn_of(session, other.id)
    assert urn is not None
    assert urn.key_destroyed_at is None


def test_what_officials_keep_is_asked_of_them_and_what_is_left_here_is_gone(
    build: Builder, session: Session, tmp_path: Path
) -> None:
    made = ceremony(build)
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    made.show(2)
    made.type(0, by=0)
    assert destroy(session, made.round, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert [holder.sealed_share for holder in key_holders(session, made.round.id)] == [None] * 3
    assert typed_shares(session, made.round.id) == []
    letters = session.execute(select(Letter.kind, Letter.recipient)).tuples().all()
    assert set(letters) == {("destroy-shares", official.email) for official in made.officials}


def test_who_stepped_in_and_got_no_share_is_asked_to_destroy_none(
    build: Builder, session: Session, tmp_path: Path
) -> None:
    made = ceremony(build)
    made.step_in(2)
    freeze_rules(session, round=made.round, menu=[], keys=KeyFolder(tmp_path), now=COUNTING)
    assert destroy(session, made.round, tmp_path)
    assert session.scalars(select(Letter)).all() == []


def test_a_second_time_changes_nothing(build: Builder, session: Session, tmp_path: Path) -> None:
    made, urn = held(build, tmp_path)
    assert destroy(session, made.round, tmp_path)
    assert not destroy_key(session, round=made.round, keys=KeyFolder(tmp_path), now=RESULT + SECOND)
    assert urn.key_destroyed_at == RESULT
    assert len(session.scalars(select(Letter)).all()) == 3


def test_after_a_crash_between_the_files_and_the_commit_it_is_done_again(
    build: Builder, session: Session, tmp_path: Path
) -> None:
    round_ = voted(build, build.round())
    build.opened_urn(round_, tmp_path)
    build.commit()
    destroy(session, round_, tmp_path)
    session.rollback()
    assert (list(tmp_path.iterdir()), envelopes(session, round_)) == ([], [b"sealed", b"sealed"])
    assert destroy(session, round_, tmp_path)
    assert envelopes(session, round_) == [b"", b""]


def test_a_key_that_cannot_be_removed_is_not_said_to_be_destroyed(
    build: Builder, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise PermissionError("read-only")

    round_ = voted(build, build.round())
    urn = build.opened_urn(round_, tmp_path)
    monkeypatch.setattr(Path, "unlink", fail)
    with pytest.raises(PermissionError):
        destroy(session, round_, tmp_path)
    assert urn.key_destroyed_at is None
    assert len(bytes(PrivateKey(KeyFolder(tmp_path).private_key(round_.id)))) == 32


def test_a_key_that_is_said_to_be_destroyed_and_is_not_is_found_out(
    build: Builder, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyFolder, "destroy_keys", lambda *_: None)
    with found(r"round-\d+\.key"):
        test_the_key_of_the_server_and_the_ballots_are_gone(build, session, tmp_path)
