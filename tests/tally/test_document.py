import json
from typing import Any

import pytest
from hypothesis import given

from tests.tally.elections import Small, elections, small
from wijkbudget.tally.document import NotAnOutcome, from_document, to_document
from wijkbudget.tally.most_votes import most_votes
from wijkbudget.tally.ties import CheapestFirst, Lexicographic, Lot, TieOrder

LOT = Lot("seed", "round")


@given(elections())
def test_what_is_stored_is_what_is_read(election: Small) -> None:
    orders: tuple[TieOrder, ...] = (CheapestFirst(LOT), Lexicographic())
    for ties in orders:
        outcome = most_votes(*election, ties=ties, withdrawn=frozenset(sorted(election.instance.ids)[:1]))
        assert from_document(json.loads(json.dumps(to_document(outcome)))) == outcome
        assert from_document(to_document(outcome)) == outcome


def test_the_document_has_this_shape() -> None:
    outcome = most_votes(*small(5, {"a": 3, "b": 3, "c": 1}, {"a b": 2, "": 1}), ties=CheapestFirst(LOT))
    winner, loser = outcome.lots[0]
    assert to_document(outcome) == {
        "format": 1,
        "rule": "most votes that fit",
        "tie_order": "cheapest, most votes, lot",
        "budget": 5,
        "ballots": 3,
        "ballots_with_funded": 2,
        "funded": [winner],
        "left": 2,
        "findings": {
            winner: found("funded", votes=2, cost=3, rank=1, left_before=5, left_after=2),
            loser: found("does_not_fit", votes=2, cost=3, rank=2, left_before=2, left_after=2, lacked=1),
            "c": found("no_votes", votes=0, cost=1, lacked=1),
        },
        "ties": [{"votes": 2, "plans": [winner, loser]}],
        "lots": [[winner, loser]],
        "lot": {"seed": "seed", "round": "round"},
    }


def found(verdict: str, **values: int) -> dict[str, Any]:
    return {"verdict": verdict, "rank": None, "left_before": None, "left_after": None, "lacked": None, **values}


def test_without_a_lot_the_document_says_so() -> None:
    document = to_document(most_votes(*small(5, {"a": 3}, {"a": 2}), ties=CheapestFirst()))
    assert document["lot"] is None
    assert document["lots"] == []


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"findings": {"a": {"verdict": "won"}}}, {"extra": 1}, {"findings": []}, {"lot": {"x": 1}}],
)
def test_another_document_is_refused(change: dict[str, Any]) -> None:
    document = to_document(most_votes(*small(5, {"a": 3}, {"a": 2}), ties=CheapestFirst()))
    with pytest.raises(NotAnOutcome):
        from_document(document | change)


def test_a_document_that_lacks_something_is_refused() -> None:
    document = to_document(most_votes(*small(5, {"a": 3}, {"a": 2}), ties=CheapestFirst()))
    for key in document:
        with pytest.raises(NotAnOutcome):
            from_document({name: value for name, value in document.items() if name != key})
