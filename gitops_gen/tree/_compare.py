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
    """One environment's files, the folders that are its own, and the file that lists the files.

    The tree holds the inventory too. An empty tree takes away all that was once written.
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
    """What a render once wrote and writes no longer."""
    contents: Tree = field(default_factory=dict, repr=False, hash=False)
    """What the removed files held."""
    foreign: tuple[str, ...] = ()
    """What no render wrote, in the owned folders: kept, yet Argo CD would sync it. Printable."""
    blocked: tuple[Finding, ...] = ()
    """What stands in the way of a file and is not ours to replace: `write` refuses."""

    @property
    def pending(self) -> bool:
        """Whether a render would write or remove anything."""
        return bool(self.created or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Disk:
    """What the owned folders hold, and what was written there."""

    files: dict[str, int]
    """Regular files and their sizes."""
    folders: set[str]
    others: dict[str, str]
    """What is neither file nor folder (and what bars the way to an owned folder): its kind."""
    listing: bytes
    """The inventory as it is."""
    known: frozenset[str]
    """The paths in it, and its own."""


def compare(root: str | os.PathLike[str], output: Output) -> Changes:
    """Reads, and writes nothing. Raises InvalidInput for a tree that no disk could hold."""
    with opened(root) as repository:
        return changes(repository, output, survey(repository, output))


def survey(root: RootFolder, output: Output) -> Disk:
    if found := refusals(output.tree, output.owned):
        raise InvalidInput(found)
    listing = _inventory.content_of(root, output.inventory)
    known = _inventory.listed(listing, output.owned) | {output.inventory}
    disk = Disk({}, set(), {}, listing, known)
    for folder in output.owned:
        if _reachable(root, folder, disk):
            _walk(root, folder, disk)
    return disk


def _reachable(root: RootFolder, folder: str, disk: Disk) -> bool:
    """Whether an owned folder stands, each part of its path a real folder."""
    for path in (*reversed(list(ancestors(folder))), folder):
        with failing("read", path):
            found = root.lstat(path)
        if found is None:
            return False
        if not stat.S_ISDIR(found.st_mode):
            disk.others[path] = _kind(found.st_mode)
            return False
        disk.folders.add(path)
    return True


def _walk(root: RootFolder, start: str, disk: Disk) -> None:
    left = [start]
    while left:
        folder = left.pop()
        with failing("read", folder):
            entries = root.scan(folder)
        left.extend(_sort_in(folder, entries, disk))


def _sort_in(folder: str, entries: list[Entry], disk: Disk) -> Iterator[str]:
    """Notes what a folder holds; gives the folders in it."""
    for name, mode, size in entries:
        path = f"{folder}/{name}"
        if stat.S_ISREG(mode):
            disk.files[path] = size
        elif stat.S_ISDIR(mode):
            disk.folders.add(path)
            yield path
        else:
            disk.others[path] = _kind(mode)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    return "a file" if stat.S_ISREG(mode) else "a device, pipe or socket"


def changes(root: RootFolder, output: Output, disk: Disk) -> Changes:
    tree = output.tree
    differing = [p for p in sorted(tree) if p in disk.files and _differs(root, p, tree[p], disk)]
    removed = tuple(sorted(path for path in disk.known - tree.keys() if path in disk.files))
    return Changes(
        created=tuple(path for path in sorted(tree) if path not in disk.files),
        changed=tuple(path for path in differing if path in disk.known),
        removed=removed,
        contents={path: _content(root, path) for path in removed},
        foreign=tuple(sorted(map(printable, survivors(output, disk) - _wanted(output)))),
        blocked=tuple(sorted(_blocked(output, disk, differing), key=lambda f: f.position)),
    )


def _differs(root: RootFolder, path: str, content: bytes, disk: Disk) -> bool:
    if disk.files[path] != len(content):
        return True
    with failing("read", path):
        return not root.holds(path, content)


def _content(root: RootFolder, path: str) -> bytes:
    with failing("read", path):
        return root.read(path)


def _wanted(output: Output) -> set[str]:
    """Every path that must become ours: the files and all folders above them."""
    wanted = folders_of(output.tree).union(output.tree, output.owned)
    return wanted | folders_of(output.owned)


def _blocked(output: Output, disk: Disk, differing: list[str]) -> Iterator[Finding]:
    for path in disk.others.keys() & _wanted(output):
        yield obstacle(path, disk.others[path])
    for path in disk.files.keys() & folders_of(output.tree):
        if path not in disk.known:
            yield obstacle(path, "a file, and not a folder,")
    for path in disk.folders & output.tree.keys() & folders_of(survivors(output, disk)):
        yield obstacle(path, "a folder that holds files")
    for path in differing:
        if path not in disk.known:
            yield obstacle(path, f"a file that {output.inventory} does not list")


def survivors(output: Output, disk: Disk) -> set[str]:
    """What is on the disk and stays whatever is rendered: the foreign things, with true names."""
    return (disk.files.keys() - disk.known - output.tree.keys()) | disk.others.keys()


def obstacle(path: str, what: str) -> Finding:
    message = f"{what} stands where gitops-gen is to write; move it away, then render again"
    return Finding(IN_THE_WAY, message, Position(printable(path)))
