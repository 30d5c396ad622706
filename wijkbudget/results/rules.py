"""What a round's ballots come to by its frozen rules, by which lot, and when that can be published."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress

from ..ballots.rules import Ballot, FrozenRules
from ..people.rules import require_text
from ..refusal import Refusal
from ..tally.counting import RULES
from ..tally.instance import Instance, Plan, TallyError
from ..tally.margins import with_margins
from ..tally.outcome import Outcome
from ..tally.profile import Profile
from ..tally.rule import Rule
from ..tally.ties import CheapestFirst, Lot

CENTS = 100
LONGEST_SEED = 200
LONGEST_PROOF = 500


class NotCounted(Refusal):
    """The round has no count yet."""


class AlreadyPublished(Refusal):
    """A result is published once."""


class NoFileOfBallots(Refusal):
    """No file of single ballots is published: there are too few of them, or no plan is left to count."""


class NoDrawNeeded(Refusal):
    """The count of this round waits for no public draw."""


class DrawNotEntered(Refusal):
    """Nobody has typed in the draw yet, so there is nothing to confirm."""


class DrawEntered(Refusal):
    """Two people have typed in the draw: it is fixed."""


class SameOfficial(Refusal):
    """Whoever typed in the draw first cannot be the second one too."""


class OtherSeed(Refusal):
    """The second one typed another seed than the first: one of the two is mistaken."""


def lot_seed(*, rules_hash: str, merkle_root: str) -> str:
    """The seed of the lot: SHA-256 of the rules' hash and the urn's Merkle root, both in hexadecimal."""
    return hashlib.sha256((rules_hash + merkle_root).encode()).hexdigest()


def drawn_seed(typed: str) -> str:
    """The seed of a public draw as it was typed, in one line with single spaces. Raises TextMissing, TextTooLong."""
    seed = " ".join(typed.split())
    require_text(seed, field="seed", longest=LONGEST_SEED)
    return seed


def counted(
    rules: FrozenRules, ballots: Iterable[Ballot], *, lot: Lot | None, withdrawn: Iterable[int] = ()
) -> Outcome:
    """The outcome of the ballots by the frozen rules; raises LotNeeded if it hangs on a lot that is not drawn.

    A plan `withdrawn` during the vote is out, ballots that name it stay valid. Where the rule itself cannot tell what a
    plan lacked, that is found by counting again.
    """
    instance, profile, ties = instance_of(rules, withdrawn), profile_of(ballots), CheapestFirst(lot)
    outcome = rules.rule.count(instance, profile, ties)
    return with_margins(outcome, rules.rule, instance, profile, ties)


def compared(
    rules: FrozenRules, ballots: Iterable[Ballot], *, lot: Lot, withdrawn: Iterable[int] = ()
) -> list[Outcome]:
    """What the same ballots come to by each other rule that can count them, at its default settings.

    This is information: a rule that fails on these amounts is left out, and never holds up the count itself.
    """
    instance, profile, outcomes = instance_of(rules, withdrawn), profile_of(ballots), []
    for rule in other_rules(rules):
        with suppress(TallyError):
            outcomes.append(rule.count(instance, profile, CheapestFirst(lot)))
    return outcomes


def other_rules(rules: FrozenRules) -> Sequence[Rule]:
    """The rules that can count the ballots of this round, but for its own, at their default settings."""
    others = [kind() for name, kind in RULES.items() if name != rules.rule.name]
    return [rule for rule in others if rule.takes(is_approval=rules.ballot_form.is_approval)]


def instance_of(rules: FrozenRules, withdrawn: Iterable[int] = ()) -> Instance:
    """The money and the plans of the round, in cents, with those `withdrawn` during the vote."""
    plans = tuple(Plan(str(item.plan_id), item.cost) for item in rules.menu)
    return Instance(rules.budget, plans, unit=CENTS, withdrawn=frozenset(map(str, withdrawn)))


def profile_of(ballots: Iterable[Ballot]) -> Profile:
    """The ballots, identical ones grouped."""
    alike = Counter(ballot.points for ballot in ballots)
    return Profile.from_groups(
        {tuple((str(plan_id), points) for plan_id, points in pairs): times for pairs, times in alike.items()}
    )
