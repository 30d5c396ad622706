"""Letters with voting codes, against as many bare pages of the library.

`python -m benchmarks.letters 10000` makes ten thousand.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from wijkbudget.ballots.codes import new_code, written_code
from wijkbudget.clock import Clock
from wijkbudget.printing.letters import letter_volumes
from wijkbudget.printing.terms import LetterTerms, VotingLetter

from .measure import held, peak, run_apart, seconds

LETTERS = 500


def lines() -> list[str]:
    """The line of the quick run."""
    return [run_apart("benchmarks.letters", str(LETTERS))]


def made_up(number: int) -> Iterator[VotingLetter]:
    """So many letters, each made as it is asked for."""
    return (VotingLetter(serial, written_code(new_code())) for serial in range(1, number + 1))


def bare_pages(number: int) -> int:
    """The bytes of so many pages with one line of text each."""
    content = BytesIO()
    sheet = Canvas(content, A4, pageCompression=1)
    for page in range(number):
        sheet.drawString(100, 700, str(page))
        sheet.showPage()
    sheet.save()
    return len(content.getvalue())


def measured(number: int) -> str:
    """The line to print: letters per second, growth of the memory, size, and CPU time against bare pages."""
    now = Clock().now()
    terms = LetterTerms(
        title="Benchmark", area="Bezuidenhout", budget=4_000_000, opens=now, closes=now + timedelta(days=14),
        youngest=12, may_change=True, public_url="https://wijkbudget.example.org",
    )  # fmt: skip
    before = held()
    taken, size = seconds(lambda: sum(len(volume.pdf) for volume in letter_volumes(made_up(number), terms)))
    grown = max(0, peak() - before)
    bare, _ = seconds(lambda: bare_pages(number))
    return (
        f"  {number:>9,} letters {taken:>20.1f} s {number / taken:>8,.0f} letters/s +{grown:>4.0f} MB"
        f" {taken / bare:>6.1f} ×   {size / 1e6:.1f} MB of PDF"
    )


if __name__ == "__main__":
    print(measured(int(sys.argv[1])))
