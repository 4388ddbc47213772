"""What a render would change."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding, Position, Rule, Tree, printable
from gitops_gen.tree import _inventory
from gitops_gen.tree._paths import ancestors, fault, folders_of, inside, refusals
from gitops_gen.tree._root import Entry, RootFolder, failing, opened

IN_THE_WAY = Rule(
    "in-the-way",
    title="Nothing else stands where a generated file belongs",
    why="gitops-gen does not overwrite or remove a file that it did not write.",
    remedy="Move the file away, then run `gitops-gen render` again.",
)


@dataclass(frozen=True, slots=True)
class Output:
    """An environment's files, the folders that only it uses, and the file that lists its files.

    The tree holds the inventory too. An empty tree removes all that was once written.
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
    """How the disk differs from an output; paths in order."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """Files that an earlier render wrote and that are not rendered any more."""
    contents: Tree = field(default_factory=dict, repr=False, hash=False)
    """The contents of the removed files."""
    foreign: tuple[str, ...] = ()
    """Files in the owned folders that no render wrote: they stay, though Argo CD would sync them.
    Printable."""
    blocked: tuple[Finding, ...] = ()
    """Where something that no render wrote is in the place of a file: `write` refuses it."""

    @property
    def pending(self) -> bool:
        """Whether a render would write or remove anything."""
        return bool(self.created or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Disk:
    """What the owned folders hold, and which of it renders wrote."""

    files: dict[str, int]
    """Regular files and their sizes."""
    folders: set[str]
    obstacles: dict[str, str]
    """What is neither file nor folder, and a file in the place of an owned folder -> its kind."""
    listing: bytes
    """The inventory as it is."""
    listed: frozenset[str]
    """The paths in the inventory, and its own path."""


def compare(root: str | os.PathLike[str], output: Output) -> Changes:
    """Reads, and writes nothing. Raises InvalidInput for a tree that no disk could hold."""
    with opened(root) as repository:
        return changes(repository, output, survey(repository, output))


def survey(root: RootFolder, output: Output) -> Disk:
    if findings := refusals(output.tree, output.owned):
        raise InvalidInput(findings)
    listing = _inventory.content_of(root, output.inventory)
    listed = _inventory.listed(listing, output.owned) | {output.inventory}
    disk = Disk({}, set(), {}, listing, listed)
    for folder in output.owned:
        if _reachable(root, folder, disk):
            _walk(root, folder, disk)
    return disk


def _reachable(root: RootFolder, folder: str, disk: Disk) -> bool:
    """Whether an owned folder exists, and each part of its path is a real folder."""
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
        waiting.extend(_sort_in(folder, entries, disk))


def _sort_in(folder: str, entries: list[Entry], disk: Disk) -> Iterator[str]:
    """Adds the content of a folder to `disk`; gives the folders in it."""
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
        foreign=tuple(sorted(map(printable, survivors(output, disk) - _required_paths(output)))),
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
    """Every path that the output needs: its files and all folders above them."""
    paths = folders_of(output.tree).union(output.tree, output.owned)
    return paths | folders_of(output.owned)


def _blocked(output: Output, disk: Disk, differing: list[str]) -> Iterator[Finding]:
    for path in disk.obstacles.keys() & _required_paths(output):
        yield obstacle(path, disk.obstacles[path])
    for path in disk.files.keys() & folders_of(output.tree):
        if path not in disk.listed:
            yield obstacle(path, "a file, and not a folder,")
    for path in disk.folders & output.tree.keys() & folders_of(survivors(output, disk)):
        yield obstacle(path, "a folder that holds files")
    for path in differing:
        if path not in disk.listed:
            yield obstacle(path, f"a file that {output.inventory} does not list")


def survivors(output: Output, disk: Disk) -> set[str]:
    """The paths on the disk that no render writes or removes, as they are and not printable."""
    return (disk.files.keys() - disk.listed - output.tree.keys()) | disk.obstacles.keys()


def obstacle(path: str, kind: str) -> Finding:
    message = f"{kind} stands where gitops-gen is to write; move it away, then render again"
    return Finding(IN_THE_WAY, message, Position(printable(path)))
