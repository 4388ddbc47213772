"""Writes one file atomically, inside or outside the repository.

A temporary file is written to the same folder and then renamed.
"""

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
    title="The output file of a command can be written",
    why="The path is given on the command line. gitops-gen does not create folders for it, and "
    "does not replace folders, links, or files that it must not overwrite.",
    remedy="Use a path in an existing folder that is not one of the folders that gitops-gen reads "
    "or writes itself.",
)

_MISSING_FOLDER_ERRORS = (errno.ENOENT, errno.ENOTDIR)
_PERMISSION_ERRORS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ELOOP, errno.ENAMETOOLONG)


def save(path: str, content: bytes) -> None:
    """Writes `content` to `path`. An existing file keeps its mode; a new file gets mode 0644.

    Readers see either the old or the new content. Raises InvalidInput if the path cannot be used
    for a file, and ToolFailed for other errors of the operating system. Nothing is changed then.
    """
    with _translate_os_errors(path), closing(RootFolder(os.path.dirname(path) or ".")) as folder:
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
        raise InvalidInput.at(Position(path), "is a folder; use another path", OUTPUT_FILE)
    status = folder.lstat(name)
    if status is None:
        return FILE_MODE
    if not stat.S_ISREG(status.st_mode):
        problem = "is a folder" if stat.S_ISDIR(status.st_mode) else "is not a regular file"
        raise InvalidInput.at(Position(path), f"{problem}; use another path", OUTPUT_FILE)
    return stat.S_IMODE(status.st_mode)


@contextmanager
def _translate_os_errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _MISSING_FOLDER_ERRORS:
            text = "the folder of the file does not exist; create it, or use another path"
        elif error.errno in _PERMISSION_ERRORS:
            text = f"cannot be written: {error.strerror}; use another path"
        else:
            text = f"cannot write {printable(path)}: {error.strerror}; nothing was changed"
            raise ToolFailed(text) from error
        raise InvalidInput.at(Position(path), text, OUTPUT_FILE) from error
