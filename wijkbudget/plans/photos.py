"""Photos as people send them, and what is kept: smaller, re-encoded, without anything that tells where it was taken."""

import struct
from dataclasses import dataclass
from io import BytesIO
from secrets import token_hex

from PIL import Image, ImageOps

from ..people.rules import require_text
from ..refusal import Refusal
from .effort import asks_too_much
from .rules import LONGEST_ALT_TEXT, WIDTHS, PhotoNeedsText, rendition_widths
from .tables import Photo, Rendition

LARGEST_FILE = 12 * 1024 * 1024
MOST_PIXELS = 25_000_000  # a phone's 24 megapixels pass; developing them takes about a second
LONGEST_SIDE = 16_000  # WebP ends at 16,383
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 72  # half the bytes of a JPEG that looks the same (measured on a street photo)
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, struct.error)  # what Pillow raises


class NotAPhoto(Refusal):
    """The file is no whole JPEG, PNG or WebP picture, whatever its name says."""


class PhotoTooLarge(Refusal):
    """The file has too many bytes, the picture too many pixels, or decoding it would take too long."""


@dataclass(frozen=True)
class PhotoUpload:
    """A file as it was sent, and what can be seen on it in words."""

    data: bytes
    alt: str


@dataclass(frozen=True)
class Developed:
    """A photo ready to store: width and height in pixels of the largest rendition, and each width with its WebP."""

    width: int
    height: int
    renditions: tuple[tuple[int, bytes], ...]


def developed_photo(data: bytes) -> Developed:
    """The photo in the widths that we show, upright and without metadata. Raises NotAPhoto, PhotoTooLarge."""
    if len(data) > LARGEST_FILE or asks_too_much(data):
        raise PhotoTooLarge()
    image = _decoded(data)
    renditions = []
    for width in sorted(rendition_widths(image.width), reverse=True):  # each from the larger one: that is quicker
        image = _narrowed(image, width)
        renditions.append((image, width))
    largest, width = renditions[0]
    return Developed(width, largest.height, tuple((width, _webp(image)) for image, width in reversed(renditions)))


def new_photo(upload: PhotoUpload) -> Photo:
    """The row of a photo, under a random name. Raises PhotoNeedsText, TextTooLong, NotAPhoto, PhotoTooLarge."""
    if not upload.alt.strip():
        raise PhotoNeedsText()
    require_text(upload.alt, field="alt", longest=LONGEST_ALT_TEXT)
    kept = developed_photo(upload.data)
    renditions = [Rendition(width=width, webp=webp) for width, webp in kept.renditions]
    return Photo(name=token_hex(16), alt=upload.alt, width=kept.width, height=kept.height, renditions=renditions)


def _decoded(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            _require_few_pixels(image)
            image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
            upright = ImageOps.exif_transpose(image)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise PhotoTooLarge() from bomb
    except UNREADABLE as failure:
        raise NotAPhoto() from failure


def _require_few_pixels(image: Image.Image) -> None:
    # Only the header has been read here: a picture of 60,000 by 60,000 is refused before it takes any memory.
    if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        raise PhotoTooLarge()


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width == width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _webp(image: Image.Image) -> bytes:
    image.info = {}  # what came with the file stays behind: place, camera, colour profile, comments
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY)
    return written.getvalue()
