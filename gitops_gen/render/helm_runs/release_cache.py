"""The outputs of Helm for releases, in the cache of the user.

A file contains the output for one key, and the key covers everything that can change the output.
Only outputs that were rendered twice and did not differ are kept. Nothing depends on the cache: a
damaged file, a full disk or a folder that cannot be written only costs time.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild.cache import private_folder

LARGEST_CACHE = 256 << 20
"""The size of all files, in bytes. The oldest ones are removed first."""
LARGEST_OUTPUT = 64 << 20
_PARTIAL = ".partial-"
_DIGEST = sha256().digest_size


@dataclass(frozen=True, slots=True)
class ReleaseCache:
    """A folder of outputs. Several processes may use it at the same time."""

    folder: Path | None
    """None if there is no folder that only this user can write to."""

    @classmethod
    def of_user(cls) -> ReleaseCache:
        try:
            return cls(private_folder("releases"))
        except (ToolFailed, OSError):
            return cls(None)

    def get(self, key: str) -> bytes | None:
        """Returns the output for a key; None if the cache does not have it undamaged."""
        if self.folder is None:
            return None
        path = self.folder / key
        with suppress(OSError, zlib.error):
            content = path.read_bytes()
            if content[:_DIGEST] == _checksum(key, content[_DIGEST:]):
                os.utime(path)
                return _unpacked(content[_DIGEST:])
        return None

    def put(self, key: str, output: bytes) -> None:
        """Adds an output. The file gets its name when it is complete."""
        if self.folder is None:
            return
        packed = zlib.compress(output, 1)
        with suppress(OSError):
            self._write(key, _checksum(key, packed) + packed)
            self._remove_oldest()

    def _write(self, key: str, content: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=_PARTIAL)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(temporary, f"{self.folder}/{key}")
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def _remove_oldest(self) -> None:
        files = sorted(self._files(), key=lambda file: file[1], reverse=True)
        total = 0
        for path, _, size in files:
            total += size
            if total > LARGEST_CACHE:
                with suppress(OSError):
                    os.unlink(path)

    def _files(self) -> Iterator[tuple[str, float, int]]:
        """Yields path, time of the last use and size. Another process may remove files."""
        with os.scandir(str(self.folder)) as entries:
            for entry in entries:
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    yield entry.path, status.st_mtime, status.st_size


def _checksum(key: str, packed: bytes) -> bytes:
    return sha256(key.encode() + packed).digest()


def _unpacked(packed: bytes) -> bytes:
    reader = zlib.decompressobj()
    output = reader.decompress(packed, LARGEST_OUTPUT)
    if reader.unconsumed_tail or not reader.eof:
        raise zlib.error("the output is too large or incomplete")
    return output
