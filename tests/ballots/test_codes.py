"""The stemcode: what people type, and which slips show."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.ballots.codes import (
    LENGTH,
    SYMBOLS,
    code_mac,
    has_check_symbol,
    new_code,
    parsed_code,
    pepper_check,
    typed_symbols,
    written_code,
)
from wijkbudget.ballots.rules import MistypedCode

CODE = "K7QT0V2M9XHD41BZ"
codes = st.builds(new_code)


def is_code(text: str) -> bool:
    try:
        parsed_code(text)
    except MistypedCode:
        return False
    return True


def whole(fifteen: str) -> str:
    """The fifteen symbols with the one check symbol that fits."""
    [code] = [fifteen + symbol for symbol in SYMBOLS if is_code(fifteen + symbol)]
    return code


def test_one_of_all_last_symbols_is_that_of_a_code() -> None:
    code = new_code()
    assert [code[:-1] + last for last in SYMBOLS if has_check_symbol(code[:-1] + last)] == [code]


def test_a_new_code_is_sixteen_symbols_that_parse() -> None:
    code = new_code()
    assert len(code) == LENGTH
    assert parsed_code(code) == code


def test_codes_differ() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


def test_the_written_code_has_four_groups_of_four() -> None:
    assert [len(group) for group in written_code(new_code()).split("-")] == [4, 4, 4, 4]


def test_every_wrong_symbol_shows() -> None:
    code = whole(CODE[:15])
    for place in range(LENGTH):
        for symbol in set(SYMBOLS) - {code[place]}:
            assert not is_code(code[:place] + symbol + code[place + 1 :])


def test_every_swap_of_two_different_symbols_shows() -> None:
    code = whole(CODE[:15])
    swaps = [(a, b) for a, b in combinations(range(LENGTH), 2) if code[a] != code[b]]
    assert len(swaps) > 100
    for a, b in swaps:
        swapped = list(code)
        swapped[a], swapped[b] = code[b], code[a]
        assert not is_code("".join(swapped))


@given(codes, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1), st.sampled_from(SYMBOLS))
def test_in_any_code_a_wrong_symbol_and_a_swap_show(code: str, one: int, other: int, symbol: str) -> None:
    typed = list(code)
    typed[one] = symbol
    swapped = list(code)
    swapped[one], swapped[other] = code[other], code[one]
    for wrong in ("".join(typed), "".join(swapped)):
        assert is_code(wrong) == (wrong == code)


@pytest.mark.parametrize(
    "typed",
    [
        "{code}", "{lower}", " {written} ", "{spaced}", "{dotted}", "{dashed}", "{soft}\n",
    ],
)  # fmt: skip
def test_case_spaces_and_dashes_do_not_matter(typed: str) -> None:
    code = new_code()
    written = written_code(code)
    variants = {
        "code": code,
        "lower": code.lower(),
        "written": written,
        "spaced": written.replace("-", "  "),
        "dotted": written.replace("-", "."),
        "dashed": written.replace("-", "\N{EN DASH}"),
        "soft": written.replace("-", "\N{NON-BREAKING HYPHEN}"),
    }
    assert parsed_code(typed.format(**variants)) == code


def test_symbols_that_look_alike_are_read_as_the_digit() -> None:
    code = whole("011010101010101")
    for one in "iIlL":
        for zero in "oO":
            assert parsed_code(code.replace("1", one).replace("0", zero)) == code


@pytest.mark.parametrize("typed", ["", " ", "-", "1234", "U" * 16, "é" * 16, "0" * 15, "0" * 17, "\0" * 16, "１" * 16])
def test_what_cannot_be_a_code_is_mistyped(typed: str) -> None:
    with pytest.raises(MistypedCode):
        parsed_code(typed)


def test_what_is_kept_of_a_code_depends_on_round_and_pepper() -> None:
    code = new_code()
    kept = {code_mac(code, round_id=round_id, pepper=pepper) for round_id in (1, 2) for pepper in (b"a", b"b")}
    assert len(kept) == 4
    assert all(len(mac) == 32 for mac in kept)


@pytest.mark.parametrize(
    "typed",
    ["0123456789ABCDEF", " 0123-4567 89ab.cdef\n", "o1234567\u20138 9abcdef", "oI23456789ABCDEF", "0l23456789abcdef"],
)
def test_symbols_are_read_however_they_were_typed_with_any_last_symbol(typed: str) -> None:
    assert typed_symbols(typed) == "0123456789ABCDEF"


@pytest.mark.parametrize("typed", ["", "0123456789ABCDE", "0123456789ABCDEFG", "U123456789ABCDEF", "é123456789ABCDEF"])
def test_what_is_no_sixteen_symbols_is_none(typed: str) -> None:
    assert typed_symbols(typed) is None


def test_what_is_kept_of_a_pepper_differs_by_round_and_pepper_and_is_what_no_code_gives() -> None:
    kept = {pepper_check(round_id, pepper=pepper) for round_id in (1, 2) for pepper in (b"a", b"b")}
    assert len(kept) == 4
    assert {len(each) for each in kept} == {32}
    assert not is_code("check")
