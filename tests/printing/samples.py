"""Letters to print in tests, and eyes to read them with."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pypdfium2
import zxingcpp
from PIL import Image

from wijkbudget.ballots.codes import SYMBOLS, written_code
from wijkbudget.printing.paper import PAGE, Box
from wijkbudget.printing.terms import LetterTerms, VotingLetter
from wijkbudget.rounds.rules import LONGEST_AREA_NAME, LONGEST_TITLE

DPI = 120
SITE = "https://wijkbudget.example.org"
TERMS = LetterTerms(
    title="Wijkbudget Bezuidenhout 2026", area="Bezuidenhout", budget=150_000_00,
    opens=datetime(2026, 11, 2, 8, tzinfo=UTC), closes=datetime(2026, 11, 16, 11, tzinfo=UTC),
    youngest=16, may_change=True, public_url=SITE,
)  # fmt: skip
WIDEST = LetterTerms(
    title="W" * LONGEST_TITLE, area="W" * LONGEST_AREA_NAME, budget=99_999_999_99,
    opens=datetime(2026, 9, 30, 8, tzinfo=UTC), closes=datetime(2026, 12, 30, 22, 59, tzinfo=UTC),
    youngest=16, may_change=False, public_url="https://wijkbudget.stadsdeel-loosduinen.gemeente.example.org",
)  # fmt: skip


def code(number: int) -> str:
    """A written code, another one for each number."""
    symbols = [SYMBOLS[(number * (place + 3) + number // 32 ** (place % 3) + place) % 32] for place in range(16)]
    return written_code("".join(symbols))


def letters(count: int, *, first: int = 1) -> Iterator[VotingLetter]:
    """Letters with serials from `first`."""
    return (VotingLetter(serial, code(serial)) for serial in range(first, first + count))


def texts(pdf: bytes) -> list[str]:
    """The text of each page, each run of spaces as one."""
    pages = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().replace("\xa0", " ").split()) for page in pages]


def pictures(pdf: bytes) -> list[Image.Image]:
    """Each page as grey pixels."""
    return [page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def scanned(picture: Image.Image) -> zxingcpp.Barcode:
    """The one QR code in the picture."""
    (found,) = zxingcpp.read_barcodes(picture)
    return found


def is_white(picture: Image.Image, box: Box) -> bool:
    """Whether nothing at all is printed in the box."""
    return _cut(picture, box).getextrema() == (255, 255)


def margins(width: float) -> list[Box]:
    """The four edges of the paper."""
    return [
        Box(0, 0, PAGE.width, width),
        Box(0, PAGE.height - width, PAGE.width, width),
        Box(0, 0, width, PAGE.height),
        Box(PAGE.width - width, 0, width, PAGE.height),
    ]


def _cut(picture: Image.Image, box: Box) -> Image.Image:
    corners = (box.left, box.top, box.left + box.width, box.top + box.height)
    return picture.crop(tuple(round(corner / 25.4 * DPI) for corner in corners))  # type: ignore[arg-type]
