"""Reads the files of a commit as stored by Git, like Argo CD does.

Filters and attributes (export-ignore, export-subst, line endings) are not applied. The work tree
and the index are not touched. Links are followed only within the commit.
"""

from __future__ import annotations

import errno
import hashlib
import os
import posixpath
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position
from gitops_gen.revisions.git_tree import Entry, GitTree, LinkRefused, NoFolder
from gitops_gen.revisions.revision import LARGEST, UNREADABLE

_LFS = b"version https://git-lfs.github.com/spec/"
_LARGEST_POINTER = 1024
_SHA1_DIGITS = 40
_PLACEHOLDER = "this-link-is-not-followed"
LARGEST_WRITTEN = 100 << 20
"""The maximum size in bytes of a file that is written to the disk: the limit of GitHub."""
MOST_WRITTEN = 2 << 30
"""The maximum total size in bytes of the written files. Git compresses large files of zeros."""


# Errors of the operating system for a file name that is not allowed.
_OF_THE_NAME = frozenset({errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ})


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. `scratch` is a temporary folder for files that programs read from the disk."""

    revision: str
    """The name that the user specified."""
    id: str
    tree: GitTree
    scratch: str

    @property
    def label(self) -> str:
        short = self.id[:7]
        return short if self.id.startswith(self.revision) else f"{self.revision} ({short})"

    def name_of(self, path: str) -> str:
        return f"{self.revision}:{path}"

    def exists(self, path: str) -> bool:
        return self._unfollowed(path) is not None

    def list(self, folder: str) -> tuple[str, ...]:
        entry = self._found(folder)
        if entry is None:
            if self._unfollowed(folder) is not None:
                raise self._refused(
                    folder, "is a link that does not lead to a folder; correct the link"
                )
            return ()
        if not entry.is_folder:
            raise self._refused(folder, NoFolder(folder, entry).reason)
        return tuple(sorted(self.tree.entries(entry)))

    def read(self, path: str, limit: int = LARGEST) -> bytes:
        entry = self._found(path)
        if entry is None or not entry.is_file:
            raise self._refused(path, self._why_no_file(path, entry))
        data = self.tree.objects.read(entry.object, "blob", limit)
        if data is None:
            raise self._refused(path, f"is larger than {limit >> 20} MiB")
        if data.startswith(_LFS) and len(data) <= _LARGEST_POINTER:
            message = (
                "is stored in Git LFS: the commit contains only a pointer, so the content can be "
                "read only from the work tree; store this file in Git itself"
            )
            raise self._refused(path, message)
        return data

    def has_content(self, path: str, content: bytes) -> bool:
        """Whether the file has this content, which is decided without reading it."""
        entry = self._found(path)
        if entry is None or not entry.is_file:
            return False
        new_hash = hashlib.sha256 if len(entry.object) > _SHA1_DIGITS else hashlib.sha1
        digest = new_hash(b"blob %d\0" % len(content), usedforsecurity=False)
        digest.update(content)
        return digest.hexdigest() == entry.object

    def files_below(self, folder: str) -> Iterator[str]:
        top = self._found(folder)
        if top is not None and top.is_folder:
            for path, entry in self.tree.below(top, folder):
                found = self._found(path) if entry.is_link else entry
                if found is not None and found.is_file:
                    yield path

    def on_disk(self, folders: Iterable[str]) -> str:
        """Writes folders to the temporary folder, and returns it.

        Each link is replaced by a broken one, so that no file outside can be read through it.
        """
        for folder in folders:
            self._put_on_disk(folder)
        return self.scratch

    def write_to(self, folder: str) -> None:
        """Writes all files and links of the commit to an empty folder.

        Raises InvalidInput for a link out of the repository, for which Argo CD refuses the
        repository.
        """
        found = list(self.tree.below(self.tree.top))
        self._write_files(folder, found)
        # Links are written last, so that no file is written through a link.
        links = [(path, entry) for path, entry in found if entry.is_link]
        for path, entry in links:
            self._write_link(folder, path, self._target(path, entry))
        for path, _ in links:
            self._require_inside(folder, path)

    def _put_on_disk(self, folder: str) -> None:
        """Writes a folder. A link in its path is also written, so that messages can name it."""
        path, entry = "", self.tree.top
        for name in folder.split("/"):
            child = self.tree.entries(entry).get(name)
            if child is None:
                return
            path, entry = posixpath.join(path, name), child
            if not entry.is_folder:
                self._put([(path, entry)])
                return
        self._put(self.tree.below(entry, path))

    def _put(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """Writes the entries that are not on the disk yet. They stay until the commit is closed."""
        missing = [(p, e) for p, e in entries if not os.path.lexists(f"{self.scratch}/{p}")]
        self._write_files(self.scratch, missing)
        for path, entry in missing:
            if entry.is_link:
                self._write_link(self.scratch, path, _PLACEHOLDER)

    def _write_files(self, folder: str, entries: Iterable[tuple[str, Entry]]) -> None:
        written = 0
        for path, entry in entries:
            if entry.is_file:
                written += self._write_file(folder, path, entry)
            if written > MOST_WRITTEN:
                text = (
                    f"contains more than {MOST_WRITTEN >> 20:,} MiB, which is too large to be read"
                )
                raise InvalidInput.at(Position(self.revision), text, UNREADABLE)

    def _write_file(self, folder: str, path: str, entry: Entry) -> int:
        content = self.tree.objects.read(entry.object, "blob", LARGEST_WRITTEN)
        if content is None:
            raise self._refused(path, f"is larger than {LARGEST_WRITTEN >> 20} MiB")
        with self._written(path), open(_place(folder, path), "xb") as file:
            file.write(content)
        return len(content)

    def _write_link(self, folder: str, path: str, target: str) -> None:
        with self._written(path):
            os.symlink(target, _place(folder, path))

    @contextmanager
    def _written(self, path: str) -> Iterator[None]:
        """Raises InvalidInput for a path that is not allowed on the file system of this machine."""
        try:
            yield
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            text = (
                "cannot be written: this file system ignores letter case, and another file has the "
                "same name in another case; rename one of them"
            )
            raise self._refused(path, text) from None
        except OSError as error:
            if error.errno not in _OF_THE_NAME:
                raise ToolFailed(f"{path} cannot be written: {error.strerror}") from error
            text = f"cannot be written: {error.strerror}; rename the file"
            raise self._refused(path, text) from None

    def _require_inside(self, folder: str, path: str) -> None:
        top, place = os.path.realpath(folder), os.path.realpath(os.path.join(folder, path))
        if os.path.commonpath([top, place]) != top:
            message = (
                "is a link out of the repository, for which Argo CD refuses the whole repository; "
                "remove the link"
            )
            raise self._refused(path, message)

    def _found(self, path: str) -> Entry | None:
        try:
            return self.tree.find(path)
        except NoFolder as error:
            raise self._refused(error.path, error.reason) from None
        except LinkRefused as error:
            raise self._refused(path, f"{error}; replace the link by the file itself") from None

    def _unfollowed(self, path: str) -> Entry | None:
        try:
            return self.tree.find_unfollowed(path)
        except NoFolder as error:
            raise self._refused(error.path, error.reason) from None
        except LinkRefused as error:
            raise self._refused(path, f"{error}; replace the link by the file itself") from None

    def _target(self, path: str, link: Entry) -> str:
        try:
            return self.tree.link_target(link)
        except LinkRefused as error:
            raise self._refused(path, f"{error}; replace the link by the file itself") from None

    def _why_no_file(self, path: str, entry: Entry | None) -> str:
        if entry is None:
            link = self._unfollowed(path)
            if link is None:
                return "does not exist in this commit"
            return f"is a link to {self._target(path, link)}, which does not exist in this commit"
        return "is a submodule, not a file" if entry.is_submodule else "is a folder, not a file"

    def _refused(self, path: str, message: str) -> InvalidInput:
        return InvalidInput.at(Position(self.name_of(path)), message, UNREADABLE)


def _place(folder: str, path: str) -> str:
    place = os.path.join(folder, path)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    return place
