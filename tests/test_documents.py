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


def rows_without(text: str, column: int) -> list[str]:
    """The promises of a table of which this column names no test."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| **")]
    return [row[0] for row in rows if len(row) != 4 or ".py::test_" not in row[column]]


def test_every_promise_has_a_proof_and_a_control() -> None:
    assert SECURITY.count("\n| **") >= 20
    assert (rows_without(SECURITY, 2), rows_without(SECURITY, 3)) == ([], [])


def test_a_promise_without_a_control_is_noticed() -> None:
    row = "| **A promise** | how | `test_documents.py::test_it` | {control} |"
    for control in ("none", "none; each test asserts much", ""):
        assert rows_without(row.format(control=control), 3) == ["**A promise**"]
    assert rows_without(row.format(control="`test_documents.py::test_that`"), 3) == []


def test_every_document_of_the_folder_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [file.name for file in (ROOT / "docs").glob("*.md") if f"docs/{file.name}" not in readme] == []
