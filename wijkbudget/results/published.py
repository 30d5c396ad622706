"""Whether what a whole package says is right: its lists, its numbers, and its winners."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..ballots.codes import SYMBOLS
from ..ballots.merkle import merkle_root
from ..ballots.rules import Ballot, FrozenRules, valid_ballot
from ..ballots.urn import Opened
from ..refusal import Refusal
from ..rounds.rules import SeedSource
from ..tally.best_value import BestValue
from ..tally.in_turn import InTurn
from ..tally.instance import TallyError
from ..tally.pabulib import read_election
from ..tally.profile import Profile
from ..tally.ties import CheapestFirst, Lot
from .container import Broken
from .manifest import BALLOTS, PABULIB, URN, canonical_rules, sha256
from .record import ballots_table, table_root, totals_of, urn_text
from .rules import instance_of, lot_seed, profile_of
from .sums import require_sums

TRACKER = re.compile(f"[{SYMBOLS}]{{16}}")


@dataclass(frozen=True)
class Finding:
    """A check that passed; or a note, which is for the reader to judge."""

    told: str
    is_note: bool = False


@dataclass(frozen=True)
class Published:
    """What a whole package says; each check tells what it found. They raise Broken."""

    files: dict[str, bytes]
    manifest: dict[str, Any]

    @cached_property
    def rules(self) -> FrozenRules:
        """The frozen rules."""
        return FrozenRules.parse(canonical_rules(self.manifest["rules"]).decode())

    @property
    def lot(self) -> Lot | None:
        """The lot that was drawn."""
        seed = self.manifest["lot"]["seed"]
        return None if seed is None else Lot(seed, str(self.rules.round_id))

    def rules_are_frozen(self) -> str:
        """The rules are those of their hash, and the lot is the one that they prescribe."""
        rules_hash, lot = self.manifest["rules_hash"], self.manifest["lot"]
        if sha256(canonical_rules(self.manifest["rules"])) != rules_hash:
            raise Broken("manifest.json: rules", "they are not those of rules_hash")
        seed = lot_seed(rules_hash=rules_hash, merkle_root=self.manifest["roots"]["urn"])
        is_ours = (lot["source"], lot["round"]) == (self.rules.seed_source, str(self.rules.round_id))
        if not is_ours or (self.rules.seed_source is SeedSource.URN and lot["seed"] != seed):
            raise Broken("manifest.json: lot", "it is not the one that the rules prescribe")
        if self.rules.ties != CheapestFirst.name:
            raise Broken("manifest.json: rules", f"no order of ties is called {self.rules.ties!r}")
        return f"the rules have the hash {rules_hash}"

    def numbers_add_up(self) -> str:
        """No ballot came from nowhere, and none was lost."""
        return require_sums(self.manifest)

    def urn_is_whole(self) -> str:
        """The envelopes are as many as the manifest says, and have its root."""
        try:
            digests = [bytes.fromhex(line) for line in self.files[URN].decode("ascii").split()]
        except ValueError as error:
            raise Broken(URN, f"a line is no digest: {error}") from error
        if urn_text(sorted(digests)) != self.files[URN] or {len(digest) for digest in digests} - {32}:
            raise Broken(URN, "it is not a digest on each line, in order")
        if len(digests) != self.manifest["counts"]["envelopes"]:
            raise Broken(URN, f"it holds {len(digests)} envelopes, the manifest another number")
        root = merkle_root(digests).hex()
        if root != self.manifest["roots"]["urn"]:
            raise Broken(URN, "the envelopes do not have the root of the urn")
        return f"the {len(digests)} envelopes have the root {root}"

    @cached_property
    def opened(self) -> list[Opened]:
        """The ballots in `ballots.csv`; whether it is written as it must be, `ballots_are_valid` finds."""
        plans = sorted(self.rules.costs)
        rows = [line.split(",") for line in self.files[BALLOTS].decode().split("\n")[1:-1]]
        try:
            return [
                Opened(row[0], tuple((p, int(cell)) for p, cell in zip(plans, row[2:], strict=True) if cell))
                for row in rows
            ]
        except ValueError as error:
            raise Broken(BALLOTS, f"a line is no ballot: {error}") from error

    def ballots_are_valid(self) -> str:
        """Every ballot is valid by the frozen rules, and they add up to the totals."""
        for line, ballot in enumerate(self.opened, 2):
            try:
                valid_ballot(ballot.points, self.rules)
            except Refusal as refusal:
                reason = f"the ballot is against the rules: {type(refusal).__name__} {refusal.details or ''}"
                raise Broken(f"{BALLOTS}, line {line}", reason.rstrip()) from refusal
        self._require_table()
        counts, blank = self.manifest["counts"], sum(not ballot.points for ballot in self.opened)
        if (len(self.opened), blank) != (counts["ballots"], counts["blank"]):
            raise Broken(BALLOTS, f"it holds {len(self.opened)} ballots, {blank} of them blank; the manifest differs")
        if totals_of(self.opened, self.rules) != self.manifest["totals"]:
            raise Broken("manifest.json: totals", "they are not the sums of the ballots")
        return f"all {len(self.opened)} ballots are valid, {blank} of them blank"

    def _require_table(self) -> None:
        trackers = [ballot.tracker for ballot in self.opened]
        if odd := next((tracker for tracker in trackers if not TRACKER.fullmatch(tracker)), None):
            raise Broken(BALLOTS, f"{odd!r} is not the number of a ballot")
        if trackers != sorted(set(trackers)):
            raise Broken(BALLOTS, "the ballots are not in the order of their numbers, or a number is there twice")
        if ballots_table(self.opened, self.rules) != self.files[BALLOTS]:
            raise Broken(BALLOTS, "it is not written as it must be")
        if table_root(self.files[BALLOTS]) != self.manifest["roots"]["ballots"]:
            raise Broken(BALLOTS, "its lines do not have the root of the ballots")

    def file_agrees(self) -> str:
        """The Pabulib file holds the same ballots, without the plans that were withdrawn."""
        out = {str(plan) for plan in self.manifest["withdrawn"]}
        ours = Counter(
            tuple((str(plan), given) for plan, given in ballot.points if str(plan) not in out) for ballot in self.opened
        )
        try:
            theirs = read_election(self.files[PABULIB]).ballots
        except TallyError as error:
            raise Broken(PABULIB, str(error)) from error
        if Counter(tuple(sorted(ballot, key=lambda pair: int(pair[0]))) for ballot in theirs) != ours:
            raise Broken(PABULIB, "its ballots are not those of ballots.csv")
        return "election.pb holds the same ballots"

    def recount(self) -> Finding:
        """Counting again gives the same winners; a note where that takes ballots that are not published."""
        outcome, rule, withdrawn = self.manifest["outcome"], self.rules.rule, self.manifest["withdrawn"]
        by_totals = isinstance(rule, InTurn | BestValue)
        self._require_money_left()
        if not self.manifest["is_published"] and not by_totals:
            return Finding(f"without ballots the rule {rule.name} cannot be counted again", is_note=True)
        try:
            counted = rule.count(instance_of(self.rules, withdrawn), self._profile(), CheapestFirst(self.lot))
        except TallyError as error:
            raise Broken("manifest.json: outcome", f"it cannot be counted: {error}") from error
        winners = [int(plan) for plan in counted.funded]
        if (winners, counted.left) != (outcome["winners"], outcome["left"]):
            raise Broken("manifest.json: outcome", f"counting again funds {winners} and leaves {counted.left}")
        return Finding(f"counting again by {rule.name} funds the same {len(winners)} plans")

    def _require_money_left(self) -> None:
        outcome, costs = self.manifest["outcome"], self.rules.costs
        allowed = costs.keys() - set(self.manifest["withdrawn"])
        if not allowed >= set(outcome["winners"]) or self.manifest["totals"].keys() != set(map(str, costs)):
            raise Broken("manifest.json: outcome", "it names plans that could not be chosen or won")
        if self.rules.budget - sum(costs[plan] for plan in outcome["winners"]) != outcome["left"]:
            raise Broken("manifest.json: outcome", "what is left is not the budget less what the winners cost")

    def _profile(self) -> Profile:
        if self.manifest["is_published"]:
            return profile_of(Ballot(ballot.points) for ballot in self.opened)
        # the rules that are counted so look at nothing but the total of each plan
        totals = [(plan, total["points"]) for plan, total in self.manifest["totals"].items() if total["points"]]
        return Profile.from_groups({tuple(totals): 1})
