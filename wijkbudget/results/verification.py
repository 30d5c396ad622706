"""Whether a published package is whole, signed, and right in itself."""

from collections.abc import Iterator

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from ..refusal import Refusal
from .container import Broken, require_canonical, unpack
from .manifest import (
    MANIFEST,
    PABULIB,
    PER_BALLOT,
    READ_ME,
    RECOUNT,
    SIGNATURE,
    Seal,
    read_manifest,
    sha256,
)
from .package import recount_program
from .published import Finding, Published

NO_FILE = "no plan is left that election.pb could hold"
LARGEST = 2**20
"""How many bytes a file may have, other than those about single ballots."""
LARGEST_OF_BALLOTS = 2**28
"""More than a million ballots on a hundred plans take."""
LARGEST_PACKAGE = 2**30


class NotAPackage(Exception):
    """This file is something else than the package of a round."""


def verify_package(data: bytes, *, key: bytes | None) -> list[Finding]:
    """The checks that passed: all of them. `key` is the Ed25519 public key that the package must be signed with.

    Raises Broken at the first that fails, NotAPackage.
    """
    return list(checks(data, key=key))


def checks(data: bytes, *, key: bytes | None) -> Iterator[Finding]:
    """The checks one by one, as they pass. Raises as `verify_package`."""
    if MANIFEST.encode() not in data or SIGNATURE.encode() not in data:
        raise NotAPackage("it holds no manifest.json and signature.txt")
    try:
        yield from _checks(data, key)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, Refusal, RecursionError) as error:
        # signed by whoever holds the key, and yet no manifest of ours
        raise Broken(MANIFEST, f"what it says cannot be checked: {error!r}") from error


def _checks(data: bytes, key: bytes | None) -> Iterator[Finding]:
    files = unpack(data)
    _require_sizes(files)
    yield from _signature(files, key)
    manifest = read_manifest(files[MANIFEST])
    published = Published(files, manifest)
    yield from _files(data, published)
    for check in (published.rules_are_frozen, published.numbers_add_up):
        yield Finding(check())
    if manifest["is_published"]:
        yield Finding(published.urn_is_whole())
        yield Finding(published.ballots_are_valid())
        yield Finding(published.file_agrees()) if PABULIB in files else Finding(NO_FILE, is_note=True)
    else:
        yield Finding("so few ballots were cast that only totals and roots are published", is_note=True)
    yield published.recount()


def _require_sizes(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if len(content) > (LARGEST_OF_BALLOTS if name in PER_BALLOT else LARGEST):
            raise Broken(name, "this file is larger than it can be")


def _signature(files: dict[str, bytes], key: bytes | None) -> Iterator[Finding]:
    for name in (MANIFEST, SIGNATURE):
        if name not in files:
            raise Broken(name, "this file is missing")
    seal = Seal.parse(files[SIGNATURE])
    is_named = seal.manifest_hash == sha256(files[MANIFEST])
    try:
        VerifyKey(seal.public_key).verify(files[MANIFEST], seal.signature)
    except (BadSignatureError, ValueError, TypeError) as error:
        if not is_named:
            raise Broken(MANIFEST, "it was changed: neither its SHA-256 nor its signature is right") from error
        raise Broken(SIGNATURE, "the signature is not that of this manifest.json by this key") from error
    if not is_named:
        raise Broken(SIGNATURE, "it names another SHA-256 than that of manifest.json")
    if key is not None and key != seal.public_key:
        raise Broken(SIGNATURE, f"the package was signed with another key: {seal.public_key.hex()}")
    yield Finding(f"manifest.json is signed by the key {seal.public_key.hex()}")


def _files(data: bytes, published: Published) -> Iterator[Finding]:
    files, manifest = published.files, published.manifest
    if manifest["key_fingerprint"] != sha256(Seal.parse(files[SIGNATURE]).public_key):
        raise Broken(MANIFEST, "key_fingerprint is not that of the key")
    expected = (READ_ME, MANIFEST, SIGNATURE, RECOUNT, *(published.per_ballot if manifest["is_published"] else ()))
    listed = manifest["files"].keys() | {MANIFEST, SIGNATURE}
    if strange := sorted(files.keys() - set(expected)):
        raise Broken("container", f"the file {strange[0]!r} does not belong in the package")
    if missing := sorted(set(expected) - files.keys() | set(expected) ^ listed):
        raise Broken(missing[0], "this file is missing, in the package or in manifest.json")
    for name, said in manifest["files"].items():
        if said != {"sha256": sha256(files[name]), "length": len(files[name])}:
            raise Broken(name, "this file was changed: it is not the one that manifest.json names")
    yield Finding(f"all {len(files)} files are those that manifest.json names")
    require_canonical(data, {name: files[name] for name in expected})
    yield Finding("there is nothing else in the container")
    if files[RECOUNT] != recount_program():
        yield Finding("recount.py is not the one of this version of wijkbudget", is_note=True)
