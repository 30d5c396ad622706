"""An election in a file."""

from pathlib import Path

import pytest

from tests.tally.elections import FILE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small election in Pabulib's format."""
    path = tmp_path / "wijk.pb"
    path.write_text(FILE)
    return path
