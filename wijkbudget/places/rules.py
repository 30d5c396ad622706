"""What a place is, what a postcode looks like, and how a name becomes part of an address."""

import re
import unicodedata
from dataclasses import dataclass

from ..refusal import Refusal


class NotAPostcode(Refusal):
    """The text is no Dutch postcode: four digits, the first not zero, and two letters."""


class BrokenLines(Refusal):
    """A file has lines that cannot be read; details: `lines`, the reason for each line number."""


@dataclass(frozen=True)
class Place:
    """A neighbourhood as CBS knows it, like `WK051826`, 26, Bezuidenhout, Haagse Hout, 19835."""

    code: str
    number: int
    name: str
    district: str
    inhabitants: int


def slug_of(name: str) -> str:
    """The name as part of an address: lower case ASCII letters, digits and single dashes, at most 60."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")


def valid_postcode(text: str) -> str:
    """The postcode as it is stored, like `2593AB`; case, spaces and dots don't matter. Raises NotAPostcode."""
    squeezed = re.sub(r"[\s.-]", "", text).upper()
    if not re.fullmatch(r"[1-9][0-9]{3}[A-Z]{2}", squeezed):
        raise NotAPostcode(text=text)
    return squeezed
