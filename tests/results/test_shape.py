"""The shape of a manifest: the real ones have it, and the program in the package asks for the same."""

import json
from typing import Any

import pytest

from tests.results.packages import record, signed
from tests.results.test_export import FORMS
from wijkbudget.results import recount, shape
from wijkbudget.results.container import Broken, unpack
from wijkbudget.results.manifest import MANIFEST
from wijkbudget.results.shape import SHAPE, require_shape, strict_values
from wijkbudget.rounds.forms import BallotForm
from wijkbudget.tally.counting import RULES

SMALL = {"name": str, "at": "[0-9]+", "numbers": [range(1, 10)], "maybe": (bool, None), "any": {str: range(3)}}
FITS: dict[str, Any] = {"name": "", "at": "12", "numbers": [1, 9], "maybe": None, "any": {"a": 0, "b": 2}}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)
@pytest.mark.parametrize("least", [50, 61])
def test_a_real_manifest_fits(form: BallotForm, least: int) -> None:
    require_shape(json.loads(unpack(signed(record(form, least=least)))[MANIFEST]))


def test_what_fits_is_taken() -> None:
    require_shape(FITS, SMALL)
    require_shape(FITS | {"maybe": True, "numbers": [], "any": {}}, SMALL)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"name": 1}, "name"), ({"name": None}, "name"), ({"at": "12 "}, "at"), ({"at": "12\n"}, "at"),
        ({"numbers": [0]}, "numbers"), ({"numbers": [10]}, "numbers"), ({"numbers": [True]}, "numbers"),
        ({"numbers": [1.0]}, "numbers"), ({"numbers": {}}, "numbers"), ({"maybe": 0}, "maybe"),
        ({"any": {"a": 3}}, "any: a"), ({"any": []}, "any"), ({"more": 1}, ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(changed: dict[str, Any], where: str) -> None:
    with pytest.raises(Broken) as broken:
        require_shape(FITS | changed, SMALL)
    assert broken.value.where == f"manifest.json: {where}".removesuffix(": ")
    with pytest.raises(recount.Wrong, match="cannot stand here"):
        recount.check_shape(FITS | changed, SMALL, "manifest.json")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1.0", "1e5", "1" * 16, "9" * 5_000])
def test_a_number_that_is_not_plain_is_not_even_read(number: str) -> None:
    with pytest.raises(ValueError, match="is no whole number of at most 15 digits"):
        strict_values(b"[" + number.encode() + b"]")
    with pytest.raises(recount.Wrong, match="no plain number"):
        recount.whole(number)


def test_plain_numbers_are_read() -> None:
    assert strict_values(b"[0, -12, 999999999999999]") == [0, -12, 10**15 - 1]


def test_the_program_asks_for_the_same_shape() -> None:
    assert simple(recount.SHAPE) == simple(SHAPE)
    assert (recount.AMOUNT, set(recount.SETTINGS)) == (shape.AMOUNT, set(RULES))


def simple(of: Any) -> Any:
    """A shape without what we refuse elsewhere: the order of ties, and the rule."""
    told = json.loads(json.dumps(of, default=str, skipkeys=True))
    del told["rules"]["ties"], told["rules"]["counting"]["rule"]
    return told


def test_the_settings_of_every_rule_fit() -> None:
    for name, kind in RULES.items():
        recount.check_shape(dict(kind().settings), recount.SETTINGS[name], name)
