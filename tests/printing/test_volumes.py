from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from wijkbudget.printing.volumes import Volume, zipped

VOLUMES = [Volume("brieven-000001-000002.pdf", b"een" * 1000), Volume("brieven-000003-000003.pdf", b"twee")]


def test_the_pieces_are_a_zip_of_all_volumes_in_order() -> None:
    with ZipFile(BytesIO(b"".join(zipped(VOLUMES)))) as archive:
        assert archive.testzip() is None
        assert [Volume(name, archive.read(name)) for name in archive.namelist()] == VOLUMES
        assert {entry.compress_type for entry in archive.infolist()} == {ZIP_STORED}


def test_no_volumes_are_an_empty_zip() -> None:
    assert ZipFile(BytesIO(b"".join(zipped([])))).namelist() == []


def test_equal_volumes_give_equal_bytes_without_a_clock() -> None:
    assert list(zipped(VOLUMES)) == list(zipped(VOLUMES))
    with ZipFile(BytesIO(b"".join(zipped(VOLUMES)))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_volume_is_given_away_before_the_next_one_is_asked_for() -> None:
    asked = []

    def volumes() -> Iterator[Volume]:
        for number in range(3):
            asked.append(number)
            yield Volume(f"{number}.pdf", bytes([number]) * 5000)

    given = b""
    for piece in zipped(volumes()):
        given += piece
        assert len(given) < 5500 * len(asked)
        if len(given) < 5000:
            assert asked == [0]
    assert asked == [0, 1, 2]


def test_the_content_is_not_shown_where_values_are_logged() -> None:
    assert repr(Volume("a.pdf", b"7K3Q")) == "Volume(name='a.pdf')"
