"""The lock that allows one render at a time, and the working folder .gitops-gen."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position
from gitops_gen.tree._paths import NOT_A_FILE
from gitops_gen.tree._root import RootFolder, failing, opened

STATE = ".gitops-gen"
STAGING = f"{STATE}/staging"
_LOCK = f"{STATE}/lock"
_IGNORE = f"{STATE}/.gitignore"
_TIMEOUT_SECONDS = 120.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Locked:
    """A repository that is locked, so that no other render writes to it."""

    root: RootFolder


@contextmanager
def lock(
    root: str | os.PathLike[str],
    *,
    waiting: Callable[[str], None] | None = None,
    timeout: float = _TIMEOUT_SECONDS,
) -> Iterator[Locked]:
    """Locks the repository. Waits at most `timeout` seconds for another render.

    If it must wait, it calls `waiting` once with a message. The kernel releases the lock when the
    process ends in any way. The temporary files of killed runs are removed. Raises ToolFailed
    after the timeout.
    """
    with opened(root) as repository:
        _prepare(repository)
        with _locked(repository, waiting, timeout):
            _clear_leftovers(repository)
            yield Locked(repository)


def _prepare(root: RootFolder) -> None:
    """Creates the folder with its own .gitignore."""
    _require_folder(root, STATE)
    with _opened(root, _IGNORE) as fd, failing("write", _IGNORE):
        if os.fstat(fd).st_size == 0:
            os.write(fd, b"*\n")


def _require_folder(root: RootFolder, path: str) -> None:
    """Creates a missing folder. Raises InvalidInput if the path is not a folder."""
    with failing("make", path):
        status = root.lstat(path)
        if status is None:
            _make(root, path)
        elif not stat.S_ISDIR(status.st_mode):
            text = "must be a folder and not a link; remove it"
            raise InvalidInput.at(Position(path), text, NOT_A_FILE)


def _make(root: RootFolder, path: str) -> None:
    try:
        root.mkdir(path)
    except FileExistsError:
        return  # another render has created it


@contextmanager
def _opened(root: RootFolder, path: str) -> Iterator[int]:
    with failing("open", path):
        fd = root.open(path, os.O_RDWR | os.O_CREAT)
    try:
        yield fd
    finally:
        os.close(fd)


@contextmanager
def _locked(
    root: RootFolder, waiting: Callable[[str], None] | None, timeout: float
) -> Iterator[None]:
    with _opened(root, _LOCK) as fd:
        if not _acquired(fd):
            if waiting is not None:
                waiting(f"waiting for {_holder(fd)} to finish")
            _wait(fd, timeout)
        with failing("write", _LOCK):
            os.ftruncate(fd, 0)
            os.pwrite(fd, b"%d\n" % os.getpid(), 0)
        yield


def _wait(fd: int, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not _acquired(fd):
        if time.monotonic() > deadline:
            raise ToolFailed(
                f"{_holder(fd)} still has the lock {_LOCK} after {timeout:g} s; "
                "wait until it finishes or end it, then render again"
            )
        time.sleep(_POLL_SECONDS)


def _acquired(fd: int) -> bool:
    with failing("lock", _LOCK):
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _holder(fd: int) -> str:
    pid = os.pread(fd, 20, 0).strip().decode(errors="replace")
    return f"another render (process {pid})" if pid.isdecimal() else "another render"


def _clear_leftovers(root: RootFolder) -> None:
    _require_folder(root, STAGING)
    with failing("clear", STAGING):
        for name, mode, _ in root.scan(STAGING):
            path = f"{STAGING}/{name}"
            if stat.S_ISDIR(mode):
                root.clear(path)
            else:
                root.unlink(path)
