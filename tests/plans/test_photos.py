"""Photos come in as anything and go out small, upright and anonymous."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from PIL import Image

from wijkbudget.plans.photos import (
    LARGEST_FILE,
    LONGEST_SIDE,
    NotAPhoto,
    PhotoTooLarge,
    PhotoUpload,
    developed_photo,
    new_photo,
)
from wijkbudget.plans.rules import PhotoNeedsText
from wijkbudget.refusal import Refusal

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def picture(width: int, height: int, *, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A file with a red left half and a blue right half."""
    image = Image.new(mode, (width, height), "red" if mode != "L" else 60)
    image.paste("blue" if mode != "L" else 200, (width // 2, 0, width, height))
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def opened(webp: bytes) -> Image.Image:
    return Image.open(BytesIO(webp), formats=["WEBP"])


def empty_png(width: int, height: int) -> bytes:
    """A PNG that claims a size and has hardly any pixels."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(bytes(100)))


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_in_three_widths_as_webp(kind: str) -> None:
    developed = developed_photo(picture(1600, 1200, kind=kind))
    assert (developed.width, developed.height) == (1200, 900)
    assert [(width, opened(webp).size) for width, webp in developed.renditions] == [
        (400, (400, 300)), (800, (800, 600)), (1200, (1200, 900)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("width", "kept"), [(4000, [400, 800, 1200]), (1199, [400, 800]), (800, [400, 800]), (300, [300]), (1, [1])]
)
def test_a_small_photo_is_never_enlarged(width: int, kept: list[int]) -> None:
    developed = developed_photo(picture(width, 30))
    assert [width for width, _ in developed.renditions] == kept
    assert developed.width == kept[-1]


def test_place_camera_and_colour_profile_are_gone() -> None:
    exif = Image.Exif()
    exif[MAKE] = "Camera of Samira"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 4.0, 48.0), 3: "E", 4: (4.0, 18.0, 0.0)})
    data = picture(1600, 1200, exif=exif, icc_profile=b"a colour profile", comment=b"a comment", xmp=b"<x:xmpmeta/>")
    assert Image.open(BytesIO(data)).getexif().get_ifd(GPS)
    for _, webp in developed_photo(data).renditions:
        assert not opened(webp).getexif()
        assert set(opened(webp).info) <= {"loop", "background", "timestamp", "duration"}
        assert all(mark not in webp for mark in (b"EXIF", b"ICCP", b"XMP ", b"Samira", b"comment"))


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    developed = developed_photo(picture(1600, 800, exif=exif))
    assert (developed.width, developed.height) == (800, 1600)
    upright = opened(developed.renditions[0][1]).convert("RGB")
    top = upright.getpixel((200, 10))
    assert isinstance(top, tuple)
    assert top[0] > 200
    assert top[2] < 60


def test_of_an_animation_the_first_picture_is_kept() -> None:
    frames = [Image.new("RGB", (500, 300), colour) for colour in ("red", "blue")]
    written = BytesIO()
    frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:])
    kept = opened(developed_photo(written.getvalue()).renditions[0][1])
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((10, 10)) == pytest.approx((255, 0, 0), abs=6)


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "1")]
)
def test_photos_in_other_colour_modes_are_kept_too(kind: str, mode: str) -> None:
    data = BytesIO()
    Image.new("RGB", (500, 300), "red").convert(mode).save(data, kind)
    assert developed_photo(data.getvalue()).width == 400


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"This is a letter, not a photo.",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>',
        picture(800, 600)[:3000],
        picture(800, 600, kind="PNG")[:-60],
        picture(800, 600, kind="WEBP")[:100],
        picture(800, 600, kind="GIF"),
        picture(800, 600, kind="BMP"),
        b"\xff\xd8\xff" + bytes(1000),
        empty_png(600, 600),
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "half-jpeg",
        "half-png",
        "half-webp",
        "gif",
        "bmp",
        "false-jpeg",
        "png-without-pixels",
    ],
)
def test_what_is_no_whole_photo_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPhoto):
        developed_photo(data)


@pytest.mark.parametrize("size", [(60_000, 60_000), (5_001, 5_000), (12_000, 9_000), (LONGEST_SIDE + 1, 10)])
def test_too_many_pixels_are_refused_at_once_and_unseen(size: tuple[int, int]) -> None:
    began = time.monotonic()
    with pytest.raises(PhotoTooLarge):
        developed_photo(empty_png(*size))
    assert time.monotonic() - began < 1


def test_a_phone_photo_of_24_megapixels_is_kept() -> None:
    assert developed_photo(picture(5712, 4284)).width == 1200


def test_a_photo_of_many_scans_is_refused_before_it_is_decoded() -> None:
    photo = picture(3000, 3000, progressive=True)
    last = photo.rindex(b"\xff\xda")
    began = time.monotonic()
    with pytest.raises(PhotoTooLarge):
        developed_photo(photo[:last] + photo[last:-2] * 300 + photo[-2:])
    assert time.monotonic() - began < 0.2


def test_a_photo_without_words_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(PhotoNeedsText):
        new_photo(PhotoUpload(b"a letter", " "))
    with pytest.raises(NotAPhoto):
        new_photo(PhotoUpload(b"a letter", "Een brief"))


def test_a_file_of_20_megabytes_is_refused_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(PhotoTooLarge):
        developed_photo(picture(800, 600) + bytes(20_000_000))
    assert time.monotonic() - began < 1


def test_a_file_of_exactly_the_limit_is_kept() -> None:
    data = picture(800, 600)
    developed_photo(data + bytes(LARGEST_FILE - len(data)))
    with pytest.raises(PhotoTooLarge):
        developed_photo(data + bytes(LARGEST_FILE - len(data) + 1))


@pytest.mark.filterwarnings("ignore")  # Pillow warns of what it repairs
def test_no_broken_byte_leads_to_anything_but_a_refusal() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    for data in (picture(60, 40, exif=exif), picture(60, 40, kind="PNG"), picture(60, 40, kind="WEBP")):
        for place in range(0, min(len(data), 400), 3):
            try:
                developed_photo(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
            except Refusal:
                continue
