"""Reads the folders of a commit from the tree objects of Git."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position
from gitops_gen.revisions.git import ObjectReader
from gitops_gen.revisions.revision import UNREADABLE

FOLDER, _LINK, _SUBMODULE, _FILE = (0o040000, 0o120000, 0o160000, 0o100000)
_KIND_OF_MODE = 0o170000
# Git itself refuses to check out these names.
_IMPOSSIBLE = frozenset({"", ".", "..", ".git"})
_KINDS = frozenset({FOLDER, _LINK, _SUBMODULE, _FILE})
_DAMAGED = "a folder of the commit is damaged: it lists no names; run git fsck"
MOST_ENTRIES = 200_000
"""The maximum number of files, folders and links read from a commit. A few tree objects that refer
to each other can represent more of them than fit on any disk."""
LARGEST_FOLDER = 32 << 20
"""The maximum size in bytes of the object that lists the names in a folder."""
DEEPEST_FOLDER = 100
_LONGEST_TARGET = 4096
MOST_LINKS = 40
"""The maximum number of links that are followed for one path, as in Linux."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a tree object."""

    kind: int
    """The part of the mode that determines the type."""
    object: str

    @property
    def is_folder(self) -> bool:
        return self.kind == FOLDER

    @property
    def is_link(self) -> bool:
        return self.kind == _LINK

    @property
    def is_submodule(self) -> bool:
        return self.kind == _SUBMODULE

    @property
    def is_file(self) -> bool:
        return self.kind == _FILE


class LinkRefused(Exception):
    """The reason why a link is not followed."""


class NoFolder(Exception):
    """`path` is not a folder, but a path below it was requested."""

    def __init__(self, path: str, entry: Entry) -> None:
        super().__init__(path)
        self.path = path
        self.reason = "is not a folder; rename the file"
        if entry.is_submodule:
            self.reason = "is a submodule, whose files are in another repository and cannot be read"


@dataclass(slots=True)
class GitTree:
    """The folders of a commit, which are read on demand. Paths are relative to the folder `top`."""

    objects: ObjectReader
    revision: str
    """The name of the commit in messages."""
    top: Entry
    _folders: dict[str, Mapping[str, Entry]] = field(default_factory=dict, repr=False)

    def entries(self, folder: Entry) -> Mapping[str, Entry]:
        """The entries of a folder. Raises InvalidInput for invalid or too many names."""
        found = self._folders.get(folder.object)
        if found is None:
            data = self.objects.read(folder.object, "tree", LARGEST_FOLDER)
            if data is None:
                size = f"{LARGEST_FOLDER >> 20} MiB"
                raise self._refused(
                    "", f"contains a folder whose list of names is larger than {size}"
                )
            found = self._folders[folder.object] = self._parsed(folder, data)
        return found

    def link_target(self, link: Entry) -> str:
        """The target of a link. Raises LinkRefused if it is not a path."""
        data = self.objects.read(link.object, "blob", _LONGEST_TARGET)
        if not data or b"\0" in data:
            raise LinkRefused("is a link whose target is not a path")
        return os.fsdecode(data)

    def find(self, path: str) -> Entry | None:
        """The entry at a path; links are followed. Raises LinkRefused and NoFolder."""
        names: list[str] = []
        entries = [self.top]
        waiting, links = path.split("/")[::-1], 0
        while waiting:
            part = waiting.pop()
            if part in ("", "."):
                continue
            if part == "..":
                _leave(names, entries)
                continue
            found = self._child(entries[-1], "/".join(names), part)
            if found is None:
                return None
            if found.is_link:
                links += 1
                waiting += self._followed(found, links)
                continue
            names.append(part)
            entries.append(found)
        return entries[-1]

    def find_unfollowed(self, path: str) -> Entry | None:
        """Like `find`, but does not follow a link at the end of the path."""
        folder, _, name = path.rpartition("/")
        parent = self.find(folder)
        return self._child(parent, folder, name) if parent else None

    def below(self, folder: Entry, path: str = "") -> Iterator[tuple[str, Entry]]:
        """Yields all files and links below a folder, with their paths. Links are not followed.

        Raises InvalidInput if the commit is too large.
        """
        waiting = [self._paths(folder, path)]
        seen = 0
        while waiting:
            found = next(waiting[-1], None)
            if found is None:
                waiting.pop()
                continue
            seen += 1
            self._require_sane(found[0], seen, len(waiting))
            if found[1].is_folder:
                waiting.append(self._paths(found[1], found[0]))
            else:
                yield found

    def _paths(self, folder: Entry, path: str) -> Iterator[tuple[str, Entry]]:
        start = f"{path}/" if path else ""
        return ((f"{start}{name}", entry) for name, entry in self.entries(folder).items())

    def _require_sane(self, path: str, seen: int, depth: int) -> None:
        if seen > MOST_ENTRIES:
            text = f"contains more than {MOST_ENTRIES:,} files and folders"
            raise self._refused("", f"{text}, which is too large to be read")
        if depth > DEEPEST_FOLDER:
            raise self._refused(path, f"is nested deeper than {DEEPEST_FOLDER} folders")

    def _parsed(self, folder: Entry, data: bytes) -> Mapping[str, Entry]:
        found: dict[str, Entry] = {}
        for name, entry in _entries(data, len(folder.object) // 2):
            if "/" in name or name.lower() in _IMPOSSIBLE or name in found:
                raise self._refused(name or ".", "this path is not allowed in a repository")
            found[name] = entry
        return found

    def _refused(self, path: str, message: str) -> InvalidInput:
        place = f"{self.revision}:{path}" if path else self.revision
        return InvalidInput.at(Position(place), message, UNREADABLE)

    def _child(self, folder: Entry, path: str, name: str) -> Entry | None:
        if not folder.is_folder:
            raise NoFolder(path, folder)
        return self.entries(folder).get(name)

    def _followed(self, link: Entry, links: int) -> list[str]:
        target = self.link_target(link)
        if links > MOST_LINKS:
            raise LinkRefused("is one of several links that refer to each other")
        if target.startswith("/"):
            raise LinkRefused("is a link out of the repository")
        return target.split("/")[::-1]


def _leave(names: list[str], entries: list[Entry]) -> None:
    if not names:
        raise LinkRefused("is a link out of the repository")
    names.pop()
    entries.pop()


_ENTRY = re.compile(rb"([0-7]{5,6}) ([^\0]*)\0", re.DOTALL)


def _entries(data: bytes, size: int) -> Iterator[tuple[str, Entry]]:
    """Parses a tree object: `<mode> <name>NUL<object>` for each entry.

    `size` is the length of an object name in bytes. Raises ToolFailed for a damaged object.
    """
    at = 0
    while at < len(data):
        head = _ENTRY.match(data, at)
        kind = int(head[1], 8) & _KIND_OF_MODE if head else 0
        if head is None or len(data) < head.end() + size or kind not in _KINDS:
            raise ToolFailed(_DAMAGED)
        at = head.end() + size
        yield os.fsdecode(head[2]), Entry(kind, data[head.end() : at].hex())
