"""Whether what a whole package says is right: its lists, its numbers, and its winners."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..ballots.codes import SYMBOLS
from ..ballots.merkle import merkle_root
from ..ballots.rules import Ballot, FrozenRules, counting_document, valid_ballot
from ..ballots.urn import Opened
from ..refusal import Refusal
from ..rounds.rules import SeedSource
from ..tally.best_value import BestValue
from ..tally.in_turn import InTurn
from ..tally.instance import Plan, TallyError
from ..tally.pabulib import read_election
from ..tally.profile import Profile
from ..tally.ties import CheapestFirst, Lot
from .container import Broken
from .manifest import BALLOTS, PABULIB, URN, canonical_rules, per_ballot, sha256, withheld
from .record import ballots_table, table_root, totals_of, urn_text
from .rules import instance_of, lot_seed, profile_of
from .sums import require_sums

TRACKER = re.compile(f"[{SYMBOLS}]{{16}}")


@dataclass(frozen=True)
class Finding:
    """A check that passed; or a note, which is for the reader to judge."""

    told: str
    is_note: bool = False


class Drawn(CheapestFirst):
    """The tie order as it was; for whom a lot that is known might have decided otherwise is not asked again."""

    def left_to_lot(self, plans: Iterable[Plan], points: Mapping[str, int]) -> list[frozenset[str]]:
        """The groups that wait for a lot: none once there is one."""
        return [] if self.lot else super().left_to_lot(plans, points)


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

    @property
    def per_ballot(self) -> tuple[str, ...]:
        """The files about single ballots that there are, or would be with more ballots."""
        return per_ballot(self.rules.costs, self.manifest["withdrawn"])

    def rules_are_frozen(self) -> str:
        """The rules are those of their hash, and the moments, the plans and the lot are those that they prescribe."""
        rules_hash, rules = self.manifest["rules_hash"], self.manifest["rules"]
        if sha256(canonical_rules(rules)) != rules_hash:
            raise Broken("manifest.json: rules", "they are not those of rules_hash")
        is_plain = canonical_rules(counting_document(self.rules.rule)) == canonical_rules(rules["counting"])
        if not is_plain or self.rules.ties != CheapestFirst.name or len(self.rules.costs) < len(rules["menu"]):
            raise Broken("manifest.json: rules", "a setting or the order of ties is unknown, or a plan is there twice")
        self._require_moments()
        self._require_withdrawn()
        self._require_lot(rules_hash)
        return f"the rules have the hash {rules_hash}"

    def _require_moments(self) -> None:
        if self.manifest["closed_at"] != self.rules.schedule["counting"]:
            raise Broken("manifest.json: closed_at", "it is not when the count began by the rules")
        if self.manifest["opened_at"] < self.manifest["closed_at"]:  # as texts: both are in UTC
            raise Broken("manifest.json: opened_at", "the urn was opened before voting closed")

    def _require_withdrawn(self) -> None:
        withdrawn = self.manifest["withdrawn"]
        if withdrawn != sorted(self.rules.costs.keys() & set(withdrawn)):
            raise Broken("manifest.json: withdrawn", "it is not some plans of the menu, in order")
        if self.manifest["withheld"] != withheld(self.per_ballot, is_published=self.manifest["is_published"]):
            raise Broken("manifest.json: withheld", "it does not agree with is_published and the plans")

    def _require_lot(self, rules_hash: str) -> None:
        lot = self.manifest["lot"]
        seed = lot_seed(rules_hash=rules_hash, merkle_root=self.manifest["roots"]["urn"])
        is_ours = (lot["source"], lot["round"]) == (self.rules.seed_source, str(self.rules.round_id))
        if not is_ours or (self.rules.seed_source is SeedSource.URN and lot["seed"] != seed):
            raise Broken("manifest.json: lot", "it is not the one that the rules prescribe")

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
        if len(set(digests)) < self.manifest["counts"]["ballots"]:
            raise Broken(URN, "copies of envelopes were counted as ballots")
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
            counted = rule.count(instance_of(self.rules, withdrawn), self._profile(), Drawn(self.lot))
        except TallyError as error:
            raise Broken("manifest.json: outcome", f"it cannot be counted: {error}") from error
        winners = [int(plan) for plan in counted.funded]
        if (winners, counted.left) != (outcome["winners"], outcome["left"]):
            raise Broken("manifest.json: outcome", f"counting again funds {winners} and leaves {counted.left}")
        return Finding(f"counting again by {rule.name} funds the same {len(winners)} plans")

    def _require_money_left(self) -> None:
        outcome, costs = self.manifest["outcome"], self.rules.costs
        allowed, winners = costs.keys() - set(self.manifest["withdrawn"]), set(outcome["winners"])
        if not allowed >= winners or len(winners) < len(outcome["winners"]):
            raise Broken("manifest.json: outcome", "it names plans that could not be chosen or won, or one twice")
        if self.rules.budget - sum(costs[plan] for plan in outcome["winners"]) != outcome["left"]:
            raise Broken("manifest.json: outcome", "what is left is not the budget less what the winners cost")

    def _profile(self) -> Profile:
        if self.manifest["is_published"]:
            return profile_of(Ballot(ballot.points) for ballot in self.opened)
        # the rules that are counted so look at nothing but the total of each plan
        totals = [(plan, total["points"]) for plan, total in self.manifest["totals"].items() if total["points"]]
        return Profile.from_groups({tuple(totals): 1})
