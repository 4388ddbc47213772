"""Folders of the user's cache that hold programs: others must not be able to change them."""

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
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(cache) / "gitops-gen"


def private_folder(*names: str) -> Path:
    """A folder below the root of the cache, which is made where it is missing."""
    folder = root()
    for name in ("", *names):
        folder = folder / name
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ToolFailed(f"{folder} cannot be made: {error.strerror}") from error
        require_private(folder)
    return folder


def require_private(path: Path) -> None:
    """Raises ToolFailed if another user could have put something into it."""
    if not is_private(path):
        raise ToolFailed(
            f"{path} belongs to another user or can be written by others; "
            f"remove it, or make it yours alone: chmod go-w {path}"
        )


def is_private(path: Path) -> bool:
    status = path.stat()
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


@contextmanager
def locked(folder: Path, progress: Progress) -> Iterator[None]:
    """Whoever comes second waits for the first, and finds everything there."""
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(f"waiting for another build in {folder}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
