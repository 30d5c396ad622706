"""`manifest.json`, which names all that a package holds, and `signature.txt`, which stands for it."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .container import Broken
from .record import CHARACTERS, Record, ballots_table, table_root, totals_of
from .shape import FORMAT, require_shape, strict_values

MANIFEST, SIGNATURE, URN, BALLOTS, PABULIB = "manifest.json", "signature.txt", "urn.txt", "ballots.csv", "election.pb"
RECOUNT, READ_ME = "recount.py", "LEESMIJ.txt"
PER_BALLOT = (URN, BALLOTS, PABULIB)
"""The files that are left out if there are too few ballots; the last one also if there is no plan to write in it."""
WITHHELD = (
    "Er zijn minder stembiljetten dan publish_ballots_from: uit zo weinig kan een stem te raden zijn. / "
    "There are fewer ballots than publish_ballots_from: with so few, a vote could be guessed."
)


def manifest_of(record: Record, files: Mapping[str, bytes], public_key: bytes) -> bytes:
    """The manifest of a record and the files that go with it. Raises ValueError if the rules are no canonical text."""
    if sha256(canonical_rules(json.loads(record.rules))) != record.rules_hash:
        raise ValueError("the rules are not those of their hash")
    return written(
        {
            "format": FORMAT,
            **_told(record),
            **_derived(record),
            "key_fingerprint": sha256(public_key),
            "files": {name: {"sha256": sha256(file), "length": len(file)} for name, file in files.items()},
        }
    )


def _told(record: Record) -> dict[str, Any]:
    """What the record says, as it says it."""
    return {
        "rules": json.loads(record.rules),
        "rules_hash": record.rules_hash,
        "closed_at": record.frozen.schedule["counting"],
        "opened_at": record.opened_at,
        "counts": asdict(record.counts),
        "withdrawn": sorted(record.withdrawn),
        "outcome": {"winners": list(record.winners), "left": record.left},
        "journal_head": record.journal_head,
    }


def _derived(record: Record) -> dict[str, Any]:
    """What follows from it."""
    rules = record.frozen
    return {
        "totals": totals_of(record.ballots, rules),
        "lot": {"source": rules.seed_source, "seed": record.seed, "round": str(rules.round_id)},
        "roots": {"urn": record.urn_root, "ballots": table_root(ballots_table(record.ballots, rules))},
        "is_published": record.is_published,
        "withheld": withheld(per_ballot(rules.costs, record.withdrawn), is_published=record.is_published),
    }


def per_ballot(menu: Collection[int], withdrawn: Collection[int]) -> tuple[str, ...]:
    """The files about single ballots that a package with enough of them holds."""
    return PER_BALLOT if set(menu) - set(withdrawn) else (URN, BALLOTS)


def withheld(files: tuple[str, ...], *, is_published: bool) -> dict[str, Any] | None:
    """Which of these files are left out, and why; None if they are not."""
    return None if is_published else {"files": list(files), "why": WITHHELD}


def written(values: Mapping[str, Any]) -> bytes:
    """The one way in which a manifest is written: sorted names, a line each, indented by one space."""
    return (json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(CHARACTERS)


def read_manifest(data: bytes) -> dict[str, Any]:
    """The values of a manifest. Raises Broken if it is none, was written otherwise, or has a value out of place."""
    try:
        values = strict_values(data)
        is_ours = isinstance(values, dict) and values["format"] == FORMAT and written(values) == data
    except (ValueError, KeyError, RecursionError) as error:
        raise Broken(MANIFEST, f"it cannot be read: {error}") from error
    if not is_ours:
        raise Broken(MANIFEST, f"it is not written as {FORMAT!r}")
    require_shape(values)
    return dict(values)


def canonical_rules(rules: object) -> bytes:
    """The rules in a manifest as the text of which the hash was published."""
    return json.dumps(rules, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(CHARACTERS)


def sha256(data: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Seal:
    """What stands in `signature.txt`: the manifest's SHA-256, and the Ed25519 signature over the manifest itself."""

    manifest_hash: str
    public_key: bytes
    signature: bytes

    def text(self) -> bytes:
        """The file."""
        lines = (self.manifest_hash, self.public_key.hex(), self.signature.hex())
        return "manifest SHA-256: {}\nEd25519 public key: {}\nEd25519 signature: {}\n".format(*lines).encode()

    @staticmethod
    def parse(data: bytes) -> "Seal":
        """The seal that `text()` wrote. Raises Broken if the file is anything else."""
        try:
            manifest_hash, key, signature = (line.rpartition(": ")[2] for line in data.decode("ascii").splitlines())
            seal = Seal(manifest_hash, bytes.fromhex(key), bytes.fromhex(signature))
        except ValueError as error:
            raise Broken(SIGNATURE, "it is not three lines with a hash, a key and a signature") from error
        if seal.text() != data:
            raise Broken(SIGNATURE, "it is not written as it must be")
        return seal
