from collections.abc import Mapping
from itertools import permutations, product

import pytest
from hypothesis import given, settings

from tests.tally.contests import Contest, all_draws, contests
from wijkbudget.tally.counting import RULES, rule_of
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.lots import MOST_ORDERS, Count, Group, Trial, deciding_lots
from wijkbudget.tally.outcome import Tie
from wijkbudget.tally.rule import Totals
from wijkbudget.tally.ties import CheapestFirst, Lexicographic, Lot, LotNeeded, Rank, TieOrder

DRAWN = CheapestFirst(Lot("seed", "round"))


def asked(
    plans: Mapping[str, int],
    count: Count,
    ties: TieOrder = DRAWN,
    *,
    interchangeable: bool = False,
    withdrawn: str = "",
) -> tuple[Group, ...]:
    """The deciding lots of plans with these costs and one point each."""
    instance = Instance(9, tuple(Plan(*plan) for plan in plans.items()), withdrawn=frozenset(withdrawn))
    totals = Totals(dict.fromkeys(plans, 1), dict.fromkeys(plans, 1))
    return deciding_lots(instance, totals, ties, count, interchangeable=interchangeable)


def first_of(*groups: str) -> Count:
    """A count in which the first of each group is funded; those of a group stood equal."""

    def count(rank: Rank) -> Trial:
        funded = frozenset(min(group, key=rank.__getitem__) for group in groups)
        return Trial(funded, tuple(Tie(tuple(sorted(group, key=rank.__getitem__))) for group in groups))

    return count


def never(_rank: Rank) -> Trial:
    raise AssertionError("counted without need")


@pytest.mark.parametrize("interchangeable", [True, False])
def test_only_the_group_of_which_a_part_is_funded_needs_the_lot(interchangeable: bool) -> None:
    plans = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}
    lots = asked(plans, first_of("ab"), interchangeable=interchangeable)
    assert [set(group) for group in lots] == [{"a", "b"}]
    assert len(asked(plans, first_of("ab", "cd"), interchangeable=interchangeable)) == 2


@pytest.mark.parametrize("interchangeable", [True, False])
def test_plans_are_told_in_the_order_of_the_lot(interchangeable: bool) -> None:
    assert DRAWN.lot is not None
    (group,) = asked({"a": 1, "b": 1, "c": 1}, first_of("abc"), interchangeable=interchangeable)
    assert list(group) == sorted("abc", key=DRAWN.lot.number)


@pytest.mark.parametrize("interchangeable", [True, False])
def test_an_undrawn_lot_that_decides_is_asked_for_with_its_groups(interchangeable: bool) -> None:
    with pytest.raises(LotNeeded) as needed:
        asked({"a": 1, "b": 1}, first_of("ab"), CheapestFirst(), interchangeable=interchangeable)
    assert needed.value.groups == (("a", "b"),)
    assert asked({"a": 1, "b": 1}, first_of("a", "b"), CheapestFirst(), interchangeable=interchangeable) == ()


def test_without_equals_or_without_a_lot_in_the_chain_nothing_is_counted() -> None:
    assert asked({"a": 1, "b": 2}, never) == ()
    assert asked({"a": 1, "b": 1}, never, Lexicographic()) == ()
    assert asked({}, never) == ()


def test_withdrawn_plans_are_nobodys_equals() -> None:
    assert asked({"a": 1, "b": 1}, never, withdrawn="a") == ()


def test_equals_that_never_stood_against_each_other_need_no_lot() -> None:
    def count(rank: Rank) -> Trial:
        return Trial(frozenset({min(rank, key=rank.__getitem__)}), ())

    assert asked({"a": 1, "b": 1}, count) == ()


def test_two_groups_that_decide_only_together_are_both_named() -> None:
    plans = {"a": 1, "b": 1, "c": 2, "d": 2}
    first = DRAWN.rank([Plan(*plan) for plan in plans.items()], dict.fromkeys(plans, 1))

    def count(rank: Rank) -> Trial:
        is_turned = [(rank[one] > rank[other]) != (first[one] > first[other]) for one, other in ("ab", "cd")]
        return Trial(frozenset("x" if all(is_turned) else "y"), (Tie(("a", "b")), Tie(("c", "d"))))

    assert {frozenset(group) for group in asked(plans, count)} == {frozenset("ab"), frozenset("cd")}


def test_a_group_that_is_met_only_by_another_order_is_tried_too() -> None:
    plans = {"a": 1, "b": 1, "c": 2, "d": 2}
    first = DRAWN.rank([Plan(*plan) for plan in plans.items()], dict.fromkeys(plans, 1))

    def count(rank: Rank) -> Trial:
        """Only once a and b are turned round c and d stand equal, and who goes first then decides."""
        if (rank["a"] > rank["b"]) == (first["a"] > first["b"]):
            return Trial(frozenset("x"), (Tie(("a", "b")),))
        is_turned = (rank["c"] > rank["d"]) != (first["c"] > first["d"])
        return Trial(frozenset("y" if is_turned else "x"), (Tie(("a", "b")), Tie(("c", "d"))))

    assert {frozenset(group) for group in asked(plans, count)} == {frozenset("ab"), frozenset("cd")}


def same(rank: Rank) -> Trial:
    """A count in which all stand equal and it does not matter."""
    return Trial(frozenset("a"), (Tie(tuple(sorted(rank))),))


def test_where_there_are_more_orders_than_can_be_tried_the_lot_is_drawn() -> None:
    assert MOST_ORDERS == 120
    assert asked(dict.fromkeys("abcde", 1), same) == ()
    assert [len(group) for group in asked(dict.fromkeys("abcdef", 1), same)] == [6]
    assert len(asked({**dict.fromkeys("abcde", 1), "f": 2, "g": 2}, same)) == 2
    assert len(asked({**dict.fromkeys("abcd", 1), "f": 2, "g": 2}, same)) == 0


def test_twenty_equal_plans_do_not_keep_the_count_waiting() -> None:
    counted = 0

    def count(rank: Rank) -> Trial:
        nonlocal counted
        counted += 1
        return same(rank)

    assert [len(group) for group in asked(dict.fromkeys("abcdefghijklmnopqrst", 1), count)] == [20]
    # once by the lot itself, then one group alone, and all that were met together
    assert counted == 1 + 2 * (MOST_ORDERS + 1)


@pytest.mark.parametrize("odd", list(product(permutations("abc"), permutations("de"))))
def test_the_one_order_of_all_that_funds_another_is_found(odd: tuple[Group, Group]) -> None:
    plans = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2}

    def count(rank: Rank) -> Trial:
        orders = tuple(sorted("abc", key=rank.__getitem__)), tuple(sorted("de", key=rank.__getitem__))
        return Trial(frozenset("x" if orders == odd else "y"), (Tie(("a", "b", "c")), Tie(("d", "e"))))

    assert asked(plans, count)


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=50, deadline=None)
@given(contests(points=1, plans=4, exclusive=False))
def test_by_every_rule_a_lot_is_asked_for_exactly_if_two_ways_in_which_it_falls_fund_different_plans(
    name: str, contest: Contest
) -> None:
    rule = rule_of(name, {})
    outcomes = [rule.count(contest.instance, contest.profile, draw) for draw in all_draws(contest.instance)]
    is_needed = len({frozenset(outcome.funded) for outcome in outcomes}) > 1
    assert {outcome.is_lot_needed for outcome in outcomes} == {is_needed}
    if is_needed:
        with pytest.raises(LotNeeded):
            rule.count(contest.instance, contest.profile, CheapestFirst())
    else:
        rule.count(contest.instance, contest.profile, CheapestFirst())
