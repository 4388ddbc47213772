"""Temporary folders for the input of Helm. A render removes the folders of killed renders."""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from shutil import rmtree

_NAME = re.compile(r"gitops-gen-([0-9]+)-[^/]+")


@contextmanager
def scratch() -> Iterator[str]:
    """Yields an empty folder that is locked until this process ends."""
    parent = _folder_in_memory() or tempfile.gettempdir()
    _remove_left_behind(parent)
    with tempfile.TemporaryDirectory(prefix=f"gitops-gen-{os.getpid()}-", dir=parent) as folder:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # On a file system without locks, the folder of a killed render is not removed.
            with suppress(OSError):
                fcntl.flock(held, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(held)


def _folder_in_memory() -> str | None:
    """A folder in memory, if available, because Helm reads a thousand small files once.

    Writing them to a disk takes as long as Helm itself. TMPDIR has precedence, if set.
    """
    shared = "/dev/shm"  # noqa: S108 - a fresh folder in it, by mkdtemp
    usable = "TMPDIR" not in os.environ and os.access(shared, os.W_OK | os.X_OK)
    return shared if usable else None


def _remove_left_behind(parent: str) -> None:
    """Removes folders of this user whose process has ended and that are not locked.

    Another container may share the parent folder but not the process IDs, so the lock decides.
    """
    with suppress(OSError), os.scandir(parent) as entries:
        names = [entry.name for entry in entries if _NAME.fullmatch(entry.name)]
        for name in names:
            with suppress(OSError):
                _remove_if_left_behind(os.path.join(parent, name), int(name.split("-")[2]))


def _remove_if_left_behind(folder: str, process: int) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(handle).st_uid == os.getuid() and not _runs(process):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # The ID now belongs to a process of another user.
    return True
