"""Who votes in a round, whether a vote is final, who keeps the urn's key, and when single ballots are published."""

from dataclasses import dataclass
from enum import StrEnum

from ..refusal import Refusal

YOUNGEST_OF_ALL = 1
OLDEST_OF_ALL = 120
FEWEST_PUBLISHED = 10
"""With fewer ballots than this a single one could be guessed from the others, whatever an official asks for."""


class Franchise(StrEnum):
    """What gives the right to vote; a round has one of them, never two that do not know of each other."""

    LETTER = "letter"
    """A voting code in a letter."""
    ACCOUNT = "account"
    """A confirmed account with a postcode in the area, whose owner declares the age."""


class KeyKeeping(StrEnum):
    """Who keeps the private key of the urn until the count."""

    SERVER = "server"
    """A file that the scheduler alone reads; it counts by itself."""
    OFFICIALS = "officials"
    """Three officials, of whom two open the urn together; the key itself is stored nowhere."""


class ImpossibleAge(Refusal):
    """The youngest age at which people may vote is no age; details: `lowest`, `highest`."""


class TooFewToPublish(Refusal):
    """So few ballots may never be published one by one; details: `fewest`."""


@dataclass(frozen=True)
class VotingTerms:
    """How votes come in and are kept. `youngest` in years. Raises ImpossibleAge, TooFewToPublish."""

    franchise: Franchise = Franchise.LETTER
    youngest: int = 12
    is_final: bool = False
    keys: KeyKeeping = KeyKeeping.SERVER
    publish_ballots_from: int = 50

    def __post_init__(self) -> None:
        if not YOUNGEST_OF_ALL <= self.youngest <= OLDEST_OF_ALL:
            raise ImpossibleAge(lowest=YOUNGEST_OF_ALL, highest=OLDEST_OF_ALL)
        if self.publish_ballots_from < FEWEST_PUBLISHED:
            raise TooFewToPublish(fewest=FEWEST_PUBLISHED)

    @staticmethod
    def parse(values: dict[str, object]) -> "VotingTerms":
        """The terms that `dataclasses.asdict` wrote into JSON."""
        return VotingTerms(
            franchise=Franchise(str(values["franchise"])),
            youngest=int(str(values["youngest"])),
            is_final=bool(values["is_final"]),
            keys=KeyKeeping(str(values["keys"])),
            publish_ballots_from=int(str(values["publish_ballots_from"])),
        )
