import pytest

from wijkbudget.tally.instance import (
    BudgetNegative,
    CostNotPositive,
    Instance,
    MalformedBallot,
    Plan,
    PlanTwice,
    Profile,
    TallyError,
    UnknownPlan,
    approval,
)


@pytest.mark.parametrize("cost", [0, -1])
def test_a_plan_costs_more_than_nothing(cost: int) -> None:
    with pytest.raises(CostNotPositive, match="'a'"):
        Plan("a", cost)


def test_a_plan_may_cost_the_smallest_amount() -> None:
    assert Plan("a", 1).cost == 1


def test_a_budget_may_be_zero_and_not_less() -> None:
    assert Instance(0, ()).budget == 0
    with pytest.raises(BudgetNegative, match="-1"):
        Instance(-1, ())


def test_a_plan_takes_part_once() -> None:
    with pytest.raises(PlanTwice, match="'a'"):
        Instance(10, (Plan("a", 1), Plan("b", 1), Plan("a", 2)))


def test_a_plan_that_takes_no_part_is_named() -> None:
    instance = Instance(10, (Plan("a", 1),))
    instance.require_known({"a"})
    with pytest.raises(UnknownPlan, match="'x'"):
        instance.require_known(["y", "a", "x"])


def test_every_refusal_is_a_tally_error_and_a_value_error() -> None:
    for refusal in (BudgetNegative, CostNotPositive, MalformedBallot, PlanTwice, UnknownPlan):
        assert issubclass(refusal, TallyError)
        assert issubclass(refusal, ValueError)


def test_an_approval_gives_one_point_each_whatever_the_order() -> None:
    assert approval(["b", "a"]) == approval(["a", "b"]) == (("a", 1), ("b", 1))
    assert approval([]) == ()


def test_a_plan_stands_on_a_ballot_once() -> None:
    with pytest.raises(PlanTwice, match="'b'"):
        approval(["b", "a", "b"])


def test_identical_ballots_are_grouped() -> None:
    profile = Profile.from_ballots([approval("ab"), approval("c"), approval("ba")])
    assert profile.groups == {approval("ab"): 2, approval("c"): 1}


def test_a_blank_ballot_counts_as_a_ballot_and_gives_no_points() -> None:
    profile = Profile.from_ballots([(), approval("a"), ()])
    assert profile.ballots == 3
    assert profile.points() == {"a": 1}


def test_points_add_up_over_ballots() -> None:
    assert Profile({(("a", 3), ("b", 1)): 2, (("b", 4),): 1}).points() == {"a": 6, "b": 6}


def test_a_ballot_that_names_two_of_the_plans_is_one_ballot() -> None:
    profile = Profile({approval("ab"): 2, approval("c"): 3, (): 4})
    assert profile.naming_any(frozenset("abx")) == 2
    assert profile.naming_any(frozenset()) == 0


def test_a_profile_does_not_change_when_its_source_does() -> None:
    source = {approval("a"): 1}
    profile = Profile(source)
    source[approval("a")] = 9
    assert profile.ballots == 1


@pytest.mark.parametrize(
    ("ballot", "times"),
    [((("b", 1), ("a", 1)), 1), ((("a", 1), ("a", 1)), 1), ((("a", 0),), 1), ((("a", -1),), 1), ((), 0), ((), -1)],
)
def test_a_malformed_ballot_is_refused(ballot: tuple[tuple[str, int], ...], times: int) -> None:
    with pytest.raises(MalformedBallot):
        Profile({ballot: times})
