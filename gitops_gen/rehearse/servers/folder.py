"""The temporary folder of one rehearsal; the next run removes what a killed one left."""

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
    """A folder that is ours alone and gone afterwards; held by a lock that ends with us."""
    parent = Path(tempfile.gettempdir()) / f"gitops-gen-rehearse-{os.getuid()}"
    with _locked(parent):
        for left in _abandoned(parent):
            _remove(left)
            note(f"removed {left}, which a killed rehearsal left")
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=""))
        held = _lock(folder)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(held)
        _remove_if_empty(parent)


def _own(parent: Path) -> None:
    with suppress(FileExistsError):
        parent.mkdir(mode=0o700)
    found = parent.lstat()
    if found.st_uid != os.getuid() or parent.is_symlink():
        raise ToolFailed(f"{parent} is not ours; remove it, or set TMPDIR to another folder")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One run at a time makes and removes folders."""
    while (handle := _made_and_locked(folder)) is None:
        pass
    try:
        yield
    finally:
        os.close(handle)


def _made_and_locked(folder: Path) -> int | None:
    """None where another run has removed the folder meanwhile: it is the last one's to remove."""
    try:
        _own(folder)
        handle = _lock(folder)
    except FileNotFoundError:
        if folder.parent.is_dir():
            return None
        raise
    if _same(handle, folder):
        return handle
    os.close(handle)
    return None


def _lock(folder: Path) -> int:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _same(handle: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder))
    except FileNotFoundError:
        return False


def _abandoned(parent: Path) -> Iterator[Path]:
    for folder in parent.iterdir():
        try:
            handle = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue  # of a run that has just ended
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A run that ended after we opened its folder has removed it: that is not left.
            left = _same(handle, folder)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
        if left:
            yield folder


def _remove(folder: Path) -> None:
    """Programs that are just dying may still write: once more, then."""
    for _ in range(300):
        shutil.rmtree(folder, onerror=_unlocked)
        if not folder.exists():
            return
        time.sleep(0.1)
    raise ToolFailed(f"{folder} cannot be removed; remove it by hand")


def _unlocked(_function: object, path: str, _error: object) -> None:
    """The repo-server closes its folders to everyone; what is open now goes at the next try."""
    for place in (os.path.dirname(path), path):
        with suppress(OSError):
            os.chmod(place, 0o700)


def _remove_if_empty(parent: Path) -> None:
    with _locked(parent):
        if not any(parent.iterdir()):
            parent.rmdir()


def kept(folder: Path) -> str:
    """A copy of the logs and live objects, for the user to look at."""
    target = tempfile.mkdtemp(prefix="gitops-gen-rehearsal-")
    for name in ("logs", "live"):
        if (folder / name).is_dir():
            shutil.copytree(folder / name, f"{target}/{name}")
    return target
