"""What the browser fetches beside the page: addresses that hold a hash, and icons from one sprite."""

import json
from functools import cache
from pathlib import Path
from typing import cast

from flask import current_app
from markupsafe import Markup

FOLDER = "dist"
ICON = Markup('<svg class="wb-icon" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>')


def asset(name: str) -> str:
    """The address of a built file such as `app.css`. Raises RuntimeError if it was not built."""
    names = _manifest(Path(current_app.static_folder or "") / FOLDER / "manifest.json")
    if name not in names:
        raise RuntimeError(f"static/dist/ holds no {name}: run make assets")
    return f"{current_app.static_url_path}/{FOLDER}/{names[name]}"


def icon(name: str) -> Markup:
    """A small drawing without meaning of its own: the words beside it say it."""
    return ICON.format(asset("icons.svg"), name)


@cache
def _manifest(path: Path) -> dict[str, str]:
    try:
        return cast(dict[str, str], json.loads(path.read_text()))
    except FileNotFoundError:
        raise RuntimeError("static/dist/ was not built yet: run make assets") from None
