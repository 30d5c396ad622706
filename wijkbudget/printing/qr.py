"""QR codes as one filled path, sharp at any resolution."""

from collections.abc import Iterator
from itertools import groupby

import segno
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from .paper import PAGE, Box

QUIET = 4  # modules of white on each side, as ISO/IEC 18004 asks


def runs(matrix: tuple[bytearray, ...]) -> Iterator[tuple[int, int, int]]:
    """The dark modules as (row, column, how many in a row)."""
    for row, modules in enumerate(matrix):
        column = 0
        for is_dark, same in groupby(modules):
            length = len(list(same))
            if is_dark:
                yield row, column, length
            column += length


def draw_qr(sheet: Canvas, content: str, box: Box) -> None:
    """Fill the square `box` with a QR code of `content`, its quiet zone within the box; error correction M."""
    # The symbol grows with its content; segno weighs all masks, so that phones read it easily.
    matrix = segno.make_qr(content, error="m", boost_error=False).matrix
    sheet.saveState()
    sheet.translate(box.left * mm, (PAGE.height - box.top) * mm)
    module = box.width * mm / (len(matrix) + 2 * QUIET)
    sheet.scale(module, module)
    # whole numbers, written here: the library's own `rect` rounds each of them, which takes longer than all the rest
    path = [f"{QUIET + column} {-(QUIET + row + 1)} {length} 1 re" for row, column, length in runs(matrix)]
    sheet.setFillGray(0)
    sheet.drawPath(PDFPathObject(code=path), stroke=0, fill=1)
    sheet.restoreState()
