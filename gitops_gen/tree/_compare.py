"""Determines what a render would change on the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding, Position, Rule, Tree, printable
from gitops_gen.tree import _inventory
from gitops_gen.tree._paths import ancestors, fault, folders_of, inside, refusals
from gitops_gen.tree._root import Entry, RootFolder, failing, opened
from gitops_gen.tree._written import read_record, written_here

IN_THE_WAY = Rule(
    "in-the-way",
    title="No other file is at the path of a generated file",
    why="gitops-gen does not overwrite or delete a file that it did not write.",
    remedy="Move the file away, then run `gitops-gen render` again.",
)


@dataclass(frozen=True, slots=True)
class Output:
    """The files of an environment, the folders that only it uses, and the path of its inventory.

    The tree includes the inventory. An empty tree removes all files that were written before.
    """

    tree: Tree
    owned: tuple[str, ...]
    inventory: str

    def __post_init__(self) -> None:
        if any(fault(folder) for folder in self.owned) or not inside(self.inventory, self.owned):
            raise ValueError(f"not folders and an inventory inside: {self.owned}, {self.inventory}")
        if self.tree and self.tree.get(self.inventory) != self._listing():
            raise ValueError(f"the tree does not hold its inventory at {self.inventory}")

    def _listing(self) -> bytes:
        return _inventory.inventory(self.tree, self.inventory)


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences between the disk and an output. Paths are sorted."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """Files that an earlier render wrote and that are no longer rendered."""
    contents: Tree = field(default_factory=dict, repr=False, hash=False)
    """The contents of the removed files."""
    untracked: frozenset[str] = frozenset()
    """Those of the removed files that only this machine has, because no inventory lists them."""
    foreign: tuple[str, ...] = ()
    """Printable paths of files in the owned folders that no render wrote.

    They are not deleted, although Argo CD would sync them."""
    blocked: tuple[Finding, ...] = ()
    """Findings about paths that `write` refuses, because something that no render wrote is there.
    """

    @property
    def pending(self) -> bool:
        """Whether a render would write or remove anything."""
        return bool(self.created or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Disk:
    """The content of the owned folders, and which of it renders wrote."""

    files: dict[str, int]
    """Regular files and their sizes in bytes."""
    folders: set[str]
    obstacles: dict[str, str]
    """Paths that are neither file nor folder, or a file instead of an owned folder -> their kind.
    """
    listing: bytes
    """The content of the inventory."""
    listed: frozenset[str]
    """The paths in the inventory, its own path, and further files that renders here wrote."""
    untracked: frozenset[str] = frozenset()
    """The files in `listed` that the inventory does not list: only this machine has them."""


def compare(root: str | os.PathLike[str], output: Output) -> Changes:
    """Compares the disk with an output. Raises InvalidInput for paths that cannot be written."""
    with opened(root) as repository:
        return changes(repository, output, survey(repository, output))


def survey(root: RootFolder, output: Output) -> Disk:
    if findings := refusals(output.tree, output.owned):
        raise InvalidInput(findings)
    listing = _inventory.content_of(root, output.inventory)
    listed = _inventory.parse_inventory(listing, output.owned) | {output.inventory}
    disk = Disk({}, set(), {}, listing, listed)
    for folder in output.owned:
        if _reachable(root, folder, disk):
            _walk(root, folder, disk)
    return _with_untracked(root, output, disk)


def _with_untracked(root: RootFolder, output: Output, disk: Disk) -> Disk:
    """Adds the files that renders on this machine wrote and that the inventory does not list."""
    unlisted = disk.files.keys() - disk.listed
    if not unlisted:
        return disk
    untracked = frozenset(written_here(root, read_record(root, output.inventory), unlisted))
    return replace(disk, listed=disk.listed | untracked, untracked=untracked)


def _reachable(root: RootFolder, folder: str, disk: Disk) -> bool:
    """Whether an owned folder exists and each part of its path is a folder and not a link."""
    for path in (*reversed(list(ancestors(folder))), folder):
        with failing("read", path):
            status = root.lstat(path)
        if status is None:
            return False
        if not stat.S_ISDIR(status.st_mode):
            disk.obstacles[path] = _kind(status.st_mode)
            return False
        disk.folders.add(path)
    return True


def _walk(root: RootFolder, start: str, disk: Disk) -> None:
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        with failing("read", folder):
            entries = root.scan(folder)
        waiting.extend(_classify(folder, entries, disk))


def _classify(folder: str, entries: list[Entry], disk: Disk) -> Iterator[str]:
    """Adds the content of a folder to `disk`, and yields the folders in it."""
    for name, mode, size in entries:
        path = f"{folder}/{name}"
        if stat.S_ISREG(mode):
            disk.files[path] = size
        elif stat.S_ISDIR(mode):
            disk.folders.add(path)
            yield path
        else:
            disk.obstacles[path] = _kind(mode)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    return "a file" if stat.S_ISREG(mode) else "a device, pipe or socket"


def changes(root: RootFolder, output: Output, disk: Disk) -> Changes:
    tree = output.tree
    differing = [p for p in sorted(tree) if p in disk.files and _differs(root, p, tree[p], disk)]
    removed = tuple(sorted(path for path in disk.listed - tree.keys() if path in disk.files))
    return Changes(
        created=tuple(path for path in sorted(tree) if path not in disk.files),
        changed=tuple(path for path in differing if path in disk.listed),
        removed=removed,
        contents={path: _content(root, path) for path in removed},
        untracked=disk.untracked.intersection(removed),
        foreign=tuple(
            sorted(map(printable, unmanaged_files(output, disk) - _required_paths(output)))
        ),
        blocked=tuple(sorted(_blocked(output, disk, differing), key=lambda f: f.position)),
    )


def _differs(root: RootFolder, path: str, content: bytes, disk: Disk) -> bool:
    if disk.files[path] != len(content):
        return True
    with failing("read", path):
        return not root.has_content(path, content)


def _content(root: RootFolder, path: str) -> bytes:
    with failing("read", path):
        return root.read(path)


def _required_paths(output: Output) -> set[str]:
    """All paths that the output needs: its files and the folders above them."""
    paths = folders_of(output.tree).union(output.tree, output.owned)
    return paths | folders_of(output.owned)


def _blocked(output: Output, disk: Disk, differing: list[str]) -> Iterator[Finding]:
    for path in disk.obstacles.keys() & _required_paths(output):
        yield blocking_path(path, disk.obstacles[path])
    for path in disk.files.keys() & folders_of(output.tree):
        if path not in disk.listed:
            yield blocking_path(path, "a file")
    for path in disk.folders & output.tree.keys() & folders_of(unmanaged_files(output, disk)):
        yield blocking_path(path, "a folder that contains other files")
    for path in differing:
        if path not in disk.listed:
            yield blocking_path(path, f"a file that {output.inventory} does not list")


def unmanaged_files(output: Output, disk: Disk) -> set[str]:
    """The paths on the disk that no render writes or removes. They may not be printable."""
    return (disk.files.keys() - disk.listed - output.tree.keys()) | disk.obstacles.keys()


def blocking_path(path: str, kind: str) -> Finding:
    message = f"is {kind}, but gitops-gen must write here; move it away, then render again"
    return Finding(IN_THE_WAY, message, Position(printable(path)))
