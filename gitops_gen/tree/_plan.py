"""Which steps, in which order, turn a disk into an output."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from gitops_gen.tree import _inventory
from gitops_gen.tree._compare import Changes, Disk, Output, survivors
from gitops_gen.tree._paths import ancestors, folders_of, inside
from gitops_gen.tree._steps import MakeFolder, Place, Remove, RemoveFolder, WriteStep


class WritePlan:
    """Grows by one output at a time.

    The order keeps a promise at every moment, for a killed process undoes nothing: the inventory
    lists all that is ours. What was and what is to be stands in it before any other file changes,
    and what is stands in it after the last, so that until then `compare` sees that work is left.
    """

    def __init__(self, staging: str) -> None:
        self.staging = staging
        self.contents: dict[str, tuple[str, bytes]] = {}
        """Where a content waits -> the path that it is for, and the content."""
        self.steps: list[WriteStep] = []
        self._made: set[str] = set()
        self._numbers = count()

    def add(self, output: Output, disk: Disk, changes: Changes) -> None:
        own = output.inventory
        emptied = sorted(_emptied(output, disk), reverse=True)
        listing = self._announce(output, disk)
        self._remove(path for path in changes.removed if path != own)
        self._remove_folders(folder for folder in emptied if not own.startswith(f"{folder}/"))
        self._make_folders(folders_of(output.tree) - disk.folders)
        for path in (*changes.changed, *changes.created):
            if path != own:
                self._place(path, output.tree[path], replaces=path in disk.files)
        self._conclude(output, listing)
        self._remove_folders(folder for folder in emptied if own.startswith(f"{folder}/"))

    def new(self, path: str, content: bytes, missing: set[str]) -> None:
        """One file that belongs to no output; `missing` are folders above it."""
        self._make_folders(missing)
        self._place(path, content, replaces=False)

    def _announce(self, output: Output, disk: Disk) -> bytes | None:
        """Lists what is to be beside what was; gives the inventory as it then stands, if any."""
        own = output.inventory
        stands = own in disk.files
        if output.tree.keys() <= disk.known:
            return disk.listing if stands else None
        both = _inventory.lines(disk.known | output.tree.keys())
        self._make_folders(folders_of([own]) - disk.folders)
        self._place(own, both, replaces=stands)
        return both

    def _conclude(self, output: Output, listing: bytes | None) -> None:
        own = output.inventory
        final = output.tree.get(own)
        if final is None and listing is not None:
            self._remove([own])
        elif final is not None and final != listing:
            self._place(own, final, replaces=listing is not None)

    def _place(self, path: str, content: bytes, *, replaces: bool) -> None:
        staged = self._name()
        self.contents[staged] = (path, content)
        self.steps.append(Place(path, staged, kept=self._name() if replaces else None))

    def _remove(self, paths: Iterable[str]) -> None:
        self.steps.extend(Remove(path, kept=self._name()) for path in paths)

    def _make_folders(self, folders: set[str]) -> None:
        missing = sorted(folders - self._made)
        self._made.update(missing)
        self.steps.extend(MakeFolder(folder) for folder in missing)

    def _remove_folders(self, folders: Iterable[str]) -> None:
        self.steps.extend(RemoveFolder(folder) for folder in folders)

    def _name(self) -> str:
        return f"{self.staging}/{next(self._numbers)}"


def _emptied(output: Output, disk: Disk) -> set[str]:
    """Folders that held what we remove, or that stand where a file is to be, and hold no more."""
    ours = folders_of(disk.known - output.tree.keys()) | _in_the_way(output, disk)
    ours = {f for f in ours & disk.folders if f in output.owned or inside(f, output.owned)}
    staying = survivors(output, disk) | output.tree.keys() | (disk.folders - ours)
    return ours - folders_of(staying)


def _in_the_way(output: Output, disk: Disk) -> set[str]:
    tree = output.tree
    return {f for f in disk.folders if f in tree or any(a in tree for a in ancestors(f))}
