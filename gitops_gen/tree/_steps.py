"""The single acts of a render, each with its way back."""

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
    """Puts a staged file where it belongs. What stood there is kept under a second name, so the
    path is never without a file."""

    path: str
    staged: str
    kept: str | None
    verb: str = "write"

    def do(self, root: RootFolder) -> None:
        if self.kept is not None:
            _keep(root, self.path, self.kept)
        elif root.lstat(self.path) is not None:  # another letter case of it, or put there just now
            raise InvalidInput([obstacle(self.path, "something that gitops-gen did not write")])
        root.rename(self.staged, self.path)

    def undo(self, root: RootFolder) -> None:
        if self.kept is None:
            root.unlink(self.path)
        else:
            root.rename(self.kept, self.path)


def _keep(root: RootFolder, path: str, kept: str) -> None:
    try:
        root.link(path, kept)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        root.copy(path, kept)


@dataclass(frozen=True, slots=True)
class Remove:
    path: str
    kept: str
    verb: str = "remove"

    def do(self, root: RootFolder) -> None:
        root.rename(self.path, self.kept)

    def undo(self, root: RootFolder) -> None:
        root.rename(self.kept, self.path)


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
