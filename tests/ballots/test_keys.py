"""The key folder: keys for the owner alone, whole or not there, never replaced."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from nacl.public import PrivateKey

from wijkbudget.ballots.keys import SHARE_BOX, KeyFolder


def test_a_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "deep" / "keys")
    keys.make_key(1)
    [file] = (tmp_path / "deep" / "keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_the_public_key_belongs_to_the_private_one(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    assert keys.make_key(1) == bytes(PrivateKey(keys.private_key(1)).public_key)


def test_a_key_is_never_replaced_and_each_round_has_its_own(tmp_path: Path) -> None:
    first = KeyFolder(tmp_path).make_key(1)
    assert KeyFolder(tmp_path).make_key(1) == first
    assert KeyFolder(tmp_path).make_key(2) != first


def test_without_a_key_there_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        KeyFolder(tmp_path).private_key(1)


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_crash_before_the_key_is_whole_leaves_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def crash(*_: object) -> None:
        raise OSError("the power went off")

    keys = KeyFolder(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, crash)
        with pytest.raises(OSError, match="the power went off"):
            keys.make_key(1)
    with pytest.raises(FileNotFoundError):
        keys.private_key(1)
    assert len(keys.make_key(1)) == 32


def test_many_who_make_the_key_at_once_agree(tmp_path: Path) -> None:
    together = Barrier(8)

    def make(_: int) -> bytes:
        together.wait()
        return KeyFolder(tmp_path).make_key(1)

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(make, range(8)))
    assert made == {KeyFolder(tmp_path).make_key(1)}
    assert [file.name for file in tmp_path.iterdir()] == ["round-1.key"]


def test_a_draft_of_another_container_with_the_same_process_number_is_not_written_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, others = os.link, [bytes(PrivateKey.generate())]

    def while_the_other_makes_its_key(draft: Path, file: Path) -> None:
        link(draft, file)
        if others:  # the other began before the key was there, so it writes a draft of its own
            KeyFolder(tmp_path)._store(tmp_path / "round-1.key", others.pop())

    keys = KeyFolder(tmp_path)
    monkeypatch.setattr(os, "link", while_the_other_makes_its_key)
    keys._store(tmp_path / "round-1.key", first := bytes(PrivateKey.generate()))
    assert keys.private_key(1) == first


def test_the_secret_of_the_signature_is_made_once_and_its_owner_alone_reads_it(tmp_path: Path) -> None:
    seed = KeyFolder(tmp_path / "keys").signing_seed()
    assert KeyFolder(tmp_path / "keys").signing_seed() == seed
    assert len(seed) == 32
    [file] = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_share_box_is_another_key_of_the_same_round(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    assert keys.make_key(1, SHARE_BOX) == keys.make_key(1, SHARE_BOX) != keys.make_key(1)
    assert keys.private_key(1, SHARE_BOX) != keys.private_key(1)
    assert {file.name for file in tmp_path.iterdir()} == {"round-1.key", "round-1.box"}


def test_destroying_takes_all_keys_of_one_round_and_what_a_crash_left_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeyFolder(tmp_path)
    for round_id in (1, 10, 11):
        keys.make_key(round_id)
    keys.make_key(1, SHARE_BOX)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_: None)  # the machine stopped before the draft was removed
        keys._store(tmp_path / "round-1.other", bytes(32))
    assert len(list(tmp_path.glob("round-1.*"))) == 4
    keys.destroy_keys(1)
    assert {file.name for file in tmp_path.iterdir()} == {"round-10.key", "round-11.key"}
    keys.destroy_keys(1)


def test_destroying_is_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, synced = KeyFolder(tmp_path), []
    keys.make_key(1)
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(list(tmp_path.iterdir())))
    keys.destroy_keys(1)
    assert synced == [[]]


def test_where_no_folder_is_there_is_nothing_to_destroy(tmp_path: Path) -> None:
    KeyFolder(tmp_path / "none").destroy_keys(1)
    assert not (tmp_path / "none").exists()
