"""Plans the ordered steps that write an output to the disk."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from gitops_gen.tree import _inventory
from gitops_gen.tree._compare import Changes, Disk, Output, unmanaged_files
from gitops_gen.tree._paths import ancestors, folders_of, inside
from gitops_gen.tree._steps import MakeFolder, Place, Remove, RemoveFolder, WriteStep


class WritePlan:
    """The steps to write outputs, one output after another.

    A killed process cannot undo its changes, so the inventory must list all generated files at any
    time. Before any other file changes, a combined inventory of the old and new files is written.
    The final inventory of the new files follows the last change. Until then, `compare` reports a
    change.
    """

    def __init__(self, staging: str) -> None:
        self.staging = staging
        self.contents: dict[str, tuple[str, bytes]] = {}
        """Path of a staged file -> its final path and its content."""
        self.modes: dict[str, int] = {}
        """Path of a staged file -> its mode, if it is not that of a new file."""
        self.steps: list[WriteStep] = []
        self._planned_folders: set[str] = set()
        self._numbers = count()

    def add(self, output: Output, disk: Disk, changes: Changes) -> None:
        inventory = output.inventory
        emptied = sorted(_emptied(output, disk), reverse=True)
        listing = self._write_combined_inventory(output, disk)
        self._remove(path for path in changes.removed if path != inventory)
        with_inventory = set(ancestors(inventory))
        self._remove_folders(folder for folder in emptied if folder not in with_inventory)
        self._make_folders(folders_of(output.tree) - disk.folders)
        for path in (*changes.changed, *changes.created):
            if path != inventory:
                self._place(path, output.tree[path], replaces=path in disk.files)
        self._write_final_inventory(output, listing)
        self._remove_folders(folder for folder in emptied if folder in with_inventory)

    def new(self, path: str, content: bytes, missing: set[str]) -> None:
        """Adds a file that belongs to no output. `missing` are the missing folders above it."""
        self._make_folders(missing)
        self._place(path, content, replaces=False)

    def replacement(self, path: str, content: bytes, mode: int) -> None:
        """Adds the new content of an existing file that belongs to no output."""
        staged = self._place(path, content, replaces=True)
        self.modes[staged] = mode

    def removal(self, paths: Iterable[str]) -> None:
        """Removes files that belong to no output."""
        self._remove(paths)

    def _write_combined_inventory(self, output: Output, disk: Disk) -> bytes | None:
        """Writes the inventory of the old and new files, and returns its content, if any."""
        inventory = output.inventory
        exists = inventory in disk.files
        if output.tree.keys() <= disk.listed:
            return disk.listing if exists else None
        lines = _inventory.lines(disk.listed | output.tree.keys())
        self._make_folders(folders_of([inventory]) - disk.folders)
        self._place(inventory, lines, replaces=exists)
        return lines

    def _write_final_inventory(self, output: Output, listing: bytes | None) -> None:
        """Writes the inventory of the new files, or removes it."""
        inventory = output.inventory
        final = output.tree.get(inventory)
        if final is None and listing is not None:
            self._remove([inventory])
        elif final is not None and final != listing:
            self._place(inventory, final, replaces=listing is not None)

    def _place(self, path: str, content: bytes, *, replaces: bool) -> str:
        """Adds the step that moves a staged file to its path, and returns the staged path."""
        staged = self._name()
        self.contents[staged] = (path, content)
        self.steps.append(Place(path, staged, backup=self._name() if replaces else None))
        return staged

    def _remove(self, paths: Iterable[str]) -> None:
        self.steps.extend(Remove(path, backup=self._name()) for path in paths)

    def _make_folders(self, folders: set[str]) -> None:
        missing = sorted(folders - self._planned_folders)
        self._planned_folders.update(missing)
        self.steps.extend(MakeFolder(folder) for folder in missing)

    def _remove_folders(self, folders: Iterable[str]) -> None:
        self.steps.extend(RemoveFolder(folder) for folder in folders)

    def _name(self) -> str:
        return f"{self.staging}/{next(self._numbers)}"


def _emptied(output: Output, disk: Disk) -> set[str]:
    """The folders that are empty after the change."""
    emptied = folders_of(disk.listed - output.tree.keys()) | _in_the_way(output, disk)
    emptied &= disk.folders
    emptied = {f for f in emptied if f in output.owned or inside(f, output.owned)}
    staying = unmanaged_files(output, disk) | output.tree.keys() | (disk.folders - emptied)
    return emptied - folders_of(staying)


def _in_the_way(output: Output, disk: Disk) -> set[str]:
    tree = output.tree
    return {f for f in disk.folders if f in tree or any(a in tree for a in ancestors(f))}
