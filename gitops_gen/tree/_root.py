"""File operations that cannot leave a folder."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from gitops_gen.errors import ToolFailed
from gitops_gen.model import printable

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_NO_FOLDER = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
_CHUNK = 1 << 20
FILE_MODE = 0o644
_FOLDER_MODE = 0o755
_OPEN_FOLDERS = 64

Entry = tuple[str, int, int]
"""Name, mode and size of what a folder holds."""


@contextmanager
def failing(verb: str, path: str) -> Iterator[None]:
    """An error of the operating system becomes one that names the file."""
    try:
        yield
    except OSError as error:
        raise ToolFailed(refused(verb, path, error)) from error


def refused(verb: str, path: str, error: OSError) -> str:
    reason = error.strerror
    if error.errno == errno.EXDEV:
        reason = "it is not on the file system (or mount) of .gitops-gen"
    return f"cannot {verb} {printable(path)}: {reason}"


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[RootFolder]:
    with failing("open", os.fspath(path)):
        root = RootFolder(path)
    try:
        yield root
    finally:
        root.close()


class RootFolder:
    """A folder and what is below it; errors are plain OSErrors.

    Paths are relative to it, with "/". Each folder of a path is opened in the one above it and
    never through a symbolic link, so that no link leads outside, even one that is made meanwhile.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        self._folders: dict[str, int] = {}

    def close(self) -> None:
        self._forget()
        os.close(self._fd)
        self._fd = -1

    def lstat(self, path: str) -> os.stat_result | None:
        """The status of a file or a link itself; None where there is nothing."""
        folder, name = self._place(path)
        try:
            return os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def is_file(self, path: str) -> bool:
        """Whether it is a regular file, and each folder above it is a real folder."""
        try:
            status = self.lstat(path)
        except OSError as error:
            if error.errno in _NO_FOLDER:
                return False
            raise
        return status is not None and stat.S_ISREG(status.st_mode)

    def scan(self, folder: str) -> list[Entry]:
        with os.scandir(self._folder(folder)) as entries:
            return [(entry.name, *_mode_and_size(entry)) for entry in entries]

    def read(self, path: str) -> bytes:
        with self._reading(path) as fd:
            return b"".join(_chunks(fd))

    def has_content(self, path: str, content: bytes) -> bool:
        """Whether these are the bytes of the file."""
        length = 0
        with self._reading(path) as fd:
            for chunk in _chunks(fd):
                if content[length : length + len(chunk)] != chunk:
                    return False
                length += len(chunk)
        return length == len(content)

    def mode(self, path: str) -> int:
        """A file's permissions."""
        folder, name = self._place(path)
        return stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)

    def create(self, path: str, content: bytes, mode: int = FILE_MODE) -> None:
        """Makes a new file; fails where the path exists."""
        folder, name = self._place(path)
        fd = os.open(name, _CREATE, FILE_MODE, dir_fd=folder)
        try:
            _set_mode(fd, mode)
            _write_all(fd, content)
        finally:
            os.close(fd)

    def copy(self, old: str, new: str) -> None:
        """Copies content and times, where a second name (`link`) is not possible."""
        status = self.lstat(old)
        self.create(new, self.read(old))
        if status is not None:
            folder, name = self._place(new)
            os.utime(name, ns=(status.st_atime_ns, status.st_mtime_ns), dir_fd=folder)

    def open(self, path: str, flags: int) -> int:
        folder, name = self._place(path)
        return os.open(name, flags | os.O_NOFOLLOW, FILE_MODE, dir_fd=folder)

    def rename(self, old: str, new: str) -> None:
        (from_folder, from_name), (to_folder, to_name) = self._place(old), self._place(new)
        os.rename(from_name, to_name, src_dir_fd=from_folder, dst_dir_fd=to_folder)

    def link(self, old: str, new: str) -> None:
        (from_folder, from_name), (to_folder, to_name) = self._place(old), self._place(new)
        os.link(
            from_name,
            to_name,
            src_dir_fd=from_folder,
            dst_dir_fd=to_folder,
            follow_symlinks=False,
        )

    def unlink(self, path: str) -> None:
        folder, name = self._place(path)
        os.unlink(name, dir_fd=folder)

    def mkdir(self, path: str) -> None:
        folder, name = self._place(path)
        os.mkdir(name, _FOLDER_MODE, dir_fd=folder)
        try:
            _set_mode(self._folder(path), _FOLDER_MODE)
        except OSError:
            os.rmdir(name, dir_fd=folder)
            raise

    def rmdir(self, path: str) -> None:
        self._forget()
        folder, name = self._place(path)
        os.rmdir(name, dir_fd=folder)

    def clear(self, folder: str) -> None:
        """Removes a folder and all that is in it."""
        for name, mode, _ in self.scan(folder):
            path = f"{folder}/{name}"
            if stat.S_ISDIR(mode):
                self.clear(path)
            else:
                self.unlink(path)
        self.rmdir(folder)

    def _place(self, path: str) -> tuple[int, str]:
        folder, _, name = path.rpartition("/")
        return self._folder(folder), name

    def _folder(self, path: str) -> int:
        """An open folder. The last few stay open; the one asked for before this is among them."""
        if not path:
            return self._fd
        fd = self._folders.pop(path, None)
        if fd is None:
            fd = self._walk_to(path)
        self._folders[path] = fd
        if len(self._folders) > _OPEN_FOLDERS:
            os.close(self._folders.pop(next(iter(self._folders))))
        return fd

    def _walk_to(self, path: str) -> int:
        above, _, name = path.rpartition("/")
        if above in self._folders:
            return os.open(name, _FOLDER, dir_fd=self._folders[above])
        fd = os.dup(self._fd)
        for part in path.split("/"):
            above_fd = fd
            try:
                fd = os.open(part, _FOLDER, dir_fd=above_fd)
            finally:
                os.close(above_fd)
        return fd

    def _forget(self) -> None:
        while self._folders:
            os.close(self._folders.popitem()[1])

    @contextmanager
    def _reading(self, path: str) -> Iterator[int]:
        folder, name = self._place(path)
        fd = os.open(name, _READ, dir_fd=folder)
        try:
            yield fd
        finally:
            os.close(fd)


def _mode_and_size(entry: os.DirEntry[str]) -> tuple[int, int]:
    status = entry.stat(follow_symlinks=False)
    return status.st_mode, status.st_size


def _chunks(fd: int) -> Iterator[bytes]:
    while chunk := os.read(fd, _CHUNK):
        yield chunk


def _write_all(fd: int, content: bytes) -> None:
    unwritten = memoryview(content)
    while unwritten:
        unwritten = unwritten[os.write(fd, unwritten) :]


def _set_mode(fd: int, mode: int) -> None:
    """Sets the mode whatever the umask is. This process has just made the file, so that only a
    file system without modes (exFAT, some shared folders) can refuse it, which does no harm."""
    if stat.S_IMODE(os.fstat(fd).st_mode) != mode:
        try:
            os.fchmod(fd, mode)
        except PermissionError:
            return
