"""The folders of a commit, read from Git's tree objects."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position
from gitops_gen.revisions.git import ObjectReader
from gitops_gen.revisions.revision import UNREADABLE

_FOLDER, _LINK, _SUBMODULE = "40000", "120000", "160000"
# Git itself refuses to check these out.
_IMPOSSIBLE = frozenset({"", ".", "..", ".git"})
MOST_LINKS = 40
"""Links that are followed for one path, as Linux does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree object says of one name."""

    mode: str
    object: str

    @property
    def is_folder(self) -> bool:
        return self.mode == _FOLDER

    @property
    def is_link(self) -> bool:
        return self.mode == _LINK

    @property
    def is_submodule(self) -> bool:
        return self.mode == _SUBMODULE

    @property
    def is_file(self) -> bool:
        return not (self.is_folder or self.is_link or self.is_submodule)


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
    top: Entry
    _folders: dict[str, Mapping[str, Entry]] = field(default_factory=dict, repr=False)

    def entries(self, folder: Entry) -> Mapping[str, Entry]:
        """Raises InvalidInput for names that no folder can hold."""
        found = self._folders.get(folder.object)
        if found is None:
            found = self._folders[folder.object] = _parsed(
                self.objects.read(folder.object, "tree") or b"", len(folder.object) // 2
            )
        return found

    def link_target(self, link: Entry) -> str:
        return os.fsdecode(self.objects.read(link.object, "blob", 4096) or b"")

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

    def below(self, folder: Entry, prefix: str = "") -> Iterator[tuple[str, Entry]]:
        """All but folders in a folder and in those in it, with their paths; no link followed."""
        for name, entry in self.entries(folder).items():
            if entry.is_folder:
                yield from self.below(entry, f"{prefix}{name}/")
            else:
                yield f"{prefix}{name}", entry

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


def _parsed(data: bytes, size: int) -> Mapping[str, Entry]:
    """A tree object: `<mode> <name>NUL<object>` for each name."""
    found: dict[str, Entry] = {}
    while data:
        mode, _, rest = data.partition(b" ")
        name, _, rest = rest.partition(b"\0")
        text = os.fsdecode(name)
        if "/" in text or text.lower() in _IMPOSSIBLE or text in found:
            message = "no repository may hold such a path"
            raise InvalidInput.at(Position(text or "."), message, UNREADABLE)
        found[text] = Entry(mode.decode(), rest[:size].hex())
        data = rest[size:]
    return found
