"""tests/plans/test_effort.py tests wijkbudget/plans/effort.py: files of few bytes and much work."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from PIL import Image

from wijkbudget.plans.effort import MOST_PIECES, MOST_SCANS, asks_too_much

SCAN = b"\xff\xda\x00\x02"


def picture(kind: str, **options: object) -> bytes:
    written = BytesIO()
    Image.effect_noise((600, 400), 90).convert("RGB").save(written, kind, **options)
    return written.getvalue()


def scanned(times: int) -> bytes:
    """A progressive photo whose last scan is repeated until there are this many."""
    photo = picture("JPEG", progressive=True)
    first, last = photo.count(SCAN[:2]), photo.rindex(SCAN[:2])
    return photo[:last] + photo[last:-2] * (times - first + 1) + photo[-2:]


def chunks(times: int) -> bytes:
    """A PNG with this many empty chunks."""
    empty = struct.pack(">I", 0) + b"prVt" + struct.pack(">I", zlib.crc32(b"prVt"))
    photo = picture("PNG")
    return photo[:33] + empty * times + photo[33:]


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("JPEG", {"restart_marker_rows": 1}), ("PNG", {}), ("WEBP", {})],
)
def test_photos_as_cameras_write_them_pass(kind: str, options: dict[str, object]) -> None:
    assert not asks_too_much(picture(kind, **options))


def test_a_progressive_photo_may_have_32_scans_and_not_one_more() -> None:
    assert not asks_too_much(scanned(MOST_SCANS))
    assert asks_too_much(scanned(MOST_SCANS + 1))


def test_a_small_picture_within_the_photo_is_no_scan_of_it() -> None:
    photo, thumbnail = picture("JPEG"), SCAN * 100
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    assert not asks_too_much(photo[:2] + segment + photo[2:])


def test_what_follows_the_end_of_the_image_costs_nothing() -> None:
    assert not asks_too_much(picture("JPEG") + scanned(MOST_SCANS + 1))


def test_a_marker_without_length_hides_no_scans() -> None:
    photo = scanned(MOST_SCANS + 1)
    last = photo.rindex(SCAN[:2])
    assert asks_too_much(photo[:last] + b"\xff\x01" + photo[last:])


@pytest.mark.parametrize("filler", [b"\xff\xfe\x00\x02", b"\xff", b"\xff\x00"], ids=["comments", "fill", "zeros"])
def test_a_photo_of_millions_of_pieces_is_refused_at_once(filler: bytes) -> None:
    photo = picture("JPEG")
    began = time.monotonic()
    assert asks_too_much(photo[:2] + filler * (11_000_000 // len(filler)) + photo[2:])
    assert asks_too_much(photo[:2] + filler * (11_000_000 // len(filler)))
    assert time.monotonic() - began < 0.5


def test_a_png_may_have_thousands_of_chunks_and_not_a_million() -> None:
    assert not asks_too_much(chunks(MOST_PIECES - 100))
    assert asks_too_much(chunks(900_000))


def test_a_photo_by_arithmetic_coding_is_refused() -> None:
    photo = picture("JPEG")
    assert asks_too_much(photo.replace(b"\xff\xc0", b"\xff\xc9", 1))
