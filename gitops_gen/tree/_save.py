"""One file, wherever it is: a new file is written beside it, then renamed into its place."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from secrets import token_hex

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position, Rule, printable
from gitops_gen.tree._root import FILE_MODE, RootFolder

OUTPUT_FILE = Rule(
    "output-file",
    title="The file that a command is to write can be written",
    why="The file is named on the command line, and gitops-gen neither makes folders for it nor "
    "replaces what it must not.",
    remedy="Name a file in a folder that exists, outside the folders that gitops-gen reads and "
    "writes itself.",
)

_NO_FOLDER = (errno.ENOENT, errno.ENOTDIR)
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ELOOP, errno.ENAMETOOLONG)


def save(path: str, content: bytes) -> None:
    """Makes the file at `path` hold `content`; it keeps its mode, and a new one gets 0644.

    At any time the file is whole, old or new. Raises InvalidInput where the user cannot have a
    file, and ToolFailed where the machine fails; nothing is changed then.
    """
    with _failing(path), closing(RootFolder(os.path.dirname(path) or ".")) as folder:
        name = os.path.basename(path)
        mode = _mode(folder, name, path)
        temporary = f".gitops-gen-{token_hex(8)}"
        try:
            folder.create(temporary, content, mode)
            folder.rename(temporary, name)
        except BaseException:
            with suppress(OSError):
                folder.unlink(temporary)
            raise


def _mode(folder: RootFolder, name: str, path: str) -> int:
    if not name:
        raise InvalidInput.at(Position(path), "is a folder; name a file in it", OUTPUT_FILE)
    status = folder.lstat(name)
    if status is None:
        return FILE_MODE
    if not stat.S_ISREG(status.st_mode):
        problem = "is a folder" if stat.S_ISDIR(status.st_mode) else "is not a regular file"
        raise InvalidInput.at(Position(path), f"{problem}; name a file", OUTPUT_FILE)
    return stat.S_IMODE(status.st_mode)


@contextmanager
def _failing(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_FOLDER:
            text = "there is no folder for it; make one, or choose another place"
        elif error.errno in _NOT_ALLOWED:
            text = f"cannot be written: {error.strerror}; choose another place"
        else:
            text = f"cannot write {printable(path)}: {error.strerror}; nothing was changed"
            raise ToolFailed(text) from error
        raise InvalidInput.at(Position(path), text, OUTPUT_FILE) from error
