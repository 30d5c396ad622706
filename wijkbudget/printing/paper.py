"""A4 paper: its measures, its fonts, and texts that always fit their place.

The address window is that of the Dutch `venster links` (envelopes C5 with the paper folded once, EA5/6 or DL with the
paper folded in three): 90 × 40 mm, 20 mm from the left and 50 mm from the top of the paper. The text of NEN 1026 is not
public and makers differ by some millimetres, so nothing is printed within 5 mm of it, and a proof in the print shop's
own envelope decides. The paper can slide in a C5 envelope by 14 mm up or down and 19 mm sideways, so nothing secret
stands above 105 mm. The folds lie at 99, 148.5 and 198 mm.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

PLAIN, BOLD = "Vera", "VeraBd"
BLACK, GREEN, DARK_GREEN = HexColor("#000000"), HexColor("#238541"), HexColor("#1e6c35")
LEADING = 1.28
SIZES = [quarter / 4 for quarter in range(40, 15, -1)]  # from 10 down to 4 points


@dataclass(frozen=True)
class Box:
    """A rectangle on the paper, in millimetres from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    def grown(self, by: float) -> "Box":
        """The same with a border of `by` millimetres around it."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)


PAGE = Box(0, 0, 210, 297)
WINDOW = Box(20, 50, 90, 40)
CLEAR = WINDOW.grown(5)
"""Where nothing is printed, so that the print shop can put the address there."""


class TextDoesNotFit(ValueError):
    """Even in the smallest letters the text is longer than its place."""


@dataclass(frozen=True)
class Piece:
    """A paragraph, which may begin with a bold `lead` or a `number`; `scale` and `after` are relative to the size."""

    text: str
    lead: str = ""
    number: str = ""
    scale: float = 1
    after: float = 0.5
    is_bold: bool = False
    colour: Color = BLACK


@cache
def register_fonts() -> None:
    """Make the two fonts known, once; both are embedded in every file, as print shops ask."""
    registerFont(TTFont(PLAIN, "Vera.ttf"))
    registerFont(TTFont(BOLD, "VeraBd.ttf"))
    registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    registerFontFamily(BOLD, normal=BOLD, bold=BOLD, italic=BOLD, boldItalic=BOLD)


def printable(text: str) -> str:
    """The text in letters that the font has: `ą` loses its mark, and what has no Latin letter becomes `?`."""
    register_fonts()
    glyphs = getFont(PLAIN).face.charToGlyph
    letters = (" " if letter.isspace() and letter != "\N{NO-BREAK SPACE}" else letter for letter in text)
    return "".join(
        letter if ord(letter) in glyphs else _without_marks(letter, glyphs)
        for letter in unicodedata.normalize("NFC", "".join(letters))
    )


def _without_marks(letter: str, glyphs: dict[int, int]) -> str:
    if unicodedata.category(letter) in {"Cc", "Cf", "Mn"}:
        return ""  # invisible by itself: a joiner, a direction, a loose mark
    bare = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    return "".join(part if ord(part) in glyphs else "?" for part in bare)


def fitting_size(box: Box, pieces: Sequence[Piece]) -> float:
    """The largest size (points, at most 10) at which the pieces fit into the box. Raises TextDoesNotFit."""
    for size in SIZES:
        if _height(box, pieces, size) <= box.height * mm:
            return size
    raise TextDoesNotFit(f"{len(pieces)} paragraphs do not fit into {box.width:g} by {box.height:g} mm")


def draw_text(sheet: Canvas, box: Box, pieces: Sequence[Piece], size: float) -> None:
    """Set the pieces from the top of the box downwards, wrapped to its width; a word that is too long is broken."""
    y = (PAGE.height - box.top) * mm
    for piece in pieces:
        paragraph = _paragraph(piece, size)
        _, height = paragraph.wrap(box.width * mm, PAGE.height * mm)
        paragraph.drawOn(sheet, box.left * mm, y - height)
        y -= height + piece.after * piece.scale * size


def _height(box: Box, pieces: Sequence[Piece], size: float) -> float:
    heights = [_paragraph(piece, size).wrap(box.width * mm, PAGE.height * mm)[1] for piece in pieces]
    between = [piece.after * piece.scale * size for piece in pieces[:-1]]
    return float(sum(heights) + sum(between))


def _paragraph(piece: Piece, size: float) -> Paragraph:
    font = BOLD if piece.is_bold else PLAIN
    points = piece.scale * size
    style = ParagraphStyle(
        "piece", fontName=font, fontSize=points, leading=points * LEADING, textColor=piece.colour, splitLongWords=1,
        leftIndent=1.6 * points if piece.number else 0, bulletFontName=BOLD, bulletFontSize=points,
        bulletColor=DARK_GREEN,
    )  # fmt: skip
    lead = f"<b>{escape(printable(piece.lead))}</b> " if piece.lead else ""
    return Paragraph(lead + escape(printable(piece.text)), style, bulletText=piece.number or None)
