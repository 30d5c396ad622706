"""A round's letters with voting codes, for the printer."""

from collections.abc import Iterable, Iterator
from itertools import islice

from config import Config

from ...ballots.batches import Piece
from ...printing.letters import letter_volumes
from ...printing.terms import LetterTerms, VotingLetter
from ...printing.volumes import Volume, zipped
from ...rounds.tables import Round


def letter_terms(round_: Round, config: Config) -> LetterTerms:
    """What all letters of the round say."""
    return LetterTerms(
        title=round_.title,
        area=round_.area_name,
        budget=round_.budget,
        opens=round_.schedule.voting,
        closes=round_.schedule.counting,
        youngest=round_.voting.youngest,
        may_change=not round_.voting.is_final,
        public_url=config.public_url,
    )


def letters_of(round_: Round, pieces: Iterable[Piece], size: int, config: Config) -> Iterator[bytes]:
    """A ZIP file of PDF files with a page for each code, made while it is read.

    Its directory, without which it cannot be opened, comes once the list has ended and its codes are good.
    """
    letters = (VotingLetter(serial, code) for piece in pieces for serial, code in piece)
    return zipped(whole_list(letters, size, letter_terms(round_, config)))


def whole_list(letters: Iterator[VotingLetter], size: int, terms: LetterTerms) -> Iterator[Volume]:
    """Files with all letters of a list of this size, which ends after the last file was taken and not before."""
    yield from letter_volumes(islice(letters, size), terms)
    for _ in letters:  # there is none; asking for it is what ends the list
        raise ValueError(f"the list is longer than {size}")
