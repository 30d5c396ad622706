"""What a round's ballots come to by its frozen rules, and when that can be published."""

import hashlib
from collections.abc import Iterable

from ..ballots.rules import FrozenRules
from ..refusal import Refusal
from ..tally.instance import Instance, Plan, Profile, approval
from ..tally.most_votes import most_votes
from ..tally.outcome import Outcome
from ..tally.ties import CheapestFirst, Lot


class NotCounted(Refusal):
    """The round has no count yet."""


class AlreadyPublished(Refusal):
    """A result is published once."""


def lot_seed(rules: FrozenRules, *, merkle_root: str) -> str:
    """The seed of the lot: SHA-256 of the rules' hash and the urn's Merkle root, both in hexadecimal."""
    return hashlib.sha256((rules.hash + merkle_root).encode()).hexdigest()


def counted(
    rules: FrozenRules, ballots: Iterable[Iterable[int]], *, seed: str, withdrawn: Iterable[int] = ()
) -> Outcome:
    """The outcome by the frozen rules of ballots, each the plan ids it names.

    A plan `withdrawn` during the vote is out, ballots that name it stay valid.
    """
    instance = Instance(rules.budget, tuple(Plan(str(item.plan_id), item.cost) for item in rules.menu))
    profile = Profile.from_ballots(approval(map(str, choices)) for choices in ballots)
    ties = CheapestFirst(Lot(seed=seed, round=str(rules.round_id)))
    return most_votes(instance, profile, ties=ties, withdrawn=frozenset(map(str, withdrawn)))
