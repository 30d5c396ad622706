"""The key folder: private keys outside the database and its backups, read by the scheduler alone."""

import os
from pathlib import Path
from secrets import token_bytes, token_hex

from nacl.public import PrivateKey


class KeyFolder:
    """One file for each round, readable by its owner only; a key that exists is never replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def make_key(self, round_id: int) -> bytes:
        """The round's public key; the private one is made and stored durably if it is not there yet."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._file(round_id).exists():
            self._store(self._file(round_id), bytes(PrivateKey.generate()))
        return bytes(PrivateKey(self.private_key(round_id)).public_key)

    def private_key(self, round_id: int) -> bytes:
        """The round's private key, 32 bytes; FileNotFoundError if there is none."""
        return self._file(round_id).read_bytes()

    def signing_seed(self) -> bytes:
        """The secret of the city's signature, 32 bytes, made and stored durably if it is not there yet."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._signature.exists():
            self._store(self._signature, token_bytes(32))
        return self._signature.read_bytes()

    @property
    def _signature(self) -> Path:
        return self._path / "signature.key"

    def _file(self, round_id: int) -> Path:
        return self._path / f"round-{round_id}.key"

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
