"""The archives of locked charts: in the cache of the user, or in charts/upstream/vendor.

The name of a file in the cache is the digest of its content. Each read verifies the digest, so that
a damaged file is never used, wherever it comes from.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gitops_gen.charts.archive import LARGEST_ARCHIVE, ChartArchive, read_archive
from gitops_gen.charts.files import VENDOR
from gitops_gen.charts.lock import LockedChart
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.gobuild.cache import root
from gitops_gen.model import Rule
from gitops_gen.revisions import Revision

ARCHIVE_MISSING = Rule(
    "chart-archive-missing",
    title="The archives of the locked charts are on this machine",
    why="`check` and `diff` never use the network, and a render needs the archives.",
    remedy="Run `gitops-gen charts pull`.",
)


def cache_folder() -> Path:
    """Returns the folder of the archives in the cache of the user, whether it exists or not."""
    return root() / "charts"


@dataclass(frozen=True, slots=True)
class ArchiveStore:
    """The archives that are available to one revision without a network."""

    revision: Revision

    def archive(self, locked: LockedChart) -> Path:
        """Returns the path of a verified archive.

        Raises InvalidInput if neither the cache nor charts/upstream/vendor contains it.
        """
        found = next(self._candidates(locked), None)
        if found is None:
            raise InvalidInput.at(locked.position, self._missing(locked), ARCHIVE_MISSING)
        return found

    def chart(self, locked: LockedChart) -> ChartArchive:
        """Returns the checked content of an archive. Raises InvalidInput like `archive`."""
        data = self.archive(locked).read_bytes()
        if hashlib.sha256(data).hexdigest() != locked.archive_sha256:
            raise InvalidInput.at(locked.position, self._missing(locked), ARCHIVE_MISSING)
        archive = read_archive(data, locked.file_name)
        archive.require(locked.pin)
        return archive

    def holds(self, locked: LockedChart) -> bool:
        """Returns whether the archive is available."""
        return next(self._candidates(locked), None) is not None

    def _candidates(self, locked: LockedChart) -> Iterator[Path]:
        cached = cached_path(locked.archive_sha256)
        if has_digest(cached, locked.archive_sha256):
            yield cached
        path = f"{VENDOR}/{locked.file_name}"
        if self.revision.exists(path):
            vendored = Path(self.revision.on_disk([VENDOR])) / path
            if has_digest(vendored, locked.archive_sha256):
                yield vendored

    def _missing(self, locked: LockedChart) -> str:
        cached, vendored = cached_path(locked.archive_sha256), f"{VENDOR}/{locked.file_name}"
        present = [str(cached)] if cached.is_file() else []
        present += [vendored] if self.revision.exists(vendored) else []
        found = f" ({present[0]} has another digest)" if present else ""
        return (
            f"the archive of {locked.label} is not on this machine{found}; run "
            "`gitops-gen charts pull`"
        )


def cached_path(sha256: str) -> Path:
    return cache_folder() / f"{sha256}.tgz"


def has_digest(path: Path, sha256: str) -> bool:
    """Returns whether the path is a regular file whose content has the digest."""
    return digest_of(path) == sha256


def digest_of(path: Path) -> str | None:
    """Returns the digest of a regular file; None if there is none that can be an archive."""
    with suppress(OSError), open(path, "rb", opener=_without_waiting) as file:
        data = file.read(LARGEST_ARCHIVE + 1)
        return hashlib.sha256(data).hexdigest() if len(data) <= LARGEST_ARCHIVE else None
    return None


def _without_waiting(path: str, flags: int) -> int:
    """Opens a file. A named pipe is empty, although no process writes to it."""
    return os.open(path, flags | os.O_NONBLOCK)


def keep(data: bytes) -> Path:
    """Writes an archive to the cache, and returns its path.

    The file appears under its name only when it is complete, so that two processes can write the
    same archive, and an interrupted one leaves nothing. Raises ToolFailed if the cache cannot be
    written.
    """
    path = cached_path(hashlib.sha256(data).hexdigest())
    if has_digest(path, path.stem):
        return path
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, data)
    except OSError as error:
        raise ToolFailed(
            f"{path}: cannot be written: {error.strerror}; free some space, set "
            "XDG_CACHE_HOME to another folder, or use `gitops-gen charts pull --into "
            f"{VENDOR}`"
        ) from error
    return path


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
