"""The city's signature."""

from pathlib import Path

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.results.signing import Signer, signer_of


def test_a_signature_is_the_citys_and_of_these_bytes_only(tmp_path: Path) -> None:
    signer = signer_of(KeyFolder(tmp_path))
    signature, key = signer.sign(b"manifest"), VerifyKey(signer.public_key)
    assert key.verify(b"manifest", signature) == b"manifest"
    with pytest.raises(BadSignatureError):
        key.verify(b"Manifest", signature)


def test_every_scheduler_signs_with_the_same_key(tmp_path: Path) -> None:
    assert signer_of(KeyFolder(tmp_path)) == signer_of(KeyFolder(tmp_path))


def test_the_secret_stays_out_of_what_is_shown_of_it() -> None:
    assert bytes(32).hex() not in repr(Signer(bytes(32)))
    assert "seed" not in repr(Signer(bytes(32)))
