"""What a round tells on its letters, and letters made while they are read."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
import pytest

from config import Config
from tests.builders import Builder
from wijkbudget.printing.terms import VotingLetter
from wijkbudget.printing.volumes import Volume
from wijkbudget.rounds.voting import VotingTerms
from wijkbudget.web.official.printing import letter_terms, letters_of, whole_list

LETTERS = [(1, "0000-0000-0000-0000"), (2, "1111-2222-3333-4444"), (3, "ABCD-EFGH-JKMN-PQRS")]


def test_a_letter_tells_what_the_round_says(build: Builder, config: Config) -> None:
    round_ = build.round(voting=VotingTerms(youngest=16, is_final=True))
    terms = letter_terms(round_, config)
    assert (terms.title, terms.area, terms.budget) == (round_.title, round_.area_name, round_.budget)
    assert (terms.opens, terms.closes) == (round_.schedule.voting, round_.schedule.counting)
    assert (terms.youngest, terms.may_change, terms.public_url) == (16, False, config.public_url)


def test_every_code_of_every_piece_has_a_page(build: Builder, config: Config) -> None:
    content = b"".join(letters_of(build.round(), [LETTERS[:2], LETTERS[2:]], 3, config))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        [name] = archive.namelist()
        pages = pypdfium2.PdfDocument(archive.read(name))
    texts = ["".join(page.get_textpage().get_text_range().split()).replace("-", "") for page in pages]
    assert len(texts) == len(LETTERS)
    for (_, code), text in zip(LETTERS, texts, strict=True):
        assert code.replace("-", "") in text


class Ending:
    """Letters that tell when they ended."""

    has_ended = False

    def letters(self) -> Iterator[VotingLetter]:
        for serial, code in LETTERS:
            yield VotingLetter(serial, code)
        self.has_ended = True


def test_a_list_ends_after_its_last_file_was_taken_and_not_before(build: Builder, config: Config) -> None:
    ending = Ending()
    volumes = whole_list(ending.letters(), 3, letter_terms(build.round(), config))
    assert next(volumes).name == "brieven-000001-000003.pdf"
    assert not ending.has_ended
    assert list(volumes) == list[Volume]()
    assert ending.has_ended


def test_a_list_that_is_longer_than_was_said_is_not_cut_off_in_silence(build: Builder, config: Config) -> None:
    with pytest.raises(ValueError, match="longer than 2"):
        list(whole_list(Ending().letters(), 2, letter_terms(build.round(), config)))
