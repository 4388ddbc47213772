"""Reads the files of a repository chart and of the charts in its charts/, including archives."""

from __future__ import annotations

import gzip
import io
import os
import posixpath
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

# Helm refuses archives that unpack to more than this.
LARGEST_UNPACKED = 100 << 20
API_VERSIONS = b"APIVersions"
"""What a template contains that asks which APIs the cluster serves."""

_UNREADABLE = (tarfile.TarError, zlib.error, OSError, EOFError)
_PACKED = re.compile(r"(?:.*/)?charts/[^/]+\.tgz")
_TEMPLATE = re.compile(r"(?:charts/[^/]+/)*templates/.*")


class UnusableArchive(Exception):
    """An archive that must not be opened, with the reason."""

    def __init__(self, archive: str, reason: str) -> None:
        super().__init__(f"{archive} {reason}")
        self.archive, self.reason = archive, reason


@dataclass(frozen=True, slots=True)
class ChartFile:
    """A file of a chart. `path` is relative to the chart; an archive in it counts as a folder."""

    path: str
    content: bytes

    @property
    def name(self) -> str:
        return posixpath.basename(self.path)

    @property
    def vendored(self) -> str:
        """The folder of the subchart to which the file belongs; empty for the chart itself."""
        parts = self.path.split("/")
        return "/".join(parts[:2]) if parts[0] == "charts" and len(parts) > 2 else ""

    @property
    def is_template(self) -> bool:
        """Whether Helm renders the file as manifests, which excludes the notes."""
        return _TEMPLATE.fullmatch(self.path) is not None and self.name != "NOTES.txt"


def chart_files(chart: str) -> Iterator[ChartFile]:
    """Yields all files. Raises UnusableArchive. Damaged archives are ignored; Helm refuses them."""
    for parent, folders, names in os.walk(chart):
        folders.sort()
        for name in sorted(names):
            place = os.path.join(parent, name)
            path = os.path.relpath(place, chart)
            if _PACKED.fullmatch(path):
                for file in files_in_archive(place, path):
                    yield ChartFile(f"{path}/{file.path}", file.content)
            else:
                with open(place, "rb") as content:
                    yield ChartFile(path, content.read())


def files_in_archive(archive: str, shown: str) -> Iterator[ChartFile]:
    """Yields the files of an archive and of archives in it, relative to its top folder."""
    with suppress(*_UNREADABLE), open(archive, "rb") as file:
        yield from _members(file, shown, _Budget(LARGEST_UNPACKED))


@dataclass(slots=True)
class _Budget:
    """The number of bytes that may still be unpacked from an archive and the archives in it."""

    left: int


class _Unpacked(gzip.GzipFile):
    """A decompressing reader that counts bytes, because a small archive can unpack to any size."""

    def __init__(self, file: IO[bytes], shown: str, budget: _Budget) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._shown, self._budget = shown, budget

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self._budget.left -= len(data)
        if self._budget.left < 0:
            limit = f"{LARGEST_UNPACKED >> 20} MiB"
            raise UnusableArchive(
                self._shown, f"unpacks to more than {limit}, which Helm refuses; reduce the archive"
            )
        return data


def _members(file: IO[bytes], shown: str, budget: _Budget) -> Iterator[ChartFile]:
    seen: set[str] = set()
    with tarfile.open(fileobj=_Unpacked(file, shown, budget), mode="r|") as archive:
        for member in archive:
            if member.isdir():
                continue
            path = _path(member.name)
            if path in seen:
                raise UnusableArchive(
                    shown,
                    f"contains {path} twice, and Helm uses only one; create the archive again",
                )
            seen.add(path)
            content = archive.extractfile(member) if member.isfile() else None
            yield from _unpacked_member(path, content.read() if content else b"", shown, budget)


def _unpacked_member(path: str, content: bytes, shown: str, budget: _Budget) -> Iterator[ChartFile]:
    if not _PACKED.fullmatch(path):
        yield ChartFile(path, content)
        return
    for file in _members(io.BytesIO(content), f"{shown}/{path}", budget):
        yield ChartFile(f"{path}/{file.path}", file.content)


def _path(name: str) -> str:
    """The path relative to the chart. As in Helm, the first folder is the chart, with any name."""
    whole = name.replace("\\", "/").removeprefix("./")
    return posixpath.normpath(whole.partition("/")[2] or whole)
