"""What a whole and signed package says is checked too: whoever signs can be mistaken."""

from dataclasses import replace

import pytest

from tests.results.packages import record, record_of, signed
from tests.results.test_export import FORMS, frozen, invented
from wijkbudget.ballots.rules import Ballot
from wijkbudget.results.container import Broken
from wijkbudget.results.manifest import BALLOTS, PABULIB, URN
from wijkbudget.results.record import Record
from wijkbudget.results.rules import lot_seed
from wijkbudget.results.verification import verify_package
from wijkbudget.rounds.rules import SeedSource
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes

RECORD = record()
OTHERS = RECORD.ballots[1:]


def changed(**values: object) -> Record:
    """The record with other values, and the lot that belongs to its urn."""
    other = replace(RECORD, **values)  # type: ignore[arg-type]  # each test names fields of a record
    return replace(other, seed=lot_seed(rules_hash=other.rules_hash, merkle_root=other.urn_root))


FAULTS = {
    "digests missing": (URN, changed(digests=RECORD.digests[1:])),
    "digests out of order": (URN, changed(digests=RECORD.digests[::-1])),
    "digest cut short": (URN, changed(digests=[RECORD.digests[0][:31], *RECORD.digests[1:]])),
    "ballot missing": (BALLOTS, changed(ballots=OTHERS)),
    "ballots out of order": (BALLOTS, changed(ballots=RECORD.ballots[::-1])),
    "a tracker twice": (
        BALLOTS, changed(ballots=[replace(RECORD.ballots[0], tracker=OTHERS[0].tracker), *OTHERS]),
    ),
    "no tracker": (BALLOTS, changed(ballots=[replace(RECORD.ballots[0], tracker="0"), *OTHERS])),
    "too many points": (f"{BALLOTS}, line 2", changed(ballots=[replace(RECORD.ballots[0], points=((1, 2),)), *OTHERS])),
    "other ballots in the Pabulib file": (PABULIB, changed(pabulib=record(FORMS[1]).pabulib)),
    "no Pabulib file": (PABULIB, changed(pabulib="META\n")),
    "another winner": ("manifest.json: outcome", changed(winners=RECORD.winners[:-1])),
    "another order": ("manifest.json: outcome", changed(winners=RECORD.winners[::-1])),
    "more left": ("manifest.json: outcome", changed(left=RECORD.left + 1)),
    "a winner that was withdrawn": (
        "manifest.json: outcome", replace(record(least=61), withdrawn=RECORD.winners[:1]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_not_right_is_named(fault: str) -> None:
    where, of = FAULTS[fault]
    with pytest.raises(Broken) as broken:
        verify_package(signed(of), key=None)
    assert broken.value.where == where


def test_a_lot_that_somebody_chose_is_noticed() -> None:
    with pytest.raises(Broken) as broken:
        verify_package(signed(replace(RECORD, seed="chosen")), key=None)
    assert broken.value.where == "manifest.json: lot"


@pytest.mark.parametrize("seed", ["drawn in public", None])
def test_a_public_draw_may_have_any_seed_or_none_if_none_was_needed(seed: str | None) -> None:
    rules = replace(frozen(FORMS[0], MostVotes()), seed_source=SeedSource.DRAW)
    verify_package(signed(record_of(rules, list(invented(rules)), seed=seed)), key=None)


def test_a_lot_that_was_needed_and_not_drawn_is_noticed() -> None:
    rules = replace(frozen(FORMS[2], MostVotes()), seed_source=SeedSource.DRAW, budget=600_000)
    rules = replace(rules, menu=tuple(replace(item, cost=500_000) for item in rules.menu))
    of = record_of(rules, [Ballot(((plan, 1),)) for plan in range(1, 10) for _ in range(6)])
    verify_package(signed(of), key=None)
    with pytest.raises(Broken, match="a lot must decide"):
        verify_package(signed(replace(of, seed=None)), key=None)


def test_without_ballots_what_is_left_is_checked_all_the_same() -> None:
    few = record(FORMS[0], EqualShares(), least=61)
    notes = [finding.told for finding in verify_package(signed(few), key=None) if finding.is_note]
    assert notes[-1] == "without ballots the rule equal-shares cannot be counted again"
    with pytest.raises(Broken, match="what is left"):
        verify_package(signed(replace(few, left=few.left + 1)), key=None)
