"""A folder for Helm's input, gone afterwards; a render removes what a killed one left."""

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
    """An empty folder of ours alone, held by a lock that ends with us."""
    parent = _folder_in_memory() or tempfile.gettempdir()
    _remove_left_behind(parent)
    with tempfile.TemporaryDirectory(prefix=f"gitops-gen-{os.getpid()}-", dir=parent) as folder:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # A file system without locks leaves what is killed, and nothing else.
            with suppress(OSError):
                fcntl.flock(held, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(held)


def _folder_in_memory() -> str | None:
    """A folder in memory, if there is one: Helm's input is a thousand small files, read once.

    On a disk, making them costs as much as Helm itself. TMPDIR, if set, is the user's word.
    """
    shared = "/dev/shm"  # noqa: S108 - a fresh folder in it, by mkdtemp
    usable = "TMPDIR" not in os.environ and os.access(shared, os.W_OK | os.X_OK)
    return shared if usable else None


def _remove_left_behind(parent: str) -> None:
    """Only what is certain: ours, of a process that has ended, and locked by none.

    Another container may share the folder, but not our numbers of processes: its lock tells.
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
        pass  # another user's, by now
    return True
