"""Of which kind each value of a manifest is, and within which bounds: a signature makes no number of a text."""

import json
import re
from typing import Any

from ..rounds.rules import HIGHEST_AMOUNT
from ..rounds.voting import FEWEST_PUBLISHED, OLDEST_OF_ALL, YOUNGEST_OF_ALL
from .container import Broken

FORMAT = "wijkbudget package 1"
DIGITS = 15
WHOLE, AMOUNT, AGE = range(10**DIGITS), range(1, HIGHEST_AMOUNT + 1), range(YOUNGEST_OF_ALL, OLDEST_OF_ALL + 1)
FROM_1, SIGNED = range(1, 10**DIGITS), range(1 - 10**DIGITS, 10**DIGITS)
DAY, HASH = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9a-f]{64}"
MOMENT = DAY + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?\+00:00"
RULES = {
    "round_id": WHOLE, "title": str, "kind": str, "area": str, "budget": AMOUNT, "like_threshold": WHOLE,
    "criteria": [str], "eligible": FROM_1, "reference_date": DAY, "compares": bool, "ties": str,
    "seed_source": "urn|draw", "menu": [{"plan_id": WHOLE, "title": str, "cost": AMOUNT}],
    "schedule": dict.fromkeys(("submitting", "reviewing", "voting", "counting", "result"), MOMENT),
    "ballot_form": {
        "form": "basket|approval|one|points|ranking",
        **dict.fromkeys(("max_choices", "min_choices", "total_points", "most_points"), (FROM_1, None)),
    },
    "counting": {"rule": str, "settings": dict},
    "voting": {
        "franchise": "letter|account", "youngest": AGE, "is_final": bool, "keys": "server|officials",
        "publish_ballots_from": range(FEWEST_PUBLISHED, 10**DIGITS),
    },
}  # fmt: skip
SHAPE = {
    "format": FORMAT, "rules": RULES, "rules_hash": HASH, "closed_at": MOMENT, "opened_at": MOMENT,
    "counts": {
        **dict.fromkeys(("eligible", "issued", "used", "blocked", "replaced", "envelopes", "ballots", "blank"), WHOLE),
        "rejected": {str: WHOLE},
    },
    "withdrawn": [WHOLE], "outcome": {"winners": [WHOLE], "left": SIGNED},
    "totals": {str: {"points": WHOLE, "ballots": WHOLE}}, "lot": {"source": str, "round": str, "seed": (str, None)},
    "roots": {"urn": HASH, "ballots": HASH}, "journal_head": f"[0-9]{{1,18}}:{HASH}", "key_fingerprint": HASH,
    "is_published": bool, "withheld": ({"files": [str], "why": str}, None),
    "files": {str: {"sha256": HASH, "length": WHOLE}},
}  # fmt: skip
"""A type, whole numbers in a range, texts that a pattern describes, a list of one shape, names with a shape each (`str`
stands for any name), or one of two shapes."""


def strict_values(data: bytes) -> Any:
    """The values of a JSON text without fractions, NaN, infinity and endless numbers. Raises ValueError."""
    return json.loads(data, parse_int=_whole, parse_float=_refuse, parse_constant=_refuse)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= DIGITS else _refuse(digits)


def _refuse(number: str) -> int:
    raise ValueError(f"{number[:20]} is no whole number of at most {DIGITS} digits")


def require_shape(value: Any, shape: Any = SHAPE, where: str = "manifest.json") -> None:
    """Raises Broken, naming the first value that is of another kind or out of its bounds."""
    if isinstance(shape, tuple):
        shape = shape[0] if value is not None else type(None)
    if not _fits(value, shape):
        raise Broken(where, "this is missing, or no value that can stand here")
    if isinstance(shape, list):
        for part in value:
            require_shape(part, shape[0], where)
    if isinstance(shape, dict):
        for name, part in value.items():
            require_shape(part, shape[str] if str in shape else shape[name], f"{where}: {name}")


def _fits(value: Any, shape: Any) -> bool:
    """Whether it is of this kind itself, whatever is in it."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and (str in shape or value.keys() == shape.keys())
    if isinstance(shape, range):
        return type(value) is int and value in shape
    if isinstance(shape, str):
        return isinstance(value, str) and re.fullmatch(shape, value) is not None
    return type(value) is (list if isinstance(shape, list) else shape)
