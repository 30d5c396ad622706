import hashlib

import pytest

from wijkbudget.tally.instance import Plan
from wijkbudget.tally.ties import CheapestFirst, Lexicographic, Lot, LotNeeded, UnclearLot


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
    assert not CheapestFirst().needs_lot(dear, cheap)


def test_among_equal_costs_most_votes_go_first() -> None:
    order = CheapestFirst(Lot("1", "r"))
    assert order.key(Plan("a", 2), 6) < order.key(Plan("b", 2), 5)
    assert order.key(Plan("b", 2), 6) < order.key(Plan("a", 2), 5)


def test_the_lot_decides_between_equals_and_both_ways_occur() -> None:
    one, other = Plan("a", 2), Plan("b", 2)
    keys = [(CheapestFirst(lot).key(one, 1), CheapestFirst(lot).key(other, 1)) for lot in map(lot_of, range(20))]
    assert {first < second for first, second in keys} == {True, False}
    assert CheapestFirst().needs_lot(one, other)


def lot_of(number: int) -> Lot:
    return Lot(str(number), "r")


def test_an_undrawn_lot_leaves_equals_equal() -> None:
    assert CheapestFirst().key(Plan("a", 2), 1) == CheapestFirst().key(Plan("b", 2), 1)


def test_lexicographic_is_the_order_of_strings_and_needs_no_lot() -> None:
    ten, nine = Plan("10", 5), Plan("9", 1)
    assert Lexicographic().key(ten, 1) < Lexicographic().key(nine, 8)
    assert not Lexicographic().needs_lot(ten, nine)


def test_a_lot_that_is_needed_names_those_it_must_decide_among() -> None:
    needed = LotNeeded((("a", "b"), ("c", "d")))
    assert needed.groups == (("a", "b"), ("c", "d"))
    assert "a, b; c, d" in str(needed)
