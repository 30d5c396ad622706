"""A ZIP that can be written in one way only: nothing is compressed, there are no times, and the order is given."""

import struct
import zlib
from collections.abc import Mapping

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION = 20
_BY_UNIX = 3 << 8 | _VERSION
_DAY = 1 << 5 | 1  # 1 January 1980, the first day that a ZIP can name
_MODE = 0o100644 << 16


class Broken(Exception):
    """Something in a package is not as it should be: `where`, and `why`."""

    def __init__(self, where: str, why: str) -> None:
        self.where, self.why = where, why
        super().__init__(f"{where}: {why}")


def pack(files: Mapping[str, bytes]) -> bytes:
    """The ZIP with these files; names in ASCII."""
    body, index = bytearray(), bytearray()
    for name, content in files.items():
        described = (0, 0, 0, _DAY, zlib.crc32(content), len(content), len(content), len(name), 0)
        index += _CENTRAL.pack(CENTRAL, _BY_UNIX, _VERSION, *described, 0, 0, 0, _MODE, len(body)) + name.encode()
        body += _LOCAL.pack(LOCAL, _VERSION, *described) + name.encode() + content
    end = _END.pack(END, 0, 0, len(files), len(files), len(index), len(body), 0)
    return bytes(body + index + end)


def unpack(data: bytes) -> dict[str, bytes]:
    """The files, read from the front. Raises Broken where it cannot go on; the rest is for `require_canonical`."""
    files: dict[str, bytes] = {}
    place = 0
    while data[place : place + 4] != CENTRAL:
        if data[place : place + 4] != LOCAL or len(data) < place + _LOCAL.size:
            raise Broken(f"container at byte {place}", "no file begins here, nor the list of files")
        *_, size, _, name_length, _ = _LOCAL.unpack_from(data, place)
        start = place + _LOCAL.size + name_length
        name = data[place + _LOCAL.size : start].decode("ascii", "backslashreplace")
        if name in files or start + size > len(data):
            raise Broken(f"container at byte {place}", "a file is in it twice, or reaches beyond the end")
        files[name], place = data[start : start + size], start + size
    return files


def require_canonical(data: bytes, files: Mapping[str, bytes]) -> None:
    """Raises Broken, naming the first byte that differs, unless the container is the one way to write these files."""
    expected = pack(files)
    if data == expected:
        return
    pairs = enumerate(zip(data, expected, strict=False))
    place = next((place for place, (one, other) in pairs if one != other), min(len(data), len(expected)))
    raise Broken(f"container at byte {place}", "this byte belongs to no file and is not as it must be")
