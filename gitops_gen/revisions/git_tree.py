"""The folders of a commit, read from Git's tree objects."""

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
# Git itself refuses to check these out.
_IMPOSSIBLE = frozenset({"", ".", "..", ".git"})
_KINDS = frozenset({FOLDER, _LINK, _SUBMODULE, _FILE})
_DAMAGED = "a folder of the commit is damaged: it lists no names; see what git fsck says"
MOST_ENTRIES = 200_000
"""Files, folders and links that are read of one commit. A few tree objects that name each other can
stand for more of them than any disk holds."""
LARGEST_FOLDER = 32 << 20
"""Bytes of the object that lists the names of one folder."""
DEEPEST_FOLDER = 100
_LONGEST_TARGET = 4096
MOST_LINKS = 40
"""Links that are followed for one path, as Linux does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree object says of one name."""

    kind: int
    """The part of the mode that says what it is."""
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
    """A link that is not followed, and why."""


class NoFolder(Exception):
    """`path` stands in the place of a folder."""

    def __init__(self, path: str, entry: Entry) -> None:
        super().__init__(path)
        self.path = path
        self.reason = "is not a folder; rename the file"
        if entry.is_submodule:
            self.reason = "is a submodule: its files are in another repository, and are not read"


@dataclass(slots=True)
class GitTree:
    """`top` is the folder in which paths begin; folders are read when they are asked for."""

    objects: ObjectReader
    revision: str
    """What messages call the commit."""
    top: Entry
    _folders: dict[str, Mapping[str, Entry]] = field(default_factory=dict, repr=False)

    def entries(self, folder: Entry) -> Mapping[str, Entry]:
        """Raises InvalidInput for names that no folder can hold, and for very many of them."""
        found = self._folders.get(folder.object)
        if found is None:
            data = self.objects.read(folder.object, "tree", LARGEST_FOLDER)
            if data is None:
                size = f"{LARGEST_FOLDER >> 20} MiB"
                raise self._refused("", f"holds a folder whose list of names is larger than {size}")
            found = self._folders[folder.object] = self._parsed(folder, data)
        return found

    def link_target(self, link: Entry) -> str:
        """Raises LinkRefused for what is no path."""
        data = self.objects.read(link.object, "blob", _LONGEST_TARGET)
        if not data or b"\0" in data:
            raise LinkRefused("is a link whose target is no path")
        return os.fsdecode(data)

    def find(self, path: str) -> Entry | None:
        """What is at the path, links followed. Raises LinkRefused and NoFolder."""
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
        """As `find`, but a link at the end of the path is what is found."""
        folder, _, name = path.rpartition("/")
        parent = self.find(folder)
        return self._child(parent, folder, name) if parent else None

    def below(self, folder: Entry, path: str = "") -> Iterator[tuple[str, Entry]]:
        """All but folders in a folder and in those in it, with their paths; no link followed.

        Raises InvalidInput for a commit that is larger than those that people write.
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
            text = f"holds more than {MOST_ENTRIES:,} files and folders"
            raise self._refused("", f"{text}; so large a commit is not read")
        if depth > DEEPEST_FOLDER:
            raise self._refused(path, f"is nested deeper than {DEEPEST_FOLDER} folders")

    def _parsed(self, folder: Entry, data: bytes) -> Mapping[str, Entry]:
        found: dict[str, Entry] = {}
        for name, entry in _entries(data, len(folder.object) // 2):
            if "/" in name or name.lower() in _IMPOSSIBLE or name in found:
                raise self._refused(name or ".", "no repository may hold such a path")
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
            raise LinkRefused("is one of links that lead to each other")
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
    """A tree object: `<mode> <name>NUL<object>` for each name. Raises ToolFailed for anything else.

    `size` is that of an object's name in bytes.
    """
    at = 0
    while at < len(data):
        head = _ENTRY.match(data, at)
        kind = int(head[1], 8) & _KIND_OF_MODE if head else 0
        if head is None or len(data) < head.end() + size or kind not in _KINDS:
            raise ToolFailed(_DAMAGED)
        at = head.end() + size
        yield os.fsdecode(head[2]), Entry(kind, data[head.end() : at].hex())
