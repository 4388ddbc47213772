"""Finds out that there is nothing to do, without a heavy import and without reading a file.

A stamp is one digest over the stat data of all that an environment's rendering depends on
and all that it wrote: its values, its repository charts, this package, an own Helm, the owned
folders. Any change of content changes a size, a time or an inode, provided that it comes
later than the stamp by the file system's clock: a stamp is only kept once that clock has
moved on from the newest file that it covers.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gitops_gen.inputs.files import input_files, may_be_named
from gitops_gen.objects import layout

STAMPS = ".gitops-gen/stamps"
HELM = "GITOPS_GEN_HELM"
PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Kernels advance the clock that stamps files every 1 to 10 ms.
TICK = 20_000_000


@dataclass(frozen=True, slots=True)
class Digest:
    """`newest` is the latest time (ns) in what the digest covers."""

    text: str
    newest: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of an environment when it was up to date; `charts` are its repository charts."""

    digest: str
    charts: tuple[str, ...]


def read_stamps(root: str) -> dict[str, Stamp]:
    """The stamps of a repository; a line that cannot be read is no stamp."""
    fields = (line.split("\t") for line in _read(os.path.join(root, STAMPS)).splitlines())
    return {line[0]: Stamp(line[1], tuple(line[2:])) for line in fields if len(line) > 1}


def _read(path: str) -> str:
    """A regular file's text, empty for everything else; a link or a pipe is not opened."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(handle, encoding="utf-8") as file:
            text = file.read() if stat.S_ISREG(os.fstat(handle).st_mode) else ""
    except (OSError, UnicodeDecodeError):
        return ""
    return "" if "\0" in text else text


def stale(root: str, names: Sequence[str]) -> list[str]:
    """The environments without a stamp that holds."""
    stamps, package = read_stamps(root), package_digest()
    return [name for name in names if not is_current(root, name, stamps, package)]


def gone(root: str, existing: Sequence[str]) -> tuple[str, ...]:
    """Environments that were rendered and have no values file any more."""
    try:
        names = os.listdir(os.path.join(root, "rendered"))
    except OSError:
        return ()
    without_values = sorted(name for name in set(names).difference(existing) if may_be_named(name))
    return tuple(
        n for n in without_values if os.path.isfile(os.path.join(root, layout.inventory(n)))
    )


def is_current(root: str, name: str, stamps: Mapping[str, Stamp], package: Digest) -> bool:
    stamp = stamps.get(name)
    if stamp is None:
        return False
    inputs = charts_digest(root, stamp.charts, inputs_digest(root, name, package))
    return stamp.digest == complete_digest(root, name, inputs).text


def package_digest() -> Digest:
    """The files of this package, and a Helm that the user names."""
    helm = os.environ.get(HELM, "")
    return _digest(
        helm,
        [
            *_folder_entries(PACKAGE),
            *(e for path in _program_paths(helm) for e in _file_entry(path)),
        ],
    )


def _program_paths(name: str) -> Iterator[str]:
    """The paths at which a program may be: its own, or one in a folder of PATH."""
    if os.sep in name:
        yield name
    elif name:
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            yield os.path.join(folder, name)


def inputs_digest(root: str, name: str, package: Digest) -> Digest:
    """The package and the environment's values."""
    entries = [
        entry for file in input_files(name) for entry in _file_entry(os.path.join(root, file))
    ]
    return _extended(f"{package.text} {name}", entries, package)


def charts_digest(root: str, charts: Iterable[str], inputs: Digest) -> Digest:
    """The repository charts besides."""
    entries = [entry for chart in charts for entry in _folder_entries(os.path.join(root, chart))]
    return _extended(inputs.text, entries, inputs)


def complete_digest(root: str, name: str, inputs: Digest) -> Digest:
    """Inputs and outputs together."""
    folders = (os.path.join(root, folder) for folder in layout.owned(name))
    return _extended(
        inputs.text, (e for folder in folders for e in _folder_entries(folder)), inputs
    )


def keep_stamps(root: str, stamps: Mapping[str, Stamp], newest: int) -> None:
    """Writes the stamps once the clock has left `newest`; on a clock too coarse, not at all.

    A stamp saves time and nothing else, so a failure to write one is no error.
    """
    path = os.path.join(root, STAMPS)
    text = "".join(
        "\t".join([name, stamp.digest, *stamp.charts]) + "\n"
        for name, stamp in sorted(stamps.items())
    )
    temporary = f"{path}.{os.getpid()}"
    with suppress(OSError):
        for _ in range(4):
            remaining = newest + TICK - _written(temporary, text)
            if remaining < 0:
                os.replace(temporary, path)
                return
            # A moment more: the clock of files moves in steps.
            time.sleep((remaining + TICK // 4) / 1e9)
    with suppress(OSError):
        os.unlink(temporary)


def _written(path: str, text: str) -> int:
    """Writes a new file, never through a link, and gives its time (ns)."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return os.stat(path).st_mtime_ns


def _extended(seed: str, entries: Iterable[tuple[str, int, int]], inner: Digest) -> Digest:
    digest = _digest(seed, entries)
    return Digest(digest.text, max(digest.newest, inner.newest))


def _digest(seed: str, entries: Iterable[tuple[str, int, int]]) -> Digest:
    from hashlib import blake2b

    listed = list(entries)
    text = "\n".join([seed, *(line for line, _, _ in listed)])
    newest = max((max(modified, changed) for _, modified, changed in listed), default=0)
    digest = blake2b(text.encode("utf-8", "surrogateescape"), digest_size=20)
    return Digest(digest.hexdigest(), newest)


def _file_entry(path: str) -> Iterator[tuple[str, int, int]]:
    try:
        status = os.stat(path)
    except OSError:
        return
    yield _entry(path, status)


def _folder_entries(folder: str) -> Iterator[tuple[str, int, int]]:
    """Every file and folder below, except compiled Python, which is no input."""
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
                # A folder's own times change with files that are written beside others.
                yield entry.path, 0, 0
            else:
                yield _entry(entry.path, entry.stat(follow_symlinks=False))


def _entry(path: str, status: os.stat_result) -> tuple[str, int, int]:
    modified, changed = status.st_mtime_ns, status.st_ctime_ns
    line = f"{path}\t{status.st_mode}\t{status.st_ino}\t{status.st_size}\t{modified}\t{changed}"
    return line, modified, changed
