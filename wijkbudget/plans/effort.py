"""How much work a picture file asks, told from its outline before anything of it is decoded."""

import re

MOST_SCANS = 32  # a progressive photo has about ten; each scan costs a pass over all pixels, in very few bytes
MOST_PIECES = 5_000  # a file of the largest size in PNG chunks of 4 kB has three thousand
START_OF_SCAN, END_OF_IMAGE, WITHOUT_LENGTH = 0xDA, 0xD9, 0x01
ARITHMETIC = range(0xC9, 0xD0)  # no camera writes it; Huffman coding is what browsers can show
_PNG = b"\x89PNG\r\n\x1a\n"
# Within a scan FF 00 is data and FF D0 to FF D7 are its restarts; no `+` here: it would search quadratically.
_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])", re.DOTALL)


def asks_too_much(data: bytes) -> bool:
    """Whether decoding would take long for reasons that the number of bytes and of pixels does not show."""
    if data.startswith(b"\xff\xd8"):
        return _jpeg_asks_too_much(data)
    return data.startswith(_PNG) and _has_many_chunks(data)


def _jpeg_asks_too_much(data: bytes) -> bool:
    at, scans, pieces, in_scan = 2, 0, 0, False
    while found := _MARKER.search(data, at, len(data) if in_scan else at + MOST_PIECES):
        kind = found[1][0]
        scans += kind == START_OF_SCAN
        # Outside a scan, Pillow reads whatever is no segment byte by byte.
        pieces += 1 + (0 if in_scan else found.start() - at)
        if kind in ARITHMETIC or scans > MOST_SCANS or pieces > MOST_PIECES:
            return True
        if kind == END_OF_IMAGE:
            return False
        in_scan = kind == START_OF_SCAN
        at = found.end()
        if kind != WITHOUT_LENGTH:
            at += int.from_bytes(data[at : at + 2], "big")
    return not in_scan and len(data) - at > MOST_PIECES


def _has_many_chunks(data: bytes) -> bool:
    at, chunks = len(_PNG), 0
    while at < len(data) and chunks <= MOST_PIECES:
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        chunks += 1
    return chunks > MOST_PIECES
