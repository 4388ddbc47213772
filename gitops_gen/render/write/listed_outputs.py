"""The metadata of the generated files that an inventory lists, without listing any folder.

A folder gets another timestamp when a name in it is added, removed or replaced. So if the metadata
of all listed files and of their folders is as before, the folders contain nothing else than before.
This takes half the time of listing the folders of a fleet.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import TypeAlias

Metadata: TypeAlias = tuple[int, int, int, int, int]
"""The mode, the inode, the size, and two timestamps in nanoseconds."""
METADATA = attrgetter("st_mode", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns")


class ListedOutputs:
    """Reads the metadata of one environment after another, relative to the root folder."""

    def __init__(self, root: str) -> None:
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY)

    def __enter__(self) -> ListedOutputs:
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._root)

    def read(self, inventory: str) -> tuple[bytes, list[Metadata]] | None:
        """The content of an inventory, and the metadata of its paths and their folders.

        None if a file is missing, or if the inventory cannot be read.
        """
        root = self._root
        try:
            content = self._content(inventory)
            paths = listed_paths(content)
            return content, [
                METADATA(os.stat(path, dir_fd=root, follow_symlinks=False)) for path in paths
            ]
        except (OSError, ValueError):
            return None

    def _content(self, inventory: str) -> bytes:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        with open(os.open(inventory, flags, dir_fd=self._root), "rb") as file:
            return file.read()


def listed_paths(inventory: bytes) -> list[str]:
    """The files in an inventory, and then the folders above them that belong to one environment."""
    lines = os.fsdecode(inventory).splitlines()
    files = [line for line in lines if line and line[0] != "#"]
    return [*files, *_folders(files)]


def _folders(files: Iterable[str]) -> Iterator[str]:
    """Yields each folder once. `rendered` and `argocd` have the files of all environments."""
    seen: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while "/" in folder and folder not in seen:
            seen.add(folder)
            yield folder
            folder = folder.rpartition("/")[0]
