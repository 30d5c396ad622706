import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.outcome import Verdict
from wijkbudget.tally.turns import BadSettings, Fit, Misfit, State, latest_place, take_turns

FITS = [Fit(), Fit(Misfit.STOP), Fit(Misfit.STRETCH, 80), Fit(Misfit.STRETCH, 1)]


@pytest.mark.parametrize(
    ("misfit", "percent"),
    [(Misfit.SKIP, 1), (Misfit.STOP, 80), (Misfit.STRETCH, 0), (Misfit.STRETCH, 100), (Misfit.STRETCH, -1)],
)
def test_a_percentage_belongs_to_a_stretch_and_to_nothing_else(misfit: Misfit, percent: int) -> None:
    with pytest.raises(BadSettings, match=f"{misfit} with {percent} percent"):
        Fit(misfit, percent)


def test_one_percent_and_ninety_nine_are_stretches() -> None:
    assert [Fit(Misfit.STRETCH, percent).percent for percent in (1, 99)] == [1, 99]


def test_a_stretch_reaches_a_plan_of_which_exactly_that_share_is_left() -> None:
    fit = Fit(Misfit.STRETCH, 80)
    assert [fit.is_stretched_to(1000, left) for left in (799, 800, 801)] == [False, True, True]
    assert not Fit(Misfit.SKIP).is_stretched_to(1000, 999)
    assert not Fit(Misfit.STOP).is_stretched_to(1000, 999)


def test_a_share_is_not_rounded() -> None:
    much = 10**18 + 1
    assert not Fit(Misfit.STRETCH, 50).is_stretched_to(2 * much, much - 1)
    assert Fit(Misfit.STRETCH, 50).is_stretched_to(2 * much, much)


def test_a_plan_that_costs_just_what_is_left_fits_and_a_cent_more_does_not() -> None:
    state = State(5)
    assert state.verdict(Plan("a", 5), Fit()) is Verdict.FUNDED
    assert state.verdict(Plan("a", 6), Fit()) is Verdict.DOES_NOT_FIT


def test_a_struck_plan_is_excluded_even_after_the_end_and_is_no_end_itself() -> None:
    instance = Instance(5, (Plan("a", 9),))
    ended = State(5, frozenset("a"), has_ended=True)
    assert ended.verdict(Plan("a", 9), Fit(Misfit.STOP)) is Verdict.EXCLUDED
    assert State(5, frozenset("a")).after(Plan("a", 9), Fit(Misfit.STOP), instance) == State(5, frozenset("a"))


def test_what_was_funded_is_paid_and_strikes_its_rivals() -> None:
    instance = Instance(5, (Plan("a", 2), Plan("b", 1), Plan("c", 1)), exclusive=(frozenset("ab"),))
    assert State(5).after(Plan("a", 2), Fit(), instance) == State(3, frozenset("b"))
    assert State(1).after(Plan("a", 2), Fit(), instance) == State(1)
    assert State(1).after(Plan("a", 2), Fit(Misfit.STOP), instance) == State(1, has_ended=True)
    assert State(1).after(Plan("a", 2), Fit(Misfit.STRETCH, 50), instance) == State(-1, frozenset("b"), has_ended=True)
    assert State(1).after(Plan("a", 2), Fit(Misfit.STRETCH, 51), instance) == State(1, has_ended=True)
    assert State(5).after(Plan("a", 2), Fit(Misfit.STOP), instance) == State(3, frozenset("b"))


def test_once_ended_a_count_stays_ended_and_spends_nothing() -> None:
    instance = Instance(5, (Plan("a", 2),))
    ended = State(5, has_ended=True)
    assert ended.verdict(Plan("a", 2), Fit(Misfit.STOP)) is Verdict.AFTER_THE_END
    assert ended.after(Plan("a", 2), Fit(Misfit.STOP), instance) == ended


def test_turns_follow_upon_each_other() -> None:
    plans = (Plan("a", 3), Plan("b", 3), Plan("c", 2))
    turns = take_turns(Instance(5, plans), plans, Fit(), State(5))
    assert [turn.plan for turn in turns] == list(plans)
    assert [turn.verdict for turn in turns] == [Verdict.FUNDED, Verdict.DOES_NOT_FIT, Verdict.FUNDED]
    assert [(turn.before.left, turn.after.left) for turn in turns] == [(5, 2), (2, 2), (2, 0)]


costs = st.integers(1, 5)


@given(st.integers(0, 12), costs, st.lists(costs, max_size=6), st.sampled_from(FITS), st.sets(st.integers(0, 5)))
def test_the_latest_place_is_the_last_of_all_places_at_which_the_plan_is_funded(
    budget: int, cost: int, others: list[int], fit: Fit, rivals: set[int]
) -> None:
    plan, rest = Plan("x", cost), [Plan(str(number), other) for number, other in enumerate(others)]
    groups = [frozenset({"x", str(number)}) for number in rivals if number < len(others)]
    instance = Instance(budget, (plan, *rest), exclusive=tuple(groups))
    funded_at = []
    for place in range(len(rest) + 1):
        turns = take_turns(instance, [*rest[:place], plan, *rest[place:]], fit, State(budget))
        if turns[place].verdict is Verdict.FUNDED:
            funded_at.append(place)
    assert funded_at == list(range(len(funded_at)))
    found = latest_place(plan, take_turns(instance, rest, fit, State(budget)), fit, State(budget))
    assert found == (max(funded_at) if funded_at else None)
