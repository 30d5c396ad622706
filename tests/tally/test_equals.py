"""What is said of plans that stood equal: of each only what put it where it is."""

from tests.tally.telling import DUTCH
from wijkbudget.tally.equals import tied_in_words
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.outcome import Outcome
from wijkbudget.tally.profile import Profile, approval
from wijkbudget.tally.ties import CheapestFirst, Lot


def outcome() -> Outcome:
    """Three plans with as many votes; the cheapest and one of two equally dear ones are funded."""
    instance = Instance(5, (Plan("a", 1), Plan("b", 3), Plan("c", 3)))
    return MostVotes().count(instance, Profile.from_ballots([approval("abc")]), CheapestFirst(Lot("seed", "1")))


def test_a_plan_is_compared_with_the_nearest_that_fared_otherwise() -> None:
    counted = outcome()
    said = {plan: tied_in_words(found, counted, DUTCH, "stemmen") for plan, found in counted.findings.items()}
    loser = next(plan for plan in "bc" if plan not in counted.funded)
    assert "goedkoopste" in said["a"]
    assert "lot" in said[loser]
    assert "goedkoopste" not in said[loser]


def test_nothing_is_said_where_all_equals_fared_alike() -> None:
    instance = Instance(9, (Plan("a", 1), Plan("b", 3)))
    counted = MostVotes().count(instance, Profile.from_ballots([approval("ab")]), CheapestFirst())
    assert counted.ties
    assert [tied_in_words(found, counted, DUTCH, "stemmen") for found in counted.findings.values()] == ["", ""]
