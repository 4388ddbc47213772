"""Detects that an environment is up to date, without slow imports and without reading its files.

A stamp is a digest of the file metadata (stat) of all inputs and outputs of a render: the values
files, the groups, the repository charts, this package, a Helm that the user configured, and the
two output folders. A later change of content changes the size, a timestamp or the inode of a file.
A change within the same clock tick of the file system could keep all of them. Therefore a stamp is
written only after that clock has advanced beyond the newest timestamp that the stamp covers.
"""

from __future__ import annotations

import marshal
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from gitops_gen.charts.files import LOCK_FILE, PINS_FILE
from gitops_gen.inputs.files import input_files, may_be_named
from gitops_gen.objects import layout
from gitops_gen.render.write.listed_outputs import METADATA, ListedOutputs, listed_paths

STAMPS = ".gitops-gen/stamps"
HELM = "GITOPS_GEN_HELM"
PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# The kernel advances the clock for file timestamps every 1 to 10 ms.
CLOCK_TICK_NS = 20_000_000

Entry: TypeAlias = tuple[str, int, int, int, int, int]
"""A path and its metadata. The last two numbers are timestamps in nanoseconds."""


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
    """The state of an environment when it was up to date."""

    digest: str
    listed: str
    """The digest of `listed_digest`; empty if the inventory does not list all files."""
    further_inputs: tuple[str, ...]
    """The files of its groups and the folders of its repository charts. The names of its other
    inputs follow from its own name."""


def read_stamps(root: str) -> dict[str, Stamp]:
    """The stamps of a repository. Lines that cannot be parsed are ignored."""
    fields = (line.split("\t") for line in read_text(os.path.join(root, STAMPS)).splitlines())
    return {line[0]: Stamp(line[1], line[2], tuple(line[3:])) for line in fields if len(line) > 2}


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
    with ListedOutputs(root) as outputs:
        return [name for name in names if not is_current(root, name, stamps, package, outputs)]


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


def is_current(
    root: str,
    name: str,
    stamps: Mapping[str, Stamp],
    package: Digest,
    outputs: ListedOutputs,
) -> bool:
    """Whether neither inputs nor outputs changed. The folders are listed only if one of them has
    another timestamp, for example because of a temporary file."""
    stamp = stamps.get(name)
    if stamp is None:
        return False
    inputs = further_digest(root, stamp.further_inputs, inputs_digest(root, name, package))
    listed = listed_digest(outputs, name, inputs)
    if listed is not None and listed.text == stamp.listed:
        return True
    return stamp.digest == inputs_and_outputs_digest(root, name, inputs).text


def stamp_of(
    root: str, name: str, inputs: Digest, further_inputs: tuple[str, ...]
) -> tuple[Stamp, int]:
    """The stamp of an environment that is up to date, and the newest timestamp that it covers."""
    with ListedOutputs(root) as outputs:
        listed = listed_digest(outputs, name, inputs)
    scanned = _scanned_outputs(root, name)
    digest = _extend_digest(inputs.text, scanned, inputs)
    if listed is None or not _lists_everything(root, name, scanned):
        return Stamp(digest.text, "", further_inputs), digest.newest
    stamp = Stamp(digest.text, listed.text, further_inputs)
    return stamp, max(digest.newest, listed.newest)


def _lists_everything(root: str, name: str, scanned: Iterable[Entry]) -> bool:
    inventory = os.path.join(root, layout.inventory(name))
    owned = layout.owned(name)
    listed = set(listed_paths(os.fsencode(read_text(inventory)))).difference(owned)
    return {os.path.relpath(entry[0], root) for entry in scanned} == listed


def listed_digest(outputs: ListedOutputs, name: str, inputs: Digest) -> Digest | None:
    """The digest of the inputs, of the files that the inventory lists, and of their folders.

    None if a file is missing.
    """
    found = outputs.read(layout.inventory(name))
    if found is None:
        return None
    content, metadata = found
    newest = max((max(one[3:]) for one in metadata), default=0)
    return Digest(_hashed([inputs.text, content, metadata]), max(newest, inputs.newest))


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
    """The digest of the package, the values files without groups, and the versions of charts."""
    files = (*input_files(name, groups=()), PINS_FILE, LOCK_FILE)
    entries = [entry for file in files for entry in _file_entry(os.path.join(root, file))]
    return _extend_digest(f"{package.text} {name}", entries, package)


def further_digest(root: str, paths: Iterable[str], inputs: Digest) -> Digest:
    """The digest of the inputs including further files and folders of the repository."""
    return extended_digest(inputs, "", [os.path.join(root, path) for path in paths])


def inputs_and_outputs_digest(root: str, name: str, inputs: Digest) -> Digest:
    """The digest of the inputs and of the output folders."""
    return _extend_digest(inputs.text, _scanned_outputs(root, name), inputs)


def _scanned_outputs(root: str, name: str) -> list[Entry]:
    first, second = (_folder_entries(os.path.join(root, one)) for one in layout.owned(name))
    return [*first, *second]


def extended_digest(inner: Digest, seed: str, paths: Iterable[str]) -> Digest:
    """The digest that also includes `seed` and the metadata of these files and folders."""
    entries = [entry for path in paths for entry in _entries(path)]
    return _extend_digest(f"{inner.text} {seed}", entries, inner)


def write_stamps(root: str, stamps: Mapping[str, Stamp], newest: int) -> None:
    """Writes the stamps as `write_later` does."""
    text = "".join(
        "\t".join([name, stamp.digest, stamp.listed, *stamp.further_inputs]) + "\n"
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


def _extend_digest(seed: str, entries: Iterable[Entry], inner: Digest) -> Digest:
    digest = _digest(seed, entries)
    return Digest(digest.text, max(digest.newest, inner.newest))


def _digest(seed: str, entries: Iterable[Entry]) -> Digest:
    ordered = sorted(entries)
    newest = max((max(entry[-2:]) for entry in ordered), default=0)
    return Digest(_hashed([seed, ordered]), newest)


def _hashed(values: list[object]) -> str:
    from hashlib import blake2b

    # Version 2 of the format depends only on the values; later ones on how often one is referenced.
    return blake2b(marshal.dumps(values, 2), digest_size=20).hexdigest()


def _entries(path: str) -> Iterable[Entry]:
    return _folder_entries(path) if os.path.isdir(path) else _file_entry(path)


def _file_entry(path: str) -> Iterator[Entry]:
    try:
        status = os.stat(path)
    except OSError:
        return
    yield (path, *METADATA(status))


def _folder_entries(folder: str) -> list[Entry]:
    """Returns all files and folders below `folder`, except compiled Python files.

    A fleet has a hundred thousand of them, so this function avoids all other work.
    """
    found: list[Entry] = []
    pending = [folder]
    while pending:
        try:
            scanned = os.scandir(pending.pop())
        except OSError:
            continue
        with scanned:
            for entry in scanned:
                if not entry.is_dir(follow_symlinks=False):
                    found.append((entry.path, *METADATA(entry.stat(follow_symlinks=False))))
                elif entry.name != "__pycache__":
                    pending.append(entry.path)
                    # Temporary files change the timestamps of a folder, so they are left out.
                    found.append((entry.path, 0, 0, 0, 0, 0))
    return found
