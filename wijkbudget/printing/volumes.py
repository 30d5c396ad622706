"""Volumes: PDF files of some hundred letters each, and all of them as one ZIP that is never held whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from zipfile import ZIP_STORED, ZipFile, ZipInfo

EPOCH = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest moment that a ZIP can tell: no clock is read, equal letters give equal files
ONLY_THE_OWNER = 0o600 << 16


@dataclass(frozen=True)
class Volume:
    """A file of letters; it holds their codes, so `repr` leaves the content out."""

    name: str
    pdf: bytes = field(repr=False)


class _Pieces:
    """A stream that cannot be rewound and gives away what was written to it."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Keep the piece until it is taken."""
        self._written.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing to let go of."""

    def taken(self) -> list[bytes]:
        """What was written since this was asked last."""
        written, self._written = self._written, []
        return written


def zipped(volumes: Iterable[Volume]) -> Iterator[bytes]:
    """A ZIP of the volumes in pieces, each volume given away before the next one is asked for."""
    stream = _Pieces()
    with ZipFile(stream, "w", ZIP_STORED) as archive:  # pages are compressed already
        for volume in volumes:
            entry = ZipInfo(volume.name, EPOCH)
            entry.external_attr = ONLY_THE_OWNER
            archive.writestr(entry, volume.pdf)
            del volume  # or it would still be held while the next one is made
            yield from stream.taken()
    yield from stream.taken()
