"""Letters as a print shop, a phone and a reader meet them: text, QR codes and pixels are read back from the PDF."""

import ctypes
import gc
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.effort import whole
from tests.printing.samples import SITE, TERMS, WIDEST, is_white, letters, margins, pictures, scanned, texts
from wijkbudget.printing import letters as printed
from wijkbudget.printing.letters import letter_volumes, one_letter
from wijkbudget.printing.paper import CLEAR, Box, TextDoesNotFit
from wijkbudget.printing.terms import LetterTerms, VotingLetter
from wijkbudget.printing.volumes import zipped

LETTERS = list(letters(12, first=41))
ONE = VotingLetter(1234567, "WWMW-WMWW-QWGM-WWWW")
TITLES = ["Kort", "Wijkbudget Łódź, Çağdaş ve Şişli için ąęćłńóśźż 公園 🌳 <b>&", "woorden van gewone lengte " * 4]
ABOVE_THE_CODES = 105


@pytest.fixture(scope="module")
def pdf() -> bytes:
    (volume,) = letter_volumes(LETTERS, TERMS)
    return volume.pdf


@pytest.fixture(scope="module")
def pages(pdf: bytes) -> list[Image.Image]:
    return pictures(pdf)


def test_every_page_has_its_own_serial_code_and_qr_code_of_one_letter(pdf: bytes, pages: list[Image.Image]) -> None:
    for letter, text, picture in zip(LETTERS, texts(pdf), pages, strict=True):
        assert text.replace(" ", "").endswith(f"somewhereelse.{letter.serial}{letter.code}")
        assert scanned(picture).text == f"{SITE}/stem#{letter.code.replace('-', '')}"


def test_a_letter_that_comes_in_the_place_of_another_says_so() -> None:
    latest = replace(ONE, replaces=7654321)
    [text], [other] = texts(one_letter(latest, TERMS)), texts(one_letter(ONE, TERMS))
    assert "Vervangt · Replaces 7654321" in text
    assert "Vervangt" not in other
    [page] = pictures(one_letter(latest, TERMS))
    assert all(is_white(page, margin) for margin in margins(15))


def test_no_page_shows_the_code_of_another(pdf: bytes) -> None:
    for letter, text in zip(LETTERS, texts(pdf), strict=True):
        assert [other.serial for other in LETTERS if other.code in text.replace(" ", "")] == [letter.serial]


def test_the_code_is_in_the_fragment_and_nowhere_before_it(pages: list[Image.Image]) -> None:
    sent, hash_sign, fragment = scanned(pages[0]).text.partition("#")
    assert (sent, hash_sign, fragment) == (f"{SITE}/stem", "#", LETTERS[0].code.replace("-", ""))


def test_the_qr_code_survives_damage_and_lies_clear_of_the_folds(pages: list[Image.Image]) -> None:
    found = scanned(pages[0])
    assert found.ec_level == "M"
    heights = [corner.y / 120 * 25.4 for corner in (found.position.top_left, found.position.bottom_left)]
    assert heights[0] > ABOVE_THE_CODES - 0.5
    assert heights[1] - heights[0] >= 30
    assert heights[1] < 146


def test_both_languages_are_on_the_page(pdf: bytes) -> None:
    text = texts(pdf)[0]
    assert "Stem mee over de plannen in uw wijk Wijkbudget Bezuidenhout 2026" in text
    assert "Vote on the plans in your neighbourhood" in text
    assert text.index("Brief kwijt?") < text.index("Vote on the plans")
    assert "tot maandag 16 november 2026 om 12.00 uur" in text
    assert "until Monday 16 November 2026 at 12:00" in text


@pytest.mark.parametrize(
    "terms", [WIDEST, *(replace(WIDEST, title=title) for title in TITLES)], ids=lambda t: t.title[:9]
)
def test_nothing_is_printed_in_the_window_or_the_margins_whatever_the_title(terms: LetterTerms) -> None:
    (picture,) = pictures(one_letter(ONE, terms))
    assert is_white(picture, CLEAR)
    assert [is_white(picture, margin) for margin in margins(15)] == [True] * 4
    assert scanned(picture).text.endswith(ONE.code.replace("-", ""))


def test_a_mark_in_the_window_or_in_a_margin_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    frame: Callable[[Canvas, LetterTerms], None] = printed._draw_frame

    def with_marks(sheet: Canvas, terms: LetterTerms) -> None:
        frame(sheet, terms)
        printed._write(sheet, 60, 70, ".", size=8)
        printed._write(sheet, 12, 200, ".", size=8)

    monkeypatch.setattr(printed, "_draw_frame", with_marks)
    (picture,) = pictures(one_letter(ONE, TERMS))
    assert not is_white(picture, CLEAR)
    assert [is_white(picture, margin) for margin in margins(15)] == [True, True, False, True]


def test_nothing_secret_can_slide_into_the_window() -> None:
    first, second = (pictures(one_letter(letter, TERMS))[0] for letter in LETTERS[:2])
    beside = Box(132, 0, 78, 95)  # the serial may show, it says nothing about the code
    for picture in (first, second):
        _blank(picture, beside)
    above = (0, 0, first.width, round(ABOVE_THE_CODES / 25.4 * 120))
    assert first.crop(above).tobytes() == second.crop(above).tobytes()
    assert first.tobytes() != second.tobytes()


def _blank(picture: Image.Image, box: Box) -> None:
    corners = (box.left, box.top, box.left + box.width, box.top + box.height)
    left, top, right, bottom = (round(corner / 25.4 * 120) for corner in corners)
    picture.paste(255, (left, top, right, bottom))


def test_every_font_that_is_used_is_embedded(pdf: bytes) -> None:
    fonts = dict(_fonts(pdf))
    assert set(fonts) == {"BitstreamVeraSans-Roman", "BitstreamVeraSans-Bold"}
    assert set(fonts.values()) == {True}


def test_a_font_that_is_not_embedded_would_be_noticed() -> None:
    file = BytesIO()
    sheet = Canvas(file)
    sheet.drawString(100, 100, "Helvetica")
    sheet.save()
    assert dict(_fonts(file.getvalue())) == {"Helvetica": False}


def _fonts(pdf: bytes) -> Iterator[tuple[str, bool]]:
    """The fonts of all texts on the first page, in forms as well, with whether the file holds them."""
    page = pypdfium2.PdfDocument(pdf)[0]
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=5):
        font = pdfium.FPDFTextObj_GetFont(item.raw)
        name = ctypes.create_string_buffer(100)
        pdfium.FPDFFont_GetBaseFontName(font, name, 100)
        yield name.value.decode(), pdfium.FPDFFont_GetIsEmbedded(font) == 1


def test_a_file_is_named_titled_and_in_dutch() -> None:
    (volume,) = letter_volumes(LETTERS, TERMS)
    assert volume.name == "brieven-000041-000052.pdf"
    document = pypdfium2.PdfDocument(volume.pdf)
    assert document.get_metadata_value("Title") == "Stembrieven Wijkbudget Bezuidenhout 2026"
    assert b"/Lang (nl)" in volume.pdf
    width, height = document[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


def test_equal_letters_give_equal_bytes(pdf: bytes) -> None:
    (again,) = letter_volumes(iter(LETTERS), TERMS)
    assert again.pdf == pdf


def test_no_letters_are_no_volumes() -> None:
    assert list(letter_volumes([], TERMS)) == []


def test_letters_are_taken_only_as_a_volume_is_asked_for() -> None:
    taken: list[int] = []
    noted = (taken.append(letter.serial) or letter for letter in letters(7))  # type: ignore[func-returns-value]
    volumes = letter_volumes(noted, TERMS, per_volume=3)
    assert next(volumes).name == "brieven-000001-000003.pdf"
    assert taken == [1, 2, 3]
    assert [volume.name for volume in volumes] == ["brieven-000004-000006.pdf", "brieven-000007-000007.pdf"]


def test_an_address_that_no_letter_can_hold_is_refused_in_words() -> None:
    with pytest.raises(TextDoesNotFit, match="do not fit"):
        one_letter(ONE, replace(TERMS, public_url="https://" + "a" * 2500))


@pytest.mark.proof
def test_memory_stays_that_of_one_volume_however_many_letters() -> None:
    one_letter(ONE, TERMS)  # fonts and classes are loaded before anything is measured
    few, many = (_peak(count, per_volume=whole(5, 500)) for count in whole((10, 25), (1_000, 10_000)))
    assert many < 1.05 * few


def test_volumes_that_are_kept_would_be_noticed() -> None:
    one_letter(ONE, TERMS)
    assert _peak(25, keep=True) > 1.2 * _peak(10)


def _peak(count: int, *, per_volume: int = 5, keep: bool = False) -> int:
    """The most memory (bytes) at once while so many letters go into a ZIP; all volumes are held if we `keep` them."""
    gc.collect()
    tracemalloc.start()
    volumes = letter_volumes(letters(count), TERMS, per_volume=per_volume)
    for piece in zipped(list(volumes) if keep else volumes):
        if (
            len(piece) > 1000
        ):  # a file, which its maker refers to in circles; when these are noticed is not our question
            gc.collect()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_zip_of_all_volumes_holds_every_letter_once() -> None:
    content = b"".join(zipped(letter_volumes(LETTERS, TERMS, per_volume=5)))
    with ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        shown = [text.replace(" ", "") for name in names for text in texts(archive.read(name))]
    assert names == [f"brieven-{first:06d}-{last:06d}.pdf" for first, last in ((41, 45), (46, 50), (51, 52))]
    assert [letter.code in text for letter, text in zip(LETTERS, shown, strict=True)] == [True] * len(LETTERS)
