"""Folders in the cache of the user that contain programs. Other users must not be able to change
them."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gitops_gen.errors import ToolFailed

Progress = Callable[[str], None]


def root() -> Path:
    """Returns the folder of gitops-gen in the cache of the user, whether it exists or not.

    A relative XDG_CACHE_HOME is ignored, as its specification requires: otherwise, a program in the
    current directory would be started. Raises ToolFailed if the user has no home directory.
    """
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(cache):
        cache = os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(cache):
        raise ToolFailed("there is no folder for caches: set HOME or XDG_CACHE_HOME")
    return Path(cache) / "gitops-gen"


def private_folder(*names: str) -> Path:
    """Returns a folder below the root of the cache, and creates it if it does not exist."""
    folder = root()
    for name in ("", *names):
        folder = folder / name
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ToolFailed(f"{folder} cannot be created: {error.strerror}") from error
        require_private(folder)
    return folder


def require_private(path: Path) -> None:
    """Raises ToolFailed if another user could have written to the path."""
    if not is_private(path):
        raise ToolFailed(
            f"{path} belongs to another user, or other users can write to it; "
            f"remove it, or take their permission: chmod go-w {path}"
        )


def is_private(path: Path) -> bool:
    status = path.stat()
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


@contextmanager
def locked(folder: Path, progress: Progress) -> Iterator[None]:
    """Locks a folder. A second process waits for the first one, and then finds its programs."""
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(f"waiting for another build in {folder}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
