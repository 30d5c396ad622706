"""The published package of a round: one file with which anybody can check the result."""

from collections.abc import Callable
from pathlib import Path

from .container import pack
from .manifest import BALLOTS, MANIFEST, PABULIB, READ_ME, RECOUNT, SIGNATURE, URN, Seal, manifest_of, sha256
from .readme import READ_ME_TEXT
from .record import CHARACTERS, Record, ballots_table, urn_text

RECOUNT_SOURCE = Path(__file__).with_name("recount.py")


def package(record: Record, sign: Callable[[bytes], bytes], public_key: bytes) -> bytes:
    """The package as a ZIP, the same for the same record; `sign` gives the Ed25519 signature of some bytes.

    It says what the record says: whether that is right, `verify_package` tells.
    """
    files = listed_files(record)
    manifest = manifest_of(record, files, public_key)
    seal = Seal(sha256(manifest), public_key, sign(manifest))
    return pack({READ_ME: files.pop(READ_ME), MANIFEST: manifest, SIGNATURE: seal.text(), **files})


def listed_files(record: Record) -> dict[str, bytes]:
    """The files that the manifest names, in their order; without those of single ballots if these are too few."""
    files = {READ_ME: READ_ME_TEXT.encode(CHARACTERS), RECOUNT: recount_program()}
    if record.is_published:
        files[URN] = urn_text(record.digests)
        files[BALLOTS] = ballots_table(record.ballots, record.frozen)
        if record.pabulib is not None:
            files[PABULIB] = record.pabulib.encode(CHARACTERS)
    return files


def recount_program() -> bytes:
    """`recount.py` as it is shipped."""
    return RECOUNT_SOURCE.read_bytes()
