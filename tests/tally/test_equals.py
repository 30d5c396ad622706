"""What is said of plans that stood equal: of each only what put it where it is."""

from tests.tally.telling import DUTCH, found, tied, told
from wijkbudget.tally.equals import tied_in_words
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.outcome import Outcome, Verdict
from wijkbudget.tally.profile import Profile, approval
from wijkbudget.tally.ties import CheapestFirst, Lot


def outcome() -> Outcome:
    """Three plans with as many votes; the cheapest and one of two equally dear ones are funded."""
    instance = Instance(5, (Plan("a", 1), Plan("b", 3), Plan("c", 3)))
    return MostVotes().count(instance, Profile.from_ballots([approval("abc")]), CheapestFirst(Lot("seed", "1")))


def test_a_plan_is_compared_with_the_nearest_that_fared_otherwise() -> None:
    counted = outcome()
    said = {plan: tied_in_words(one, counted, DUTCH, "stemmen") for plan, one in counted.findings.items()}
    loser = next(plan for plan in "bc" if plan not in counted.funded)
    assert "goedkoopste" in said["a"]
    assert "lot" in said[loser]
    assert "goedkoopste" not in said[loser]


def test_nothing_is_said_where_all_equals_fared_alike() -> None:
    instance = Instance(9, (Plan("a", 1), Plan("b", 3)))
    counted = MostVotes().count(instance, Profile.from_ballots([approval("ab")]), CheapestFirst())
    assert counted.ties
    assert [tied_in_words(one, counted, DUTCH, "stemmen") for one in counted.findings.values()] == ["", ""]


def test_a_loser_is_compared_with_the_last_winner_and_a_winner_with_the_first_loser() -> None:
    first, last = found("a", cost=8, points=7), found("b", cost=10, points=6)
    losers = [found(plan, Verdict.DOES_NOT_FIT, cost=cost, points=5) for plan, cost in (("c", 10), ("d", 11))]
    counted = told(first, last, *losers, ties=tied("a", "b", "c", "d"))
    said = {finding.plan: tied_in_words(finding, counted, DUTCH, "stemmen") for finding in (last, losers[0])}
    assert said == {
        "b": "Het stond gelijk met a, c en d. Het plan met de meeste stemmen ging voor.",
        "c": "Het stond gelijk met a, b en d. Het plan met de meeste stemmen ging voor.",
    }
