import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.tally.instance import Plan
from wijkbudget.tally.ties import Cheapest, CheapestFirst, Dearest, Lexicographic, Lot, LotNeeded, TieOrder, UnclearLot


def test_a_plan_draws_the_hash_of_seed_round_and_id_with_newlines_between() -> None:
    drawn = Lot("zaad", "duinoord-2026").number("plan-é")
    assert drawn == hashlib.sha256(b"zaad\x0aduinoord-2026\x0aplan-\xc3\xa9").hexdigest()


def test_a_number_drawn_once_is_drawn_for_ever() -> None:
    assert Lot("1", "2").number("3") == "ad53e8806d17c82d38902738d1d47d96bddaade27513466322efa0f793149dd0"


@pytest.mark.parametrize(("seed", "name"), [("", "r"), ("a\nb", "r"), ("a", "r\n")])
def test_a_lot_that_could_be_read_two_ways_is_refused(seed: str, name: str) -> None:
    with pytest.raises(UnclearLot):
        Lot(seed, name)


def test_the_cheapest_goes_first_whatever_the_lot_says() -> None:
    dear, cheap = Plan("a", 2), Plan("b", 1)
    for seed in "123456":
        order = CheapestFirst(Lot(seed, "r"))
        assert order.key(cheap, 5) < order.key(dear, 9)


def test_among_equal_costs_most_votes_go_first() -> None:
    order = CheapestFirst(Lot("1", "r"))
    assert order.key(Plan("a", 2), 6) < order.key(Plan("b", 2), 5)
    assert order.key(Plan("b", 2), 6) < order.key(Plan("a", 2), 5)


def test_the_lot_decides_between_equals_and_both_ways_occur() -> None:
    one, other = Plan("a", 2), Plan("b", 2)
    keys = [(CheapestFirst(lot).key(one, 1), CheapestFirst(lot).key(other, 1)) for lot in map(lot_of, range(20))]
    assert {first < second for first, second in keys} == {True, False}


def lot_of(number: int) -> Lot:
    return Lot(str(number), "r")


def test_an_undrawn_lot_leaves_equals_equal() -> None:
    assert CheapestFirst().key(Plan("a", 2), 1) == CheapestFirst().key(Plan("b", 2), 1)


def test_lexicographic_is_the_order_of_strings() -> None:
    ten, nine = Plan("10", 5), Plan("9", 1)
    assert Lexicographic().key(ten, 1) < Lexicographic().key(nine, 8)


def test_cheapest_and_dearest_fall_back_on_the_order_of_strings() -> None:
    plans = [Plan("10", 5), Plan("9", 5), Plan("8", 1), Plan("7", 9)]
    points = dict.fromkeys(["7", "8", "9", "10"], 1)
    assert list(Cheapest().rank(plans, points)) == ["8", "10", "9", "7"]
    assert list(Dearest().rank(plans, points)) == ["7", "10", "9", "8"]
    assert list(Lexicographic().rank(plans, points)) == ["10", "7", "8", "9"]


def test_points_mean_nothing_to_the_orders_for_comparison() -> None:
    for order in (Lexicographic(), Cheapest(), Dearest()):
        assert order.key(Plan("a", 2), 1) == order.key(Plan("a", 2), 9)


def test_a_rank_is_a_place_from_nought() -> None:
    plans = [Plan("a", 2), Plan("b", 1), Plan("c", 2), Plan("d", 2)]
    ranks = CheapestFirst().rank(plans, {"a": 1, "b": 0, "c": 3, "d": 1})
    assert ranks == {"b": 0, "c": 1, "a": 2, "d": 3}


def test_to_the_lot_are_left_those_with_equal_costs_and_equal_points_that_have_a_point() -> None:
    plans = [Plan("a", 2), Plan("b", 2), Plan("c", 2), Plan("d", 3), Plan("e", 2), Plan("f", 2), Plan("g", 3)]
    points = {"a": 4, "b": 4, "c": 5, "d": 4, "e": 0, "f": 0, "g": 4}
    for order in (CheapestFirst(), CheapestFirst(lot_of(1))):
        assert order.left_to_lot(plans, points) == [frozenset("ab"), frozenset("dg")]
    for other in (Lexicographic(), Cheapest(), Dearest()):
        assert other.left_to_lot(plans, points) == []


ALL: list[TieOrder] = [CheapestFirst(), CheapestFirst(Lot("s", "r")), Lexicographic(), Cheapest(), Dearest()]


@given(st.permutations(range(8)), st.sampled_from(ALL))
def test_a_rank_does_not_depend_on_the_order_of_the_plans(order: list[int], ties: TieOrder) -> None:
    plans = [Plan(f"p{number}", 1 + number % 3) for number in range(8)]
    points = {plan.id: number % 2 for number, plan in enumerate(plans)}
    shuffled = ties.rank([plans[number] for number in order], points)
    assert shuffled == ties.rank(plans, points)
    assert sorted(shuffled.values()) == list(range(8))


def test_names_are_those_that_are_stored_and_typed() -> None:
    assert [ties.name for ties in ALL] == [
        "cheapest, most points, lot",
        "cheapest, most points, lot",
        "lexicographic",
        "cheapest",
        "dearest",
    ]
    assert [ties.lot for ties in ALL] == [None, Lot("s", "r"), None, None, None]


def test_a_lot_that_is_needed_names_those_it_must_decide_among() -> None:
    needed = LotNeeded((("a", "b"), ("c", "d")))
    assert needed.groups == (("a", "b"), ("c", "d"))
    assert "a, b; c, d" in str(needed)
