"""The stemcode: 15 random symbols and a check symbol, in Crockford's base32."""

import hashlib
import hmac
import re
import secrets

from .rules import MistypedCode

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_LOOKALIKES = str.maketrans("OIL", "011")
_FIELD = 0b100101  # x^5 + x^2 + 1: primitive, so the powers of x run through all 31 non-zero elements of GF(32)


def new_code() -> str:
    """A code with 75 random bits and its check symbol, 16 symbols without dashes."""
    bits = secrets.randbits(5 * (LENGTH - 1))
    values = [bits >> 5 * place & 31 for place in range(LENGTH - 1)]
    return "".join(SYMBOLS[value] for value in [*values, _check_value(values)])


def written_code(code: str) -> str:
    """The code in groups of four, as on the letter."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def parsed_code(text: str) -> str:
    """The code that somebody typed; case, spaces, dashes, o for 0, i and l for 1 don't matter. Raises MistypedCode."""
    code = typed_symbols(text)
    if code is None or not has_check_symbol(code):
        raise MistypedCode()
    return code


def has_check_symbol(symbols: str) -> bool:
    """Whether 16 symbols end as a code does: every code, and by chance one receipt or tracker in 32."""
    values = [SYMBOLS.index(symbol) for symbol in symbols]
    return _check_value(values[:-1]) == values[-1]


def typed_symbols(text: str) -> str | None:
    """The 16 symbols of a code, a receipt or a tracker, however they were typed; None if that is not what they are."""
    symbols = re.sub(r"[\s\-\u00ad\u2010-\u2015.]", "", text).upper().translate(_LOOKALIKES)  # phones type long dashes
    return symbols if len(symbols) == LENGTH and set(symbols) <= set(SYMBOLS) else None


def code_mac(code: str, *, round_id: int, pepper: bytes) -> bytes:
    """What the database keeps of a code: HMAC-SHA256 under the pepper, which lies outside the database."""
    return hmac.digest(pepper, f"{round_id}|{code}".encode(), hashlib.sha256)


def pepper_check(round_id: int, *, pepper: bytes) -> bytes:
    """What a list keeps of the pepper that its codes were made with: the HMAC-SHA256 of what is no code."""
    return hmac.digest(pepper, f"check|{round_id}".encode(), hashlib.sha256)


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 32 else doubled


def _check_value(values: list[int]) -> int:
    """The symbol c16 that makes the sum of c_i·x^(16-i) zero.

    Every symbol has another weight, so a single wrong symbol and a swap of any two different ones always show.
    """
    total = 0
    for value in values:  # Horner's scheme, highest power first
        total = _times_x(total ^ value)
    return total
