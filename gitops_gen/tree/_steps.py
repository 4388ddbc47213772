"""The single changes of a render, each of which can be undone."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Protocol

from gitops_gen.errors import InvalidInput
from gitops_gen.tree._compare import obstacle
from gitops_gen.tree._root import RootFolder

_NO_LINKS = (errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOSYS, errno.EOPNOTSUPP)


class WriteStep(Protocol):
    """`do` is one change that happens or does not; `undo` only follows a `do` that happened."""

    @property
    def path(self) -> str: ...
    @property
    def verb(self) -> str: ...
    def do(self, root: RootFolder) -> None: ...
    def undo(self, root: RootFolder) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Moves a staged file to its path. A present file gets a second name first, `backup`, so that
    the path is never without a file."""

    path: str
    staged: str
    backup: str | None
    verb: str = "write"

    def do(self, root: RootFolder) -> None:
        if self.backup is not None:
            _back_up(root, self.path, self.backup)
        elif root.lstat(self.path) is not None:  # another letter case of it, or put there just now
            raise InvalidInput([obstacle(self.path, "something that gitops-gen did not write")])
        root.rename(self.staged, self.path)

    def undo(self, root: RootFolder) -> None:
        if self.backup is None:
            root.unlink(self.path)
        else:
            root.rename(self.backup, self.path)


def _back_up(root: RootFolder, path: str, backup: str) -> None:
    try:
        root.link(path, backup)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        root.copy(path, backup)


@dataclass(frozen=True, slots=True)
class Remove:
    path: str
    backup: str
    verb: str = "remove"

    def do(self, root: RootFolder) -> None:
        root.rename(self.path, self.backup)

    def undo(self, root: RootFolder) -> None:
        root.rename(self.backup, self.path)


@dataclass(frozen=True, slots=True)
class MakeFolder:
    path: str
    verb: str = "make"

    def do(self, root: RootFolder) -> None:
        root.mkdir(self.path)

    def undo(self, root: RootFolder) -> None:
        root.rmdir(self.path)


@dataclass(frozen=True, slots=True)
class RemoveFolder:
    path: str
    verb: str = "remove"

    def do(self, root: RootFolder) -> None:
        root.rmdir(self.path)

    def undo(self, root: RootFolder) -> None:
        root.mkdir(self.path)
