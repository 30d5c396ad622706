"""What the browser fetches beside the page: addresses that hold a hash, and icons from one sprite."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, current_app
from markupsafe import Markup

FOLDER = "dist"
ICON = Markup('<svg class="wb-icon" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>')


def install(app: Flask) -> None:
    """Let templates name assets and icons."""
    app.jinja_env.globals.update(asset=asset, icon=icon)


def asset(name: str) -> str:
    """The address of a built file such as `app.css`, one for all languages. Raises RuntimeError if it was not built."""
    addresses = _addresses(current_app.static_folder or "", current_app.static_url_path or "")
    if name not in addresses:
        raise RuntimeError(f"static/dist/ holds no {name}: run make assets")
    return addresses[name]


def icon(name: str) -> Markup:
    """A small drawing without meaning of its own: the words beside it say it."""
    return _drawing(asset("icons.svg"), name)


@cache  # a page has a hundred
def _drawing(sprite: str, name: str) -> Markup:
    return ICON.format(sprite, name)


@cache
def _addresses(folder: str, url: str) -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((Path(folder) / FOLDER / "manifest.json").read_text())
    except FileNotFoundError:
        raise RuntimeError("static/dist/ was not built yet: run make assets") from None
    return {name: f"{url}/{FOLDER}/{hashed}" for name, hashed in manifest.items()}
