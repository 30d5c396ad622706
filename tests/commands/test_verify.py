from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.results.packages import OTHER_KEY, PUBLIC, record, signed
from wijkbudget.commands.verify import verify

PACKAGE = signed(record())


def run(data: bytes, folder: Path, *options: str) -> Result:
    path = folder / "round.zip"
    path.write_bytes(data)
    return CliRunner().invoke(verify, [str(path), *options])


def test_a_package_that_is_right_ends_with_status_0_and_tells_each_check(tmp_path: Path) -> None:
    result = run(PACKAGE, tmp_path, "--key", PUBLIC.hex())
    assert result.exit_code == 0, result.output
    assert result.output.count("✓ ") == 9
    assert f"Fingerprint of the key: {sha256(PUBLIC).hexdigest()}\nIt is the key that you gave." in result.output
    assert result.output.endswith("The package is right.\n")


def test_without_a_key_it_says_what_the_signature_proves(tmp_path: Path) -> None:
    result = run(PACKAGE, tmp_path)
    assert result.exit_code == 0
    assert "nobody but the holder of this key changed the package since" in result.output
    assert "city's site" in result.output


def test_a_changed_package_ends_with_status_1_and_says_where(tmp_path: Path) -> None:
    start = PACKAGE.index(b"tracker,blank")
    result = run(PACKAGE[:start] + b"T" + PACKAGE[start + 1 :], tmp_path)
    assert result.exit_code == 1
    assert "✓ manifest.json is signed by the key" in result.output
    assert "✗ ballots.csv: this file was changed" in result.output
    assert result.output.endswith("This package is NOT right.\n")


def test_another_key_ends_with_status_1(tmp_path: Path) -> None:
    result = run(PACKAGE, tmp_path, "--key", bytes(OTHER_KEY.verify_key).hex())
    assert result.exit_code == 1
    assert "✗ signature.txt: the package was signed with another key" in result.output


def test_something_else_ends_with_status_2(tmp_path: Path) -> None:
    result = run(b"hello", tmp_path)
    assert result.exit_code == 2
    assert "round.zip is not the package of a round" in result.output


@pytest.mark.parametrize("key", ["xyz", "ab", "0" * 66])
def test_a_mistyped_key_ends_with_status_2(key: str, tmp_path: Path) -> None:
    result = run(PACKAGE, tmp_path, "--key", key)
    assert result.exit_code == 2
    assert "a key is 64 hexadecimal digits" in result.output


def test_what_is_larger_than_any_package_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "round.zip"
    with path.open("wb") as file:
        file.truncate(2**40)
    result = CliRunner().invoke(verify, [str(path)])
    assert (result.exit_code, "larger than the package of a round can be" in result.output) == (2, True)
