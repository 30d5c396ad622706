"""What the documents name is there."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SECURITY = (ROOT / "docs" / "security.md").read_text()


def missing_proofs(text: str) -> list[str]:
    """The tests that a text names, as `faults/test_run.py::test_…`, and that are not there."""
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", text)
    return [f"{file}::{test}" for file, test in named if not _is_there(TESTS / file, test)]


def _is_there(file: Path, test: str) -> bool:
    return file.is_file() and f"def {test}(" in file.read_text()


def test_every_proof_that_the_page_on_security_names_exists() -> None:
    assert SECURITY.count(".py::test_") > 50
    assert missing_proofs(SECURITY) == []


def test_a_proof_that_does_not_exist_is_noticed() -> None:
    assert len(missing_proofs("`test_documents.py::test_nothing` and `test_nowhere.py::test_it`")) == 2


def test_every_document_of_the_folder_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [file.name for file in (ROOT / "docs").glob("*.md") if f"docs/{file.name}" not in readme] == []
