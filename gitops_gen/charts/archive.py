"""Reads the archive of a chart into memory. An archive is hostile until it is checked.

Nothing is extracted to the disk. An archive is refused if a program that extracts it, or Helm,
could read something else than this module: links, devices, paths that leave the folder, files that
are contained twice, data after the end. All amounts are limited before memory is used.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from gitops_gen.charts.metadata import ChartMetadata, read_metadata
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Pin, Position, Rule, Values, printable

LARGEST_ARCHIVE = 20 << 20
"""The maximum size of an archive in bytes, which is also that of a download."""
LARGEST_CONTENT = 100 << 20
"""The maximum size in bytes of everything in an archive; Helm has the same limit."""
LARGEST_FILE = 5 << 20
"""The maximum size of a file in bytes; Helm refuses larger files."""
MOST_FILES = 20_000
DEEPEST_CHART = 8
_LONGEST_PATH = 1024
_LARGEST_HEADER = 64 << 10
_BLOCK = 512
_CHUNK = 64 << 10

ARCHIVE = Rule(
    "chart-archive",
    title="The archive of an upstream chart is safe and complete",
    why="An archive comes from the network. A manipulated one could write files outside of its "
    "folder, fill the memory, or show Helm another content than a reviewer.",
    remedy="Do not use this archive. Compare it with the one that the publisher offers, and report "
    "it to the publisher.",
)


@dataclass(frozen=True)
class ChartArchive:
    """A chart in memory. Paths are relative to its folder."""

    label: str
    metadata: ChartMetadata
    files: Mapping[str, bytes] = field(repr=False)
    """All files of the chart, without those of its subcharts."""
    subcharts: tuple[ChartArchive, ...] = field(default=(), repr=False)

    @cached_property
    def values(self) -> Values:
        """The default values of the chart. Raises InvalidInput if they are not a map."""
        value = _parsed(self.values_file, f"{self.label}: values.yaml")
        if value is None:
            return {}
        if not isinstance(value, dict):
            _refuse(self.label, "values.yaml is not a map")
        return value

    @property
    def values_file(self) -> bytes:
        return self.files.get("values.yaml", b"")

    @property
    def schema(self) -> bytes | None:
        """The content of values.schema.json; None if the chart has none."""
        return self.files.get("values.schema.json")

    @property
    def templates(self) -> Mapping[str, bytes]:
        return self._below("templates/")

    @property
    def crds(self) -> Mapping[str, bytes]:
        return self._below("crds/")

    def all_charts(self) -> Iterator[ChartArchive]:
        """Yields the chart and all charts in it."""
        yield self
        for chart in self.subcharts:
            yield from chart.all_charts()

    @cached_property
    def sha256(self) -> str:
        """The digest over the paths and the contents of all files, also those of subcharts."""
        digest = hashlib.sha256()
        for path, data in sorted(self.files.items()):
            digest.update(f"{path}\0{len(data)}\0".encode())
            digest.update(data)
        for chart in sorted(self.subcharts, key=lambda one: (one.metadata.name, one.sha256)):
            digest.update(f"charts/{chart.metadata.name}\0{chart.sha256}\0".encode())
        return digest.hexdigest()

    def require(self, pin: Pin) -> None:
        """Raises InvalidInput if this is another chart or another version than that of a pin."""
        found = self.metadata.name, self.metadata.version
        if found != (pin.chart, pin.version):
            text = f"contains the chart {found[0]} {found[1]} and not {pin.chart} {pin.version}"
            _refuse(self.label, text)

    def _below(self, folder: str) -> dict[str, bytes]:
        return {path: data for path, data in self.files.items() if path.startswith(folder)}


def read_archive(data: bytes, label: str) -> ChartArchive:
    """Returns the chart in an archive, whose name in messages is `label`.

    Raises InvalidInput for everything that a chart does not contain.
    """
    remaining = _RemainingContent()
    return _chart(_top_folder(_files(data, label, remaining), label), label, remaining, 0)


@dataclass
class _RemainingContent:
    """What an archive, including the archives in it, may still contain."""

    content: int = LARGEST_CONTENT
    files: int = MOST_FILES


def _refuse(label: str, message: str) -> NoReturn:
    raise InvalidInput.at(Position(label), message, ARCHIVE)


# The charts


def _top_folder(files: dict[str, bytes], label: str) -> dict[str, bytes]:
    """Returns the files below the only folder at the top of the archive."""
    tops = {path.partition("/")[0] for path in files}
    outside = next((path for path in files if "/" not in path), None)
    if outside is not None:
        _refuse(label, f"the file {_shown(outside)} is not in the folder of the chart")
    if len(tops) != 1:
        _refuse(label, "contains more than one folder at its top" if tops else "contains no file")
    return {path.partition("/")[2]: data for path, data in files.items()}


def _chart(
    files: dict[str, bytes], label: str, remaining: _RemainingContent, depth: int
) -> ChartArchive:
    """Returns the chart with these files, and the charts below its folder charts/."""
    if depth > DEEPEST_CHART:
        _refuse(label, f"contains charts in more than {DEEPEST_CHART} levels")
    if "Chart.yaml" not in files:
        _refuse(label, "contains no Chart.yaml, so it is not a chart")
    chart_files: dict[str, bytes] = {}
    inner: dict[str, dict[str, bytes]] = {}
    subcharts: list[ChartArchive] = []
    for path, data in files.items():
        name, _, rest = path.removeprefix("charts/").partition("/")
        if not path.startswith("charts/") or name[:1] in ("_", "."):
            chart_files[path] = data
        elif rest:
            inner.setdefault(name, {})[rest] = data
        elif name.endswith(".tgz"):
            below = f"{label}: charts/{name}"
            content = _top_folder(_files(data, below, remaining), below)
            subcharts.append(_chart(content, below, remaining, depth + 1))
        else:
            chart_files[path] = data
    for name, content in inner.items():
        subcharts.append(_chart(content, f"{label}: charts/{name}", remaining, depth + 1))
    metadata = read_metadata(files["Chart.yaml"], f"{label}: Chart.yaml")
    return ChartArchive(label, metadata, chart_files, tuple(subcharts))


def _parsed(data: bytes, label: str) -> Any:
    from gitops_gen import yaml

    return yaml.yaml_load(data, label)


# The files of an archive


def _files(data: bytes, label: str, remaining: _RemainingContent) -> dict[str, bytes]:
    """Returns the files in an archive by their paths."""
    if len(data) > LARGEST_ARCHIVE:
        _refuse(label, f"is larger than {LARGEST_ARCHIVE >> 20} MiB")
    if not data.startswith(b"\x1f\x8b"):
        _refuse(label, _foreign(data))
    stream = _Decompressed(data, label, remaining)
    members = _Members(stream, label, remaining)
    files: dict[str, bytes] = {}
    for path, content in members:
        if path in files:
            _refuse(label, f"contains the file {_shown(path)} twice")
        files[path] = content
    _require_files_and_folders_differ(files, label)
    return files


def _require_files_and_folders_differ(files: dict[str, bytes], label: str) -> None:
    for path in files:
        above = path.rpartition("/")[0]
        while above:
            if above in files:
                _refuse(label, f"{_shown(above)} is both a file and a folder")
            above = above.rpartition("/")[0]


def _foreign(data: bytes) -> str:
    """Returns a message about a file that is no archive of a chart."""
    kinds = {
        b"PK\x03\x04": "is a ZIP archive",
        b"BZh": "is compressed with bzip2",
        b"\xfd7zXZ": "is compressed with xz",
        b"(\xb5/\xfd": "is compressed with zstd",
        b"<": "is a page and not an archive; the server probably requires credentials",
        b"{": "is a JSON document and not an archive",
    }
    start = data.lstrip()
    found = next((text for mark, text in kinds.items() if start.startswith(mark)), None)
    return f"{found or 'is not compressed with gzip'}; a chart is a gzip-compressed tar archive"


class _Decompressed:
    """Decompresses an archive step by step, so that memory is used only within the limits."""

    def __init__(self, data: bytes, label: str, remaining: _RemainingContent) -> None:
        self._stream = gzip.GzipFile(fileobj=io.BytesIO(data), mode="rb")
        self._label, self._remaining = label, remaining

    def read(self, size: int) -> bytes:
        """Returns `size` bytes, or fewer at the end of the archive."""
        parts: list[bytes] = []
        left = size
        while left and (part := self._chunk(min(left, _CHUNK))):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _chunk(self, size: int) -> bytes:
        try:
            part = self._stream.read(size)
        except EOFError:
            _refuse(self._label, "is truncated: the compressed data ends too early")
        except (OSError, zlib.error):
            _refuse(self._label, "is damaged: the compressed data is not valid")
        self._remaining.content -= len(part)
        if self._remaining.content < 0:
            _refuse(self._label, f"contains more than {LARGEST_CONTENT >> 20} MiB")
        return part


class _Members:
    """Yields the path and the content of each regular file of a tar archive."""

    def __init__(self, stream: _Decompressed, label: str, remaining: _RemainingContent) -> None:
        self._stream, self._label, self._remaining = stream, label, remaining
        self._next_path: str | None = None
        self._next_size: int | None = None

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        while (block := self._stream.read(_BLOCK)) and block.strip(b"\0"):
            self._remaining.files -= 1
            if self._remaining.files < 0:
                _refuse(self._label, f"contains more than {MOST_FILES} entries")
            yield from self._member(self._header(block))
        if not block:
            _refuse(self._label, "is truncated: the end of the tar archive is missing")
        while rest := self._stream.read(_CHUNK):
            if rest.strip(b"\0"):
                _refuse(self._label, "contains data after the end of the tar archive")

    def _header(self, block: bytes) -> tarfile.TarInfo:
        try:
            return tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except UnicodeDecodeError:
            _refuse(self._label, "contains a file name that is not UTF-8")
        except tarfile.HeaderError:
            if len(block) < _BLOCK:
                _refuse(self._label, "is truncated: the tar archive ends within an entry")
            _refuse(self._label, "is not a valid tar archive")

    def _member(self, header: tarfile.TarInfo) -> Iterator[tuple[str, bytes]]:
        kind = header.type
        if kind in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE):
            self._extended(self._content(header.size, _LARGEST_HEADER), kind)
            return
        if kind == tarfile.GNUTYPE_LONGNAME:
            self._next_path = self._decoded(self._content(header.size, _LARGEST_HEADER))
            return
        path = self._path(self._next_path if self._next_path is not None else header.name)
        size = header.size if self._next_size is None else self._next_size
        self._next_path = self._next_size = None
        if kind == tarfile.DIRTYPE:
            return
        if kind not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            _refuse(self._label, f"{_shown(path)} is {_kind(kind)}; a chart has only files")
        yield path, self._content(size, LARGEST_FILE, path)

    def _content(self, size: int, largest: int, path: str = "a header") -> bytes:
        if not 0 <= size <= largest:
            text = f"{_shown(path)} is larger than {_size(largest)}" if size >= 0 else _NO_SIZE
            _refuse(self._label, text)
        content = self._stream.read(size)
        padding = -size % _BLOCK
        if len(content) < size or len(self._stream.read(padding)) < padding:
            _refuse(self._label, f"is truncated within {_shown(path)}")
        return content

    def _extended(self, data: bytes, kind: bytes) -> None:
        """Reads the records of a PAX header: the length, a space, key=value, a line break."""
        while data:
            length, space, _ = data.partition(b" ")
            end = int(length) if length.isdigit() and len(length) < 10 else 0
            record = data[len(length) + 1 : end]
            key, equals, value = record.removesuffix(b"\n").partition(b"=")
            if not (space and equals and record.endswith(b"\n")):
                _refuse(self._label, "contains a PAX header that is not valid")
            self._record(self._decoded(key), value, kind)
            data = data[end:]

    def _record(self, key: str, value: bytes, kind: bytes) -> None:
        if key.startswith("GNU.sparse.") or (key in ("path", "size") and kind == tarfile.XGLTYPE):
            _refuse(self._label, f"contains the PAX header {_shown(key)}, which no chart needs")
        if key == "path":
            self._next_path = self._decoded(value)
        elif key == "size":
            digits = value.isdigit() and len(value) < 20
            self._next_size = int(value) if digits else -1

    def _decoded(self, data: bytes) -> str:
        try:
            return data.rstrip(b"\0").decode()
        except UnicodeDecodeError:
            _refuse(self._label, "contains a file name that is not UTF-8")

    def _path(self, name: str) -> str:
        """Returns the path of an entry, which must stay in the folder of the chart."""
        if len(name) > _LONGEST_PATH:
            _refuse(self._label, f"contains a path of more than {_LONGEST_PATH} characters")
        if name.startswith("/") or name[1:3] in (":/", ":\\"):
            _refuse(self._label, f"contains the absolute path {_shown(name)}")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts:
            _refuse(self._label, f"contains the path {_shown(name)}, which leaves its folder")
        if "\\" in name or not name.isprintable():
            text = "with a backslash or a character that cannot be printed"
            _refuse(self._label, f"contains the path {_shown(name)} {text}")
        return "/".join(parts)


_NO_SIZE = "contains an entry with a negative size"
_KINDS = {
    tarfile.LNKTYPE: "a hard link",
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a named pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}


def _kind(kind: bytes) -> str:
    return _KINDS.get(kind, "an entry of an unknown type")


def _size(number: int) -> str:
    return f"{number >> 20} MiB" if number >= 1 << 20 else f"{number >> 10} KiB"


def _shown(text: str) -> str:
    """Returns a name from the archive for a message: on one line, and not too long."""
    short = text if len(text) <= 120 else f"{text[:120]}…"
    return f"'{printable(short)}'"
