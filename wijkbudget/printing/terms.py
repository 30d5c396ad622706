"""What is printed: the terms that all letters of a round share, and what only one of them carries."""

import re
from dataclasses import dataclass, field
from datetime import datetime

_WRITTEN_CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")


@dataclass(frozen=True, kw_only=True)
class LetterTerms:
    """What every letter of a round tells; `budget` in cents, `opens` and `closes` in UTC, `public_url` of the site."""

    title: str
    area: str
    budget: int
    opens: datetime
    closes: datetime
    youngest: int
    may_change: bool
    public_url: str
    help_phone: str = "14070"

    def code_address(self, code: str) -> str:
        """Where the QR code leads; the written code stands, without dashes, in the fragment, which is never sent."""
        return f"{self.public_url.rstrip('/')}/stem#{code.replace('-', '')}"

    @property
    def site(self) -> str:
        """The address of the site as people write it: `wijkbudget.example.org`."""
        return self.public_url.removeprefix("https://").rstrip("/")


@dataclass(frozen=True)
class VotingLetter:
    """A briefnummer and its code as `XXXX-XXXX-XXXX-XXXX`, which `repr` leaves out. Raises ValueError.

    `replaces` is the briefnummer of the letter in whose place it comes.
    """

    serial: int
    code: str = field(repr=False)
    replaces: int | None = None

    def __post_init__(self) -> None:
        if self.serial <= 0 or not _WRITTEN_CODE.fullmatch(self.code):
            raise ValueError(
                "a letter has a serial above zero and a written code"
            )  # without the code: errors are logged
