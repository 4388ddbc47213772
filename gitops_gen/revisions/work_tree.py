"""Reads the current files of a repository from the disk, including files that are not committed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position
from gitops_gen.revisions.revision import LARGEST, UNREADABLE


@dataclass(frozen=True, slots=True)
class WorkTree:
    root: str

    @property
    def label(self) -> str:
        return "the work tree"

    def name_of(self, path: str) -> str:
        return path

    def exists(self, path: str) -> bool:
        folder = os.path.dirname(path)
        try:
            os.lstat(os.path.join(self.root, path))
        except FileNotFoundError:
            self._require_no_broken_link(folder)
            return False
        except NotADirectoryError:
            text = "is not a folder; rename the file"
            raise InvalidInput.at(Position(folder), text, UNREADABLE) from None
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            raise InvalidInput.at(Position(folder), message, UNREADABLE) from error
        return True

    def list(self, folder: str) -> tuple[str, ...]:
        try:
            return tuple(sorted(os.listdir(os.path.join(self.root, folder))))
        except FileNotFoundError:
            self._require_no_broken_link(folder)
            return ()
        except NotADirectoryError:
            text = "is not a folder; rename the file"
            raise InvalidInput.at(Position(folder), text, UNREADABLE) from None
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            raise InvalidInput.at(Position(folder), message, UNREADABLE) from error

    def read(self, path: str, limit: int = LARGEST) -> bytes:
        return read_file(os.path.join(self.root, path), path, limit)

    def files_below(self, folder: str) -> Iterator[str]:
        for parent, folders, names in os.walk(os.path.join(self.root, folder)):
            folders.sort()
            for name in sorted(names):
                place = os.path.join(parent, name)
                if os.path.isfile(place):
                    yield os.path.relpath(place, self.root)

    def on_disk(self, folders: Iterable[str]) -> str:  # noqa: ARG002 - all folders exist there
        return self.root

    def _require_no_broken_link(self, folder: str) -> None:
        """Raises InvalidInput for a broken link, which the system reports as a missing folder."""
        path = os.path.join(self.root, folder)
        if os.path.lexists(path) and not os.path.isdir(path):
            message = "is a link that does not lead to a folder; correct the link"
            raise InvalidInput.at(Position(folder), message, UNREADABLE)


def read_file(path: str, file: str, limit: int = LARGEST) -> bytes:
    """The content of a regular file, named `file` in messages. Raises InvalidInput."""
    try:
        # O_NONBLOCK: opening a FIFO without a writer must not wait.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except (OSError, ValueError) as error:
        raise InvalidInput.at(Position(file), _why_not_opened(path, error), UNREADABLE) from error
    try:
        _check_status(os.fstat(descriptor), file, limit)
        data = _read_limited(descriptor, limit)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise InvalidInput.at(Position(file), message, UNREADABLE) from error
    finally:
        os.close(descriptor)
    require_size(len(data), file, limit)
    return data


def require_size(size: int, file: str, limit: int) -> None:
    """Raises InvalidInput for a file that is larger than `limit` bytes."""
    if size > limit:
        raise InvalidInput.at(Position(file), f"is larger than {limit >> 20} MiB", UNREADABLE)


def _check_status(status: os.stat_result, file: str, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        text = f"is {_kind(status.st_mode)}, not a file"
        raise InvalidInput.at(Position(file), text, UNREADABLE)
    require_size(status.st_size, file, limit)


def _read_limited(descriptor: int, limit: int) -> bytes:
    # The reported size is not reliable: a file can grow, and files in /proc report 0.
    data = b""
    while len(data) <= limit and (chunk := os.read(descriptor, limit + 1)):
        data += chunk
    return data


def _why_not_opened(path: str, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        if os.path.islink(path):
            return f"is a link to {os.readlink(path)}, which does not exist; correct the link"
        return "does not exist; create it, or correct the name"
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied; change its mode (chmod u+r) or its owner"
    return f"cannot be opened: {getattr(error, 'strerror', None) or error}"


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "an object of unknown type")
