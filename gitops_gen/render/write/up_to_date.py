"""Detects that an environment is up to date, without slow imports and without reading its files.

A stamp is a digest of the file metadata (stat) of all inputs and outputs of a render: the values
files, the repository charts, this package, a Helm that the user configured, and the two output
folders. A later change of content changes the size, a timestamp or the inode of a file. A change
within the same clock tick of the file system could keep all of them. Therefore a stamp is written
only after that clock has advanced beyond the newest timestamp that the stamp covers.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gitops_gen.charts.files import LOCK_FILE, PINS_FILE
from gitops_gen.inputs.files import input_files, may_be_named
from gitops_gen.objects import layout

STAMPS = ".gitops-gen/stamps"
HELM = "GITOPS_GEN_HELM"
PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# The kernel advances the clock for file timestamps every 1 to 10 ms.
CLOCK_TICK_NS = 20_000_000


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest of file metadata. `newest` is its latest timestamp, in nanoseconds."""

    text: str
    newest: int

    def is_older_than(self, start: int) -> bool:
        """Whether all files are certainly older than `start`, a time in nanoseconds."""
        return self.newest < start - CLOCK_TICK_NS


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of an environment when it was up to date. `charts` are its repository charts."""

    digest: str
    charts: tuple[str, ...]


def read_stamps(root: str) -> dict[str, Stamp]:
    """The stamps of a repository. Lines that cannot be parsed are ignored."""
    fields = (line.split("\t") for line in read_text(os.path.join(root, STAMPS)).splitlines())
    return {line[0]: Stamp(line[1], tuple(line[2:])) for line in fields if len(line) > 1}


def read_text(path: str) -> str:
    """The text of a regular file, or an empty string. Links and pipes are not opened."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(handle, encoding="utf-8") as file:
            text = file.read() if stat.S_ISREG(os.fstat(handle).st_mode) else ""
    except (OSError, UnicodeDecodeError):
        return ""
    return "" if "\0" in text else text


def stale(root: str, names: Sequence[str]) -> list[str]:
    """The environments without a valid stamp."""
    stamps, package = read_stamps(root), package_digest()
    return [name for name in names if not is_current(root, name, stamps, package)]


def removed_environments(root: str, existing: Sequence[str]) -> tuple[str, ...]:
    """The environments that have generated files but no values file."""
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
    return stamp.digest == inputs_and_outputs_digest(root, name, inputs).text


def package_digest() -> Digest:
    """The digest of this package and, if GITOPS_GEN_HELM is set, of that Helm."""
    helm = os.environ.get(HELM, "")
    return _digest(
        helm,
        [
            *_folder_entries(PACKAGE),
            *(e for path in _program_paths(helm) for e in _file_entry(path)),
        ],
    )


def _program_paths(name: str) -> Iterator[str]:
    """Yields the possible paths of a program: the given path, or one in each folder of PATH."""
    if os.sep in name:
        yield name
    elif name:
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            yield os.path.join(folder, name)


def inputs_digest(root: str, name: str, package: Digest) -> Digest:
    """The digest of the package, the environment's values files and the versions of charts."""
    files = (*input_files(name), PINS_FILE, LOCK_FILE)
    entries = [entry for file in files for entry in _file_entry(os.path.join(root, file))]
    return _extend_digest(f"{package.text} {name}", entries, package)


def charts_digest(root: str, charts: Iterable[str], inputs: Digest) -> Digest:
    """The digest of the inputs including the repository charts."""
    entries = [entry for chart in charts for entry in _folder_entries(os.path.join(root, chart))]
    return _extend_digest(inputs.text, entries, inputs)


def inputs_and_outputs_digest(root: str, name: str, inputs: Digest) -> Digest:
    """The digest of the inputs and of the output folders."""
    folders = (os.path.join(root, folder) for folder in layout.owned(name))
    return _extend_digest(
        inputs.text, (e for folder in folders for e in _folder_entries(folder)), inputs
    )


def extended_digest(inner: Digest, seed: str, paths: Iterable[str]) -> Digest:
    """The digest that also includes `seed` and the metadata of these files and folders."""
    entries = [entry for path in paths for entry in _entries(path)]
    return _extend_digest(f"{inner.text} {seed}", entries, inner)


def write_stamps(root: str, stamps: Mapping[str, Stamp], newest: int) -> None:
    """Writes the stamps as `write_later` does."""
    text = "".join(
        "\t".join([name, stamp.digest, *stamp.charts]) + "\n"
        for name, stamp in sorted(stamps.items())
    )
    write_later(os.path.join(root, STAMPS), text, newest)


def write_later(path: str, text: str, newest: int) -> None:
    """Writes a file after the clock of the file system has passed `newest`.

    If the clock is too coarse, nothing is written. Stamps are only an optimization, so a failure
    to write them is not an error.
    """
    temporary = f"{path}.{os.getpid()}"
    with suppress(OSError):
        for _ in range(4):
            remaining = newest + CLOCK_TICK_NS - _write_and_stat(temporary, text)
            if remaining < 0:
                os.replace(temporary, path)
                return
            # Wait a little longer, because the clock of the file system advances in steps.
            time.sleep((remaining + CLOCK_TICK_NS // 4) / 1e9)
    with suppress(OSError):
        os.unlink(temporary)


def _write_and_stat(path: str, text: str) -> int:
    """Writes a new file without following links, and returns its timestamp in nanoseconds."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return os.stat(path).st_mtime_ns


def _extend_digest(seed: str, entries: Iterable[tuple[str, int, int]], inner: Digest) -> Digest:
    digest = _digest(seed, entries)
    return Digest(digest.text, max(digest.newest, inner.newest))


def _digest(seed: str, entries: Iterable[tuple[str, int, int]]) -> Digest:
    from hashlib import blake2b

    all_entries = list(entries)
    text = "\n".join([seed, *(line for line, _, _ in all_entries)])
    newest = max((max(modified, changed) for _, modified, changed in all_entries), default=0)
    digest = blake2b(text.encode("utf-8", "surrogateescape"), digest_size=20)
    return Digest(digest.hexdigest(), newest)


def _entries(path: str) -> Iterator[tuple[str, int, int]]:
    return _folder_entries(path) if os.path.isdir(path) else _file_entry(path)


def _file_entry(path: str) -> Iterator[tuple[str, int, int]]:
    try:
        status = os.stat(path)
    except OSError:
        return
    yield _entry(path, status)


def _folder_entries(folder: str) -> Iterator[tuple[str, int, int]]:
    """Yields all files and folders below `folder`, except compiled Python files."""
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            with os.scandir(current) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
                # The timestamps of a folder change with temporary files, so they are left out.
                yield entry.path, 0, 0
            else:
                yield _entry(entry.path, entry.stat(follow_symlinks=False))


def _entry(path: str, status: os.stat_result) -> tuple[str, int, int]:
    modified, changed = status.st_mtime_ns, status.st_ctime_ns
    line = f"{path}\t{status.st_mode}\t{status.st_ino}\t{status.st_size}\t{modified}\t{changed}"
    return line, modified, changed
