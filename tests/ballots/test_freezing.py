"""Freezing: the key of the urn with the server, or in three shares that are proven and sealed, and nowhere else."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.ceremony import ceremony, held
from tests.controls import found
from tests.moments import REVIEWING, SCHEDULE, SECOND, VOTING
from wijkbudget.ballots import freezing
from wijkbudget.ballots.freezing import can_freeze, freeze_rules
from wijkbudget.ballots.keys import SHARE_BOX, KeyFolder
from wijkbudget.ballots.queries import key_holders
from wijkbudget.ballots.rules import FrozenRules
from wijkbudget.ballots.shares import combined_key, share_hash, split_key
from wijkbudget.ballots.urn import Opened
from wijkbudget.journal import JournalEntry
from wijkbudget.rounds.voting import KeyKeeping


def test_each_pair_of_shares_is_the_key_of_the_urn(build: Builder, tmp_path: Path) -> None:
    made, urn = held(build, tmp_path)
    for pair in combinations(made.papers, 2):
        assert bytes(PrivateKey(combined_key(pair)).public_key) == urn.public_key


def test_a_share_is_sealed_for_its_holder_alone(build: Builder, tmp_path: Path) -> None:
    made = ceremony(build)
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    for holder, browser in zip(key_holders(build.session, made.round.id), made.browsers, strict=True):
        assert holder.sealed_share is not None
        words = SealedBox(PrivateKey(browser)).decrypt(holder.sealed_share).decode()
        assert holder.share_hash == share_hash(words)


def test_the_key_that_officials_keep_is_in_no_file(build: Builder, tmp_path: Path) -> None:
    made, urn = held(build, tmp_path)
    [file, *more] = tmp_path.iterdir()
    assert more == [], "more than one file"
    assert file.name == f"round-{made.round.id}.box"
    assert urn.share_box_key == bytes(PrivateKey(file.read_bytes()).public_key)
    assert file.read_bytes() == KeyFolder(tmp_path).private_key(made.round.id, SHARE_BOX)
    assert combined_key(made.papers[:2]) != file.read_bytes()


def test_the_rules_are_frozen_with_who_keeps_the_key_and_that_is_on_record(build: Builder, tmp_path: Path) -> None:
    made, urn = held(build, tmp_path)
    assert FrozenRules.parse(urn.rules).voting.keys is KeyKeeping.OFFICIALS
    assert made.round.frozen_at == urn.frozen_at
    deeds = build.session.scalars(select(JournalEntry.deed).where(JournalEntry.round_id == made.round.id)).all()
    assert list(deeds).count("freeze rules") == 1


@pytest.mark.parametrize("people", range(3))
def test_without_three_officials_there_is_no_key(build: Builder, tmp_path: Path, people: int) -> None:
    made = ceremony(build)
    made.step_in(people)
    assert not can_freeze(build.session, made.round, VOTING)
    with pytest.raises(ValueError, match="zip"):
        build.opened_urn(made.round, tmp_path)


def test_once_voting_is_over_the_rules_are_frozen_with_a_key_of_the_server(build: Builder, tmp_path: Path) -> None:
    made = ceremony(build)
    made.step_in(2)
    assert not can_freeze(build.session, made.round, SCHEDULE.counting - SECOND)
    assert can_freeze(build.session, made.round, SCHEDULE.counting)
    keys = KeyFolder(tmp_path)
    urn = freeze_rules(build.session, round=made.round, menu=[], keys=keys, now=SCHEDULE.counting)
    assert (urn.share_box_key, urn.public_key) == (None, bytes(PrivateKey(keys.private_key(made.round.id)).public_key))
    assert [holder.share_hash for holder in key_holders(build.session, made.round.id)] == [None, None]


def test_three_officials_can_freeze_early_and_a_server_once_voting_begins(build: Builder) -> None:
    made = ceremony(build)
    made.step_in()
    assert can_freeze(build.session, made.round, REVIEWING)
    other = build.round(title="Elders")
    assert not can_freeze(build.session, other, SCHEDULE.voting - SECOND)
    assert can_freeze(build.session, other, SCHEDULE.voting)


def test_the_server_keeps_its_key_in_the_folder_and_nobody_has_a_share(build: Builder, tmp_path: Path) -> None:
    urn = build.opened_urn(build.round(), tmp_path)
    assert urn.share_box_key is None
    assert bytes(PrivateKey(KeyFolder(tmp_path).private_key(urn.round_id)).public_key) == urn.public_key


def other_key(_: object) -> bytes:
    return bytes(32)


def other_ballot(*_: object, **__: object) -> Opened:
    return Opened("0" * 16, ())


@pytest.mark.parametrize(
    ("name", "instead", "said"), [("combined_key", other_key, "two shares"), ("unseal", other_ballot, "probe ballot")]
)
def test_a_key_that_is_not_proven_freezes_nothing(
    build: Builder, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str, instead: Callable[..., object], said: str,
) -> None:  # fmt: skip
    made = ceremony(build)
    made.step_in()
    monkeypatch.setattr(freezing, name, instead)
    with pytest.raises(RuntimeError, match=said):
        freeze_rules(session, round=made.round, menu=[], keys=KeyFolder(tmp_path), now=REVIEWING)
    assert made.round.frozen_at is None


# Controls


def test_shares_that_do_not_open_the_urn_are_found_out(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = freezing._make_shares

    def for_another_urn(*given: Any) -> Any:
        return replace(shares(*given), ballots=bytes(PrivateKey.generate().public_key))

    monkeypatch.setattr(freezing, "_make_shares", for_another_urn)
    with found("assert"):
        test_each_pair_of_shares_is_the_key_of_the_urn(build, tmp_path)


def test_a_key_of_officials_that_the_server_keeps_as_well_is_found_out(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept_and_split(key: bytes) -> tuple[str, ...]:
        (tmp_path / "kept").write_bytes(key)
        return split_key(key)

    monkeypatch.setattr(freezing, "split_key", kept_and_split)
    with found("one file"):
        test_the_key_that_officials_keep_is_in_no_file(build, tmp_path)
