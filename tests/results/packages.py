"""Records of small rounds to publish, with a key to sign them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

from nacl.signing import SigningKey

from tests.effort import EFFORT
from tests.results.test_export import FORMS, frozen, invented
from wijkbudget.ballots.rules import Ballot, FrozenRules
from wijkbudget.ballots.urn import Opened, symbols
from wijkbudget.results.container import unpack
from wijkbudget.results.export import has_plan_left, pabulib_file
from wijkbudget.results.manifest import (
    MANIFEST,
    PER_BALLOT,
    READ_ME,
    RECOUNT,
    SIGNATURE,
    Seal,
    canonical_rules,
    read_manifest,
    sha256,
)
from wijkbudget.results.manifest import written as written_manifest
from wijkbudget.results.package import package
from wijkbudget.results.record import Counts, Record
from wijkbudget.results.rules import instance_of, lot_seed, profile_of
from wijkbudget.rounds.forms import BallotForm
from wijkbudget.rounds.rules import SeedSource
from wijkbudget.rounds.voting import VotingTerms
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.outcome import Outcome
from wijkbudget.tally.rule import Rule
from wijkbudget.tally.ties import CheapestFirst, Lot

KEY, OTHER_KEY = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
MOST_VOTES = MostVotes()
PUBLIC = bytes(KEY.verify_key)
ORDER = (READ_ME, MANIFEST, SIGNATURE, RECOUNT, *PER_BALLOT)


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def opened(ballots: Iterable[Ballot]) -> list[Opened]:
    """The ballots with trackers, in their order."""
    named = [Opened(symbols(digest(f"tracker {number}")), each.points) for number, each in enumerate(ballots)]
    return sorted(named, key=lambda ballot: ballot.tracker)


def count_of(rules: FrozenRules, ballots: Sequence[Ballot], lot: Lot | None, withdrawn: Sequence[int] = ()) -> Outcome:
    """The outcome, without the search for what plans lacked."""
    return rules.rule.count(instance_of(rules, withdrawn), profile_of(ballots), CheapestFirst(lot))


def record_of(
    rules: FrozenRules, ballots: Sequence[Ballot], *, withdrawn: Sequence[int] = (), seed: str | None = "a draw"
) -> Record:
    """The record of a round in which two envelopes were spoilt; `seed` is that of a public draw."""
    digests = sorted(digest(f"envelope {number}") for number in range(len(ballots) + 2))
    rules = replace(rules, eligible=len(ballots) + 40)
    blank = Record(
        rules=rules.document(), rules_hash=rules.hash, seed=seed, withdrawn=tuple(withdrawn), winners=(), left=0,
        counts=Counts(
            eligible=rules.eligible, issued=len(ballots) + 5, used=len(digests), blocked=1, replaced=2,
            envelopes=len(digests), rejected={"copy": 1, "unreadable": 1}, ballots=len(ballots),
            blank=sum(not ballot.points for ballot in ballots),
        ),
        digests=digests, ballots=opened(ballots), pabulib=None, journal_head=f"12:{'ab' * 32}",
        opened_at="2026-11-23T08:01:05+00:00",
    )  # fmt: skip
    if rules.seed_source is SeedSource.URN:
        seed = lot_seed(rules_hash=rules.hash, merkle_root=blank.urn_root)
    outcome = count_of(rules, ballots, Lot(seed, str(rules.round_id)) if seed else None, withdrawn)
    return replace(
        blank, seed=seed, winners=tuple(map(int, outcome.funded)), left=outcome.left,
        pabulib=pabulib_file(rules, ballots, outcome) if has_plan_left(outcome) else None,
    )  # fmt: skip


@cache
def record(
    form: BallotForm = FORMS[0], rule: Rule = MOST_VOTES, withdrawn: tuple[int, ...] = (), least: int = 50
) -> Record:
    """A round of sixty ballots of this form, three of them blank; from `least` on, single ballots are published."""
    rules = replace(frozen(form, rule), voting=VotingTerms(publish_ballots_from=least))
    return record_of(rules, list(invented(rules)), withdrawn=withdrawn)


def signed(of: Record, key: SigningKey = KEY) -> bytes:
    """The package, signed."""
    return package(of, lambda data: key.sign(data).signature, bytes(key.verify_key))


def changes(place: int) -> list[int]:
    """What the byte at this place is XORed with, each in its turn: one bit; with more effort others, then several."""
    bits = [1 << (place + turn) % 8 for turn in range(8)]
    return [*bits, *(mask for mask in range(1, 256) if mask not in bits)][:EFFORT]


Values = dict[str, Any]
Change = Callable[[Values], object]


def forged(of: Record, change: Change) -> dict[str, bytes]:
    """The files of a package with something else in its manifest, which we sign all the same.

    The hash of the rules and the lot are mended, and files that it names no more are not there.
    """
    files = unpack(signed(of))
    values = json.loads(files[MANIFEST])
    rules_before, root_before = deepcopy(values["rules"]), values["roots"]["urn"]
    change(values)
    if values["rules"] != rules_before or values["roots"]["urn"] != root_before:
        values["rules_hash"] = sha256(canonical_rules(values["rules"]))
        values["lot"]["seed"] = lot_seed(rules_hash=values["rules_hash"], merkle_root=str(values["roots"]["urn"]))
    named = {name: data for name, data in files.items() if name in {*values["files"], MANIFEST, SIGNATURE}}
    return with_manifest(named, written_manifest(values))


def with_manifest(files: dict[str, bytes], manifest: bytes) -> dict[str, bytes]:
    """The files with this manifest, signed by us."""
    seal = Seal(sha256(manifest), PUBLIC, KEY.sign(manifest).signature)
    changed = {**files, MANIFEST: manifest, SIGNATURE: seal.text()}
    return {name: changed[name] for name in ORDER if name in changed}


def resealed(files: dict[str, bytes], *, key: SigningKey | None = None) -> dict[str, bytes]:
    """The files with a manifest that names them as they are; signed anew only with a key."""
    values = read_manifest(files[MANIFEST])
    values["files"] = {
        name: {"sha256": sha256(data), "length": len(data)}
        for name, data in files.items()
        if name not in (MANIFEST, SIGNATURE)
    }
    if key is not None:
        values["key_fingerprint"] = sha256(bytes(key.verify_key))
    manifest, old = written_manifest(values), Seal.parse(files[SIGNATURE])
    seal = replace(old, manifest_hash=sha256(manifest))
    if key is not None:
        seal = Seal(sha256(manifest), bytes(key.verify_key), key.sign(manifest).signature)
    changed = {**files, MANIFEST: manifest, SIGNATURE: seal.text()}
    return {name: changed[name] for name in ORDER if name in changed}
