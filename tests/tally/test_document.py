import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from tests.tally.contests import LOT, ORDERS, Contest, contests, rules_in_turn
from tests.tally.elections import small
from wijkbudget.tally.document import FORMAT, NotAnOutcome, from_document, to_document
from wijkbudget.tally.in_turn import InTurn, MostVotes
from wijkbudget.tally.outcome import Finding, Outcome, Verdict
from wijkbudget.tally.ties import CheapestFirst, TieOrder

SIMPLE = MostVotes().count(*small(5, {"a": 3}, {"a": 2}), CheapestFirst())
BOUGHT = Finding("a", Verdict.FUNDED, 4, 2, 3, 1, 5, 2, price=Fraction(3, 4), is_filled_in=True)
SHORT = Finding("b", Verdict.NOT_AFFORDABLE, 4, 2, 3, held=Fraction(5), more_voters=7)
MONEY: Outcome = replace(SIMPLE, findings={"a": BOUGHT, "b": SHORT}, endowment=Fraction(5, 2))


@settings(deadline=None)
@given(contests(), rules_in_turn(), ORDERS)
def test_what_is_stored_is_what_is_read(contest: Contest, rule: InTurn, ties: TieOrder) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    assert from_document(json.loads(json.dumps(to_document(outcome)))) == outcome
    assert from_document(to_document(outcome)) == outcome


def test_fractions_are_stored_without_loss() -> None:
    document = to_document(MONEY)
    assert document["endowment"] == "5/2"
    assert (document["findings"]["a"]["price"], document["findings"]["b"]["held"]) == ("3/4", "5")
    assert from_document(json.loads(json.dumps(document))) == MONEY


def test_the_document_has_this_shape() -> None:
    outcome = MostVotes(minimum=1).count(*small(5, {"a": 3, "b": 3, "c": 1}, {"a b": 2, "": 1}), LOT)
    winner, loser = outcome.lots[0]
    assert to_document(outcome) == {
        "format": FORMAT,
        "rule": "most-votes",
        "settings": {"misfit": "skip", "percent": 0, "minimum": 1},
        "tie_order": "cheapest, most points, lot",
        "budget": 5,
        "ballots": 3,
        "ballots_with_funded": 2,
        "funded": [winner],
        "left": 2,
        "findings": {
            winner: found("funded", points=2, ballots=2, cost=3, rank=1, left_before=5, left_after=2, needed=2),
            loser: found("does_not_fit", points=2, ballots=2, cost=3, rank=2, left_before=2, left_after=2, needed=3),
            "c": found("no_votes", points=0, ballots=0, cost=1, needed=1),
        },
        "ties": [[winner, loser]],
        "lots": [[winner, loser]],
        "lot": {"seed": "seed", "round": "round"},
        "endowment": None,
    }


def found(verdict: str, **values: int) -> dict[str, Any]:
    unknown = ["rank", "left_before", "left_after", "needed", "beside", "price", "held", "more_voters"]
    return {**dict.fromkeys(unknown), "verdict": verdict, "is_filled_in": False, **values}


def test_a_lot_that_decided_comes_back() -> None:
    outcome = MostVotes().count(*small(5, {"a": 3, "b": 3}, {"a b": 2}), LOT)
    assert len(outcome.lots) == 1
    assert from_document(to_document(outcome)) == outcome


def test_findings_keep_the_order_of_the_count() -> None:
    outcome = MostVotes().count(*small(9, {"a": 3, "b": 3}, {"b": 2, "a": 1}), CheapestFirst())
    assert list(to_document(outcome)["findings"]) == list(from_document(to_document(outcome)).findings) == ["b", "a"]


def test_without_a_lot_the_document_says_so() -> None:
    document = to_document(SIMPLE)
    assert document["lot"] is None
    assert document["lots"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"format": FORMAT - 1},
        {"format": FORMAT + 1},
        {"findings": {"a": {"verdict": "won"}}},
        {"extra": 1},
        {"findings": []},
        {"lot": {"x": 1}},
        {"endowment": "much"},
        {"ties": 3},
    ],
)
def test_another_document_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(NotAnOutcome, match="document"):
        from_document(to_document(SIMPLE) | change)


def test_a_document_that_lacks_something_is_refused() -> None:
    document = to_document(SIMPLE)
    for key in document.keys() - {"endowment"}:
        with pytest.raises(NotAnOutcome):
            from_document({name: value for name, value in document.items() if name != key})
