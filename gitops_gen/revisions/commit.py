"""A commit's files as Git stores them, which is what Argo CD reads.

Neither filters nor attributes (export-ignore, export-subst, line ends) change them on the way, no
work tree and no index is touched, and a link is followed within the commit only.
"""

from __future__ import annotations

import errno
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
_PLACEHOLDER = "this-link-is-not-followed"
LARGEST_WRITTEN = 100 << 20
"""Bytes of the largest file that is written to the disk, as large as GitHub takes."""
MOST_WRITTEN = 2 << 30
"""Bytes of all files that are written at a time: Git stores a file of zeros in next to nothing."""


# What the system says of a name that no file of it can have.
_OF_THE_NAME = frozenset({errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ})


@dataclass(frozen=True, slots=True)
class Commit:
    """`scratch` is an empty folder of this commit alone, for what programs read as files."""

    revision: str
    """The name that the user gave it."""
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
                raise self._refused(folder, "is a link that leads to no folder; repair it")
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
                "is kept by Git LFS: the commit holds a pointer and not the content, and only the "
                "content of the work tree can be read; keep this file in Git itself"
            )
            raise self._refused(path, message)
        return data

    def files_below(self, folder: str) -> Iterator[str]:
        top = self._found(folder)
        if top is not None and top.is_folder:
            for path, entry in self.tree.below(top, folder):
                found = self._found(path) if entry.is_link else entry
                if found is not None and found.is_file:
                    yield path

    def on_disk(self, folders: Iterable[str]) -> str:
        """Each link in them leads nowhere here, so that nothing outside can be read through it."""
        for folder in folders:
            self._put_on_disk(folder)
        return self.scratch

    def write_to(self, folder: str) -> None:
        """All files, links included, into an empty folder.

        Raises InvalidInput for a link out of the repository: Argo CD refuses all of it then.
        """
        found = list(self.tree.below(self.tree.top))
        self._write_files(folder, found)
        # Links come last: until then there is none that anything could be written through.
        links = [(path, entry) for path, entry in found if entry.is_link]
        for path, entry in links:
            self._write_link(folder, path, self._target(path, entry))
        for path, _ in links:
            self._require_inside(folder, path)

    def _put_on_disk(self, folder: str) -> None:
        """A link on the way is put there too: whoever looks sees why the folder is not."""
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
        """What is not on the disk yet; it stands there until the commit is closed."""
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
                text = f"holds more than {MOST_WRITTEN >> 20:,} MiB; so large a commit is not read"
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
        """Raises InvalidInput for a path that this machine's file system does not take."""
        try:
            yield
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            text = (
                "cannot be written beside the other files: this file system takes two names that "
                "differ in letter case for one; rename one"
            )
            raise self._refused(path, text) from None
        except OSError as error:
            if error.errno not in _OF_THE_NAME:
                raise ToolFailed(f"{path} cannot be written: {error.strerror}") from error
            text = f"cannot be written: {error.strerror}; give it another name"
            raise self._refused(path, text) from None

    def _require_inside(self, folder: str, path: str) -> None:
        top, place = os.path.realpath(folder), os.path.realpath(os.path.join(folder, path))
        if os.path.commonpath([top, place]) != top:
            message = (
                "is a link out of the repository, for which Argo CD refuses the whole repository; "
                "remove it"
            )
            raise self._refused(path, message)

    def _found(self, path: str) -> Entry | None:
        try:
            return self.tree.find(path)
        except NoFolder as error:
            raise self._refused(error.path, error.reason) from None
        except LinkRefused as error:
            raise self._refused(path, f"{error}; put the file itself there") from None

    def _unfollowed(self, path: str) -> Entry | None:
        try:
            return self.tree.find_unfollowed(path)
        except NoFolder as error:
            raise self._refused(error.path, error.reason) from None
        except LinkRefused as error:
            raise self._refused(path, f"{error}; put the file itself there") from None

    def _target(self, path: str, link: Entry) -> str:
        try:
            return self.tree.link_target(link)
        except LinkRefused as error:
            raise self._refused(path, f"{error}; put the file itself there") from None

    def _why_no_file(self, path: str, entry: Entry | None) -> str:
        if entry is None:
            link = self._unfollowed(path)
            if link is None:
                return "does not exist in this commit"
            return f"is a link to {self._target(path, link)}, which the commit does not hold"
        return "is a submodule, not a file" if entry.is_submodule else "is a folder, not a file"

    def _refused(self, path: str, message: str) -> InvalidInput:
        return InvalidInput.at(Position(self.name_of(path)), message, UNREADABLE)


def _place(folder: str, path: str) -> str:
    place = os.path.join(folder, path)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    return place
