"""The manifest, and the file with its signature."""

import hashlib
import json
from dataclasses import replace

import pytest

from tests.results.packages import PUBLIC, record, signed
from wijkbudget.results.container import Broken, unpack
from wijkbudget.results.manifest import MANIFEST, PER_BALLOT, SIGNATURE, Seal, manifest_of, read_manifest, written

FILES = unpack(signed(record()))
VALUES = read_manifest(FILES[MANIFEST])


def test_it_names_every_other_file_with_its_length_and_digest() -> None:
    assert VALUES["files"] == {
        name: {"length": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in FILES.items()
        if name not in (MANIFEST, SIGNATURE)
    }


def test_it_holds_all_that_the_count_hangs_on() -> None:
    of = record()
    assert json.dumps(VALUES["rules"], sort_keys=True, separators=(",", ":"), ensure_ascii=False) == of.rules
    assert VALUES["rules_hash"] == of.rules_hash
    assert VALUES["lot"] == {"source": "urn", "seed": of.seed, "round": "7"}
    assert VALUES["outcome"] == {"winners": list(of.winners), "left": of.left}
    assert VALUES["counts"]["rejected"] == {"copy": 1, "unreadable": 1}
    assert VALUES["roots"]["urn"] == of.urn_root
    assert VALUES["key_fingerprint"] == hashlib.sha256(PUBLIC).hexdigest()
    assert (VALUES["is_published"], VALUES["withheld"]) == (True, None)


def test_it_says_why_ballots_are_not_published() -> None:
    withheld = read_manifest(manifest_of(record(least=61), {}, PUBLIC))["withheld"]
    assert withheld["files"] == list(PER_BALLOT)
    assert "fewer ballots than publish_ballots_from" in withheld["why"]


def test_rules_that_are_not_those_of_their_hash_are_not_published() -> None:
    with pytest.raises(ValueError, match="not those of their hash"):
        manifest_of(replace(record(), rules_hash="0" * 64), {}, PUBLIC)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, json.dumps(VALUES).encode()])
def test_what_is_no_manifest_in_its_one_form_is_refused(data: bytes) -> None:
    with pytest.raises(Broken) as broken:
        read_manifest(data)
    assert broken.value.where == MANIFEST


def test_a_manifest_of_another_kind_is_refused() -> None:
    with pytest.raises(Broken, match="is not written as"):
        read_manifest(written({**VALUES, "format": "wijkbudget package 2"}))


SEAL = Seal("0" * 64, bytes(32), bytes(64))


def test_a_seal_is_read_as_it_was_written() -> None:
    assert Seal.parse(SEAL.text()) == SEAL
    assert SEAL.text().count(b"\n") == 3


@pytest.mark.parametrize("text", [b"", SEAL.text() + b"\n", SEAL.text()[:-1], SEAL.text() * 2, b"a\nb\nc\n", b"\xff"])
def test_a_seal_in_another_form_is_refused(text: bytes) -> None:
    with pytest.raises(Broken) as broken:
        Seal.parse(text)
    assert broken.value.where == SIGNATURE
