"""The key folder: private keys outside the database and its backups, read by the scheduler alone."""

import os
from pathlib import Path
from secrets import token_bytes, token_hex

from nacl.public import PrivateKey

KEY = "key"
"""The urn's private key, where the server keeps it."""
SHARE_BOX = "box"
"""What opens the shares that officials typed in, where they keep the urn's."""
SIGNATURE = "signature.key"
"""The file of the city's signature."""


class KeyFolder:
    """One file of each kind for each round, readable by its owner only; a key that exists is never replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def make_key(self, round_id: int, kind: str = KEY) -> bytes:
        """The round's public key of this kind; the private one is made and stored durably if it is not there yet."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(round_id, kind)
        if not file.exists():
            self._store(file, bytes(PrivateKey.generate()))
        return bytes(PrivateKey(self.private_key(round_id, kind)).public_key)

    def private_key(self, round_id: int, kind: str = KEY) -> bytes:
        """The round's private key of this kind, 32 bytes; FileNotFoundError if there is none."""
        return self._file(round_id, kind).read_bytes()

    def signing_seed(self) -> bytes:
        """The secret of the city's signature, 32 bytes, made and stored durably if it is not there yet."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._path / SIGNATURE
        if not file.exists():
            self._store(file, token_bytes(32))
        return file.read_bytes()

    def destroy_keys(self, round_id: int) -> None:
        """Remove all keys of the round durably, and drafts that a crash left, which may be the same file; no error
        if none is left."""
        if self._path.is_dir():
            for file in self._path.glob(f"round-{round_id}.*"):
                file.unlink(missing_ok=True)
            self._sync_folder()

    def _file(self, round_id: int, kind: str) -> Path:
        return self._path / f"round-{round_id}.{kind}"

    def _store(self, file: Path, key: bytes) -> None:
        # Complete or not there: a key cut short by a crash would make every vote sealed with it unreadable.
        # Not named after the process: in two containers both are number 1, and would write into one draft.
        draft = self._path / f"{file.stem}.{token_hex(8)}.draft"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            written.write(key)
            written.flush()
            os.fsync(written.fileno())
        try:
            os.link(draft, file)  # fails where another scheduler was first: its key stands
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
