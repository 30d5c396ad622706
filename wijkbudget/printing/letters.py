"""Letters with a voting code as print-ready PDF: one A4 page each, in Dutch and in English.

Up to 45 mm the sender; from 45 to 95 mm the empty place of the address (see `paper`) and the briefnummer beside it;
then what it is about and the QR code; below the middle fold the code in large type; then how to vote, in Dutch and
below that in English.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from . import words
from .paper import (
    BOLD,
    DARK_GREEN,
    GREEN,
    PAGE,
    PLAIN,
    Box,
    Piece,
    draw_text,
    fitting_size,
    printable,
    register_fonts,
)
from .qr import draw_qr
from .terms import LetterTerms, VotingLetter
from .volumes import Volume

SUBJECT = Box(20, 101, 122, 44)
QR = Box(146, 101, 44, 44)
CODE = Box(20, 151, 170, 19)
DUTCH = Box(20, 174, 82, 39), Box(108, 174, 82, 39)
ENGLISH_SUBJECT = Box(20, 220, 170, 21)
ENGLISH = Box(20, 243, 82, 39), Box(108, 243, 82, 39)
REFERENCE_LEFT = 146
CODE_SIZE = 22
SYMBOL_WIDTH, DASH_WIDTH = 25.2, 22
SAME = "same"


def letter_volumes(letters: Iterable[VotingLetter], terms: LetterTerms, *, per_volume: int = 500) -> Iterator[Volume]:
    """The letters in files named for their first and last briefnummer; takes letters only as a file is asked for.

    Raises TextDoesNotFit.
    """
    remaining = iter(letters)
    while batch := list(islice(remaining, per_volume)):
        name = f"brieven-{batch[0].serial:06d}-{batch[-1].serial:06d}.pdf"
        yield Volume(name, _file(batch, terms))


def one_letter(letter: VotingLetter, terms: LetterTerms) -> bytes:
    """The PDF of a single letter. Raises TextDoesNotFit."""
    return _file([letter], terms)


def _file(letters: list[VotingLetter], terms: LetterTerms) -> bytes:
    register_fonts()
    content = BytesIO()
    size = (PAGE.width * mm, PAGE.height * mm)
    # invariant: equal letters give equal bytes, no clock is read
    sheet = Canvas(content, size, pageCompression=1, invariant=1, lang="nl", initialFontName=PLAIN)
    sheet.setTitle(f"Stembrieven {terms.title}")
    sheet.setAuthor(words.SENDER)
    _make_same(sheet, terms)
    for letter in letters:
        _page(sheet, letter, terms)
    sheet.save()
    return content.getvalue()


def _make_same(sheet: Canvas, terms: LetterTerms) -> None:
    """Set what all pages share once, as a form that each of them shows."""
    sheet.beginForm(SAME)
    _draw_frame(sheet, terms)
    dutch, english = words.dutch(terms), words.english(terms)
    subject = _subject(dutch, terms.title)
    draw_text(sheet, SUBJECT, subject, fitting_size(SUBJECT, subject))
    columns = [
        *zip(DUTCH, _columns(dutch), strict=True),
        (ENGLISH_SUBJECT, _english_subject(english)),
        *zip(ENGLISH, _columns(english), strict=True),
    ]
    size = min(fitting_size(box, pieces) for box, pieces in columns)  # one size, whichever language is longer
    for box, pieces in columns:
        draw_text(sheet, box, pieces, size)
    sheet.endForm()


def _subject(text: words.Words, title: str) -> list[Piece]:
    return [
        Piece(text.heading, scale=1.6, is_bold=True, colour=DARK_GREEN, after=0.3),
        Piece(title, scale=1.2, is_bold=True),
        Piece(text.introduction),
        Piece(text.period, is_bold=True),
    ]


def _english_subject(text: words.Words) -> list[Piece]:
    heading = Piece(text.heading, scale=1.25, is_bold=True, colour=DARK_GREEN, after=0.3)
    return [heading, Piece(text.introduction), Piece(text.period, is_bold=True)]


def _columns(text: words.Words) -> tuple[list[Piece], list[Piece]]:
    steps = [Piece(step, number=f"{number}.", after=0.25) for number, step in enumerate(text.steps, 1)]
    how = Piece(text.how, is_bold=True, colour=DARK_GREEN, after=0.3)
    return [how, *steps, Piece(text.change)], [Piece(note.text, lead=note.lead) for note in text.notes]


def _draw_frame(sheet: Canvas, terms: LetterTerms) -> None:
    """The sender, the lines, and the labels of what each page fills in."""
    sheet.setFillColor(DARK_GREEN)
    _write(sheet, 20, 24, words.SENDER, font=BOLD, size=14)
    _write(sheet, REFERENCE_LEFT, 24, "Wijkbudget", size=11)
    sheet.setStrokeColor(GREEN)
    _line(sheet, 29, thick=2)
    _line(sheet, 215.5, thick=0.75)
    sheet.setLineWidth(1.25)
    box = (CODE.left * mm, (PAGE.height - CODE.top - CODE.height) * mm, CODE.width * mm, CODE.height * mm)
    sheet.roundRect(*box, 2 * mm)
    sheet.setFillGray(0)
    _write(sheet, REFERENCE_LEFT, 53, " · ".join(words.SERIAL), size=8)
    _write(sheet, REFERENCE_LEFT, 70, " · ".join(words.HELP), size=8)
    _write(sheet, REFERENCE_LEFT, 76, terms.help_phone, font=BOLD, size=13)
    _write(sheet, CODE.left + 3, CODE.top + 5, " · ".join(words.CODE), size=8)


def _page(sheet: Canvas, letter: VotingLetter, terms: LetterTerms) -> None:
    sheet.doForm(SAME)
    sheet.setFillGray(0)  # black ink alone, for what must be read
    _write(sheet, REFERENCE_LEFT, 59, str(letter.serial), font=BOLD, size=13)
    if letter.replaces is not None:
        _write(sheet, REFERENCE_LEFT, 63.5, f"{' · '.join(words.REPLACES)} {letter.replaces}", size=8)
    _write_code(sheet, letter.code)
    draw_qr(sheet, terms.code_address(letter.code), QR)
    sheet.showPage()


def _write_code(sheet: Canvas, code: str) -> None:
    """Each symbol in a cell of its own width, as in a monospaced font, centred in the frame."""
    widths = [DASH_WIDTH if symbol == "-" else SYMBOL_WIDTH for symbol in code]
    x = (CODE.left + CODE.width / 2) * mm - sum(widths) / 2
    y = (PAGE.height - CODE.top - 14.5) * mm
    sheet.setFont(BOLD, CODE_SIZE)
    for symbol, width in zip(code, widths, strict=True):
        sheet.drawCentredString(x + width / 2, y, symbol)
        x += width


def _write(sheet: Canvas, left: float, top: float, text: str, *, font: str = PLAIN, size: float) -> None:
    """Write a short text whose baseline lies `top` millimetres from the top."""
    sheet.setFont(font, size)
    sheet.drawString(left * mm, (PAGE.height - top) * mm, printable(text))


def _line(sheet: Canvas, top: float, *, thick: float) -> None:
    sheet.setLineWidth(thick)
    sheet.line(20 * mm, (PAGE.height - top) * mm, 190 * mm, (PAGE.height - top) * mm)
