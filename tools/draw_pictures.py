"""Redraws wijkbudget/demo/pictures/*.webp from the scenes; needs rsvg-convert (librsvg2-bin)."""

import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from wijkbudget.demo.scenes import SCENES, picture

FOLDER = Path(__file__).parent.parent / "wijkbudget" / "demo" / "pictures"
QUALITY = 80


def main() -> None:
    """Draw every scene."""
    if shutil.which("rsvg-convert") is None:
        sys.exit("The pictures need rsvg-convert: install librsvg2-bin.")
    FOLDER.mkdir(exist_ok=True)
    for name in SCENES:
        drawn = subprocess.run(["rsvg-convert"], input=picture(name).encode(), capture_output=True, check=True)
        target = FOLDER / f"{name}.webp"
        Image.open(BytesIO(drawn.stdout)).convert("RGB").save(target, quality=QUALITY, method=6)
        print(f"{target.name} {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
