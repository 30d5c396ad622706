"""The ZIP of a package: any program reads it, and it can be written in one way only."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.results.container import Broken, pack, require_canonical, unpack

FILES = {"b.txt": b"second", "a.txt": b"", "c.bin": bytes(range(256))}
NAMES = st.text("abcdef.", min_size=1, max_size=8)


def test_any_other_program_reads_it() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(FILES))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@given(st.dictionaries(NAMES, st.binary(max_size=40), min_size=1, max_size=5))
def test_what_goes_in_comes_out_in_the_same_order(files: dict[str, bytes]) -> None:
    assert list(unpack(pack(files)).items()) == list(files.items())
    require_canonical(pack(files), files)


def test_the_same_files_give_the_same_bytes_and_another_order_gives_others() -> None:
    assert pack(FILES) == pack(dict(FILES))
    assert pack(FILES) != pack(dict(reversed(FILES.items())))


def test_a_container_of_another_program_is_not_taken_for_ours() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    with pytest.raises(Broken, match="container at byte"):
        require_canonical(buffer.getvalue(), FILES)


@pytest.mark.parametrize("cut", [0, 3, 20, 60])
def test_a_container_cut_short_says_where(cut: int) -> None:
    with pytest.raises(Broken) as broken:
        unpack(pack(FILES)[:cut])
    assert broken.value.where.startswith("container at byte")


def test_what_comes_after_the_end_is_noticed() -> None:
    data = pack(FILES) + b"more"
    with pytest.raises(Broken) as broken:
        require_canonical(data, unpack(data))
    assert broken.value.where == f"container at byte {len(pack(FILES))}"


def test_a_file_that_is_there_twice_is_refused() -> None:
    one = pack({"a": b"x"})
    with pytest.raises(Broken, match="twice"):
        unpack(one[: one.index(b"PK\1\2")] + one)
