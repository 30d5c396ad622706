import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from wijkbudget.web.assets import asset, icon


@pytest.fixture
def static(tmp_path: Path) -> Iterator[Path]:
    """An empty static folder of an application that is answering."""
    app = Flask(__name__, static_folder=str(tmp_path))
    with app.app_context():
        yield tmp_path


def build(static: Path, **names: str) -> None:
    (static / "dist").mkdir()
    (static / "dist" / "manifest.json").write_text(json.dumps({"icons.svg": "icons-1a.svg", **names}))


def test_an_address_holds_the_hash_of_the_content(static: Path) -> None:
    build(static, **{"app.css": "app-0123456789.css"})
    assert asset("app.css").endswith("/dist/app-0123456789.css")


def test_without_built_assets_the_error_says_what_to_do(static: Path) -> None:
    with pytest.raises(RuntimeError, match="run make assets"):
        asset("app.css")


def test_a_file_that_was_not_built_is_an_error(static: Path) -> None:
    build(static)
    with pytest.raises(RuntimeError, match=r"no app\.js: run make assets"):
        asset("app.js")


def test_the_manifest_is_read_once(static: Path) -> None:
    build(static)
    first = asset("icons.svg")
    (static / "dist" / "manifest.json").unlink()
    assert asset("icons.svg") == first


def test_an_icon_is_hidden_from_who_reads_with_the_ears(static: Path) -> None:
    build(static)
    assert 'aria-hidden="true"' in icon("heart")
    assert 'dist/icons-1a.svg#i-heart"' in icon("heart")


def test_the_name_of_an_icon_cannot_break_out_of_its_attribute(static: Path) -> None:
    build(static)
    assert "<script>" not in icon('"><script>')
