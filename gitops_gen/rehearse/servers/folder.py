"""The temporary directory of one rehearsal; the next run removes that of a killed run."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gitops_gen.errors import ToolFailed


@contextmanager
def scratch(note: Callable[[str], None]) -> Iterator[Path]:
    """Creates a temporary directory for this run and removes it afterwards.

    The lock of the directory ends with this process.
    """
    parent = Path(tempfile.gettempdir()) / f"gitops-gen-rehearse-{os.getuid()}"
    with _locked(parent):
        for abandoned in _abandoned(parent):
            _remove(abandoned)
            note(f"removed {abandoned}, the temporary directory of a killed rehearsal")
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=""))
        lock = _lock(folder)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(lock)
        _remove_if_empty(parent)


def _require_own_folder(parent: Path) -> None:
    """Creates the directory. Raises ToolFailed if another user has created it before."""
    with suppress(FileExistsError):
        parent.mkdir(mode=0o700)
    found = parent.lstat()
    if found.st_uid != os.getuid() or parent.is_symlink():
        text = "belongs to another user; remove it, or set TMPDIR to another directory"
        raise ToolFailed(f"{parent} {text}")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Holds a lock, so that only one run at a time creates and removes directories."""
    while (descriptor := _created_and_locked(folder)) is None:
        pass
    try:
        yield
    finally:
        os.close(descriptor)


def _created_and_locked(folder: Path) -> int | None:
    """Returns None if another run has removed the directory since it was created."""
    try:
        _require_own_folder(folder)
        descriptor = _lock(folder)
    except FileNotFoundError:
        if folder.parent.is_dir():
            return None
        raise
    if _is_open_folder(descriptor, folder):
        return descriptor
    os.close(descriptor)
    return None


def _lock(folder: Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _is_open_folder(descriptor: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(folder))
    except FileNotFoundError:
        return False


def _abandoned(parent: Path) -> Iterator[Path]:
    for folder in parent.iterdir():
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue  # The run has just ended.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A run that ended after its directory was opened has removed the directory itself.
            is_abandoned = _is_open_folder(descriptor, folder)
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)
        if is_abandoned:
            yield folder


def _remove(folder: Path) -> None:
    """Removes a directory. Retries, because programs that are terminating may still write."""
    for _ in range(300):
        shutil.rmtree(folder, onerror=_make_accessible)
        if not folder.exists():
            return
        time.sleep(0.1)
    raise ToolFailed(f"{folder} cannot be removed; remove it by hand")


def _make_accessible(_function: object, path: str, _error: object) -> None:
    """Adds permissions that the repo-server has removed; the next retry removes the path."""
    for path_to_open in (os.path.dirname(path), path):
        with suppress(OSError):
            os.chmod(path_to_open, 0o700)


def _remove_if_empty(parent: Path) -> None:
    with _locked(parent):
        if not any(parent.iterdir()):
            parent.rmdir()


def kept(folder: Path) -> str:
    """Copies the logs and live objects to a new directory and returns its path."""
    target = tempfile.mkdtemp(prefix="gitops-gen-rehearsal-")
    for name in ("logs", "live"):
        if (folder / name).is_dir():
            shutil.copytree(folder / name, f"{target}/{name}")
    return target
