"""What the documents name is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECURITY = (ROOT / "docs" / "security.md").read_text()


def missing_proofs(text: str) -> list[str]:
    """The tests that a text names, as `tests/….py::test_…`, and that are not there."""
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", text)
    return [f"{file}::{test}" for file, test in named if not _is_there(ROOT / file, test)]


def _is_there(file: Path, test: str) -> bool:
    return file.is_file() and f"def {test}" in file.read_text()


def test_every_proof_that_the_page_on_security_names_exists() -> None:
    assert SECURITY.count("`tests/") > 30
    assert missing_proofs(SECURITY) == []


def test_a_proof_that_does_not_exist_is_noticed() -> None:
    assert missing_proofs("`tests/test_documents.py::test_nothing` and `tests/test_nowhere.py`") != []
    assert len(missing_proofs("`tests/test_documents.py::test_nothing` and `tests/test_nowhere.py`")) == 2


def test_every_document_of_the_folder_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [file.name for file in (ROOT / "docs").glob("*.md") if f"docs/{file.name}" not in readme] == []
