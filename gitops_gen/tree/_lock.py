"""One render at a time, and the folder .gitops-gen, in which it works."""

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
_PATIENCE = 120.0
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Locked:
    """A repository that no other render writes to meanwhile."""

    root: RootFolder


@contextmanager
def lock(
    root: str | os.PathLike[str],
    *,
    waiting: Callable[[str], None] | None = None,
    patience: float = _PATIENCE,
) -> Iterator[Locked]:
    """Waits for another render, at most `patience` seconds; then `waiting` gets a message, once.

    The kernel releases the lock when the process ends, however it ends. The temporary files of
    killed runs are removed.
    """
    with opened(root) as repository:
        _prepare(repository)
        with _locked(repository, waiting, patience):
            _clear_leftovers(repository)
            yield Locked(repository)


def _prepare(root: RootFolder) -> None:
    """Makes the folder and a .gitignore in it, so that no repository needs a line for it."""
    _require_folder(root, STATE)
    with _opened(root, _IGNORE) as fd, failing("write", _IGNORE):
        if os.fstat(fd).st_size == 0:
            os.write(fd, b"*\n")


def _require_folder(root: RootFolder, path: str) -> None:
    """Makes a missing folder. Raises InvalidInput where something else has its path."""
    with failing("make", path):
        status = root.lstat(path)
        if status is None:
            _make(root, path)
        elif not stat.S_ISDIR(status.st_mode):
            text = "must be a folder, and no link; remove it"
            raise InvalidInput.at(Position(path), text, NOT_A_FILE)


def _make(root: RootFolder, path: str) -> None:
    try:
        root.mkdir(path)
    except FileExistsError:
        return  # another render was quicker


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
    root: RootFolder, waiting: Callable[[str], None] | None, patience: float
) -> Iterator[None]:
    with _opened(root, _LOCK) as fd:
        if not _acquired(fd):
            if waiting is not None:
                waiting(f"waiting for {_holder(fd)} to finish")
            _wait(fd, patience)
        with failing("write", _LOCK):
            os.ftruncate(fd, 0)
            os.pwrite(fd, b"%d\n" % os.getpid(), 0)
        yield


def _wait(fd: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not _acquired(fd):
        if time.monotonic() > deadline:
            raise ToolFailed(
                f"{_holder(fd)} still holds {_LOCK} after {patience:g} s; "
                "let it finish or end it, then render again"
            )
        time.sleep(_PAUSE)


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
