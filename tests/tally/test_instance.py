import pytest

from wijkbudget.tally.instance import (
    BudgetNegative,
    CostNotPositive,
    Instance,
    Plan,
    PlanTwice,
    TallyError,
    UnitNotPositive,
    UnknownPlan,
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


def test_a_currency_unit_is_a_minor_unit_or_more() -> None:
    assert Instance(0, ()).unit == Instance(0, (), unit=1).unit == 1
    with pytest.raises(UnitNotPositive, match="0"):
        Instance(0, (), unit=0)


def test_only_a_plan_that_takes_part_can_be_withdrawn_or_exclude_another() -> None:
    plans = (Plan("a", 1), Plan("b", 1))
    with pytest.raises(UnknownPlan, match="'x'"):
        Instance(1, plans, withdrawn=frozenset("ax"))
    with pytest.raises(UnknownPlan, match="'y'"):
        Instance(1, plans, exclusive=(frozenset("ab"), frozenset("ay")))


def test_rivals_are_those_of_every_group_that_a_plan_is_in() -> None:
    plans = tuple(Plan(plan_id, 1) for plan_id in "abcde")
    instance = Instance(1, plans, exclusive=(frozenset("ab"), frozenset("bc"), frozenset("de")))
    assert [instance.rivals(plan_id) for plan_id in "abcde"] == [set("b"), set("ac"), set("b"), set("e"), set("d")]
    assert Instance(1, plans).rivals("a") == frozenset()


def test_costs_are_found_by_id() -> None:
    assert Instance(1, (Plan("a", 3), Plan("b", 2))).costs == {"a": 3, "b": 2}


def test_every_refusal_is_a_tally_error_and_a_value_error() -> None:
    for refusal in (BudgetNegative, CostNotPositive, PlanTwice, UnitNotPositive, UnknownPlan):
        assert issubclass(refusal, TallyError)
    assert issubclass(TallyError, ValueError)
