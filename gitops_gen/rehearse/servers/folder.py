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
    """A folder for this run alone, which is removed afterwards; its lock ends with this process."""
    parent = Path(tempfile.gettempdir()) / f"gitops-gen-rehearse-{os.getuid()}"
    with _locked(parent):
        for abandoned in _abandoned(parent):
            _remove(abandoned)
            note(f"removed {abandoned}, which a killed rehearsal left")
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=""))
        lock = _lock(folder)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(lock)
        _remove_if_empty(parent)


def _require_our_folder(parent: Path) -> None:
    """Makes the folder. Raises ToolFailed where another user has made it before."""
    with suppress(FileExistsError):
        parent.mkdir(mode=0o700)
    found = parent.lstat()
    if found.st_uid != os.getuid() or parent.is_symlink():
        raise ToolFailed(f"{parent} is not ours; remove it, or set TMPDIR to another folder")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One run at a time makes and removes folders."""
    while (descriptor := _made_and_locked(folder)) is None:
        pass
    try:
        yield
    finally:
        os.close(descriptor)


def _made_and_locked(folder: Path) -> int | None:
    """None where another run has removed the folder meanwhile: it is the last one's to remove."""
    try:
        _require_our_folder(folder)
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
            continue  # the run has just ended
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A run that ended after its folder was opened has removed the folder itself.
            is_abandoned = _is_open_folder(descriptor, folder)
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)
        if is_abandoned:
            yield folder


def _remove(folder: Path) -> None:
    """Programs that are just dying may still write: once more, then."""
    for _ in range(300):
        shutil.rmtree(folder, onerror=_make_accessible)
        if not folder.exists():
            return
        time.sleep(0.1)
    raise ToolFailed(f"{folder} cannot be removed; remove it by hand")


def _make_accessible(_function: object, path: str, _error: object) -> None:
    """The repo-server closes its folders to everyone; what is open now goes at the next try."""
    for path_to_open in (os.path.dirname(path), path):
        with suppress(OSError):
            os.chmod(path_to_open, 0o700)


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
