from io import BytesIO

import pytest
import segno
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.printing.samples import is_white, pictures, scanned
from wijkbudget.printing.paper import Box
from wijkbudget.printing.qr import draw_qr, runs

PLACE = Box(100, 120, 44, 44)


def printed(content: str) -> bytes:
    file = BytesIO()
    sheet = Canvas(file, A4, invariant=1)
    draw_qr(sheet, content, PLACE)
    sheet.save()
    return file.getvalue()


def test_the_runs_cover_exactly_the_dark_modules() -> None:
    matrix = segno.make_qr("wijkbudget", error="m").matrix
    covered = [(row, column + step) for row, column, length in runs(matrix) for step in range(length)]
    assert len(covered) == len(set(covered))
    assert set(covered) == {(r, c) for r, row in enumerate(matrix) for c, is_dark in enumerate(row) if is_dark}


@pytest.mark.parametrize("length", [20, 60, 120])
def test_a_printed_code_reads_back_whatever_its_length(length: int) -> None:
    content = ("https://example.org/stem#" + "7K3QX0M2" * 20)[:length]
    found = scanned(pictures(printed(content))[0])
    assert found.text == content
    assert found.ec_level == "M"


def test_a_printed_code_is_at_least_30_mm_wide_with_white_around_it() -> None:
    (picture,) = pictures(printed("https://wijkbudget.example.org/stem#7K3QX0M22ABCDX9Z"))
    quiet = 44 * 4 / 41 - 0.3  # 4 of the 41 modules, less a pixel
    edge = PLACE.grown(0)
    assert is_white(picture, Box(edge.left, edge.top, 44, quiet))
    assert is_white(picture, Box(edge.left, edge.top, quiet, 44))
    assert is_white(picture, Box(edge.left, edge.top + 44 - quiet, 44, quiet))
    assert is_white(picture, Box(edge.left + 44 - quiet, edge.top, quiet, 44))
    assert not is_white(picture, Box(edge.left, edge.top, 44, quiet + 1))
    assert 44 - 2 * (quiet + 1) >= 30
