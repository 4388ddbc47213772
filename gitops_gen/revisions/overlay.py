"""A revision in which some files hold something else: what would be, if they were written."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gitops_gen.revisions.revision import LARGEST, Revision


@dataclass(frozen=True, slots=True)
class Overlay:
    """`files` maps a path to its content; a file may be new. Charts are those of the revision."""

    revision: Revision
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def label(self) -> str:
        return self.revision.label

    def name_of(self, path: str) -> str:
        return self.revision.name_of(path)

    def exists(self, path: str) -> bool:
        return path in self.files or self.revision.exists(path)

    def list(self, folder: str) -> tuple[str, ...]:
        added = {posixpath.basename(p) for p in self.files if posixpath.dirname(p) == folder}
        return tuple(sorted({*self.revision.list(folder), *added}))

    def read(self, path: str, limit: int = LARGEST) -> bytes:
        data = self.files.get(path)
        return self.revision.read(path, limit) if data is None else data

    def on_disk(self, folders: Iterable[str]) -> str:
        return self.revision.on_disk(folders)
