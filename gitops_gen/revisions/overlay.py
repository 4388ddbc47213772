"""A revision with replaced files, to evaluate changes before they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gitops_gen.revisions.revision import LARGEST, Revision


@dataclass(frozen=True, slots=True)
class Overlay:
    """`files` maps paths to contents and may include new files. Charts are not replaced."""

    revision: Revision
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def label(self) -> str:
        return self.revision.label

    def name_of(self, path: str) -> str:
        return self.revision.name_of(path)

    def exists(self, path: str) -> bool:
        return any(path == p or p.startswith(f"{path}/") for p in self.files) or (
            self.revision.exists(path)
        )

    def list(self, folder: str) -> tuple[str, ...]:
        start = f"{folder}/" if folder else ""
        inside = (path.removeprefix(start) for path in self.files if path.startswith(start))
        added = (path.split("/")[0] for path in inside)
        return tuple(sorted({*self.revision.list(folder), *added}))

    def read(self, path: str, limit: int = LARGEST) -> bytes:
        data = self.files.get(path)
        return self.revision.read(path, limit) if data is None else data

    def files_below(self, folder: str) -> Iterator[str]:
        added = (path for path in self.files if path.startswith(f"{folder}/"))
        yield from sorted({*self.revision.files_below(folder), *added})

    def on_disk(self, folders: Iterable[str]) -> str:
        return self.revision.on_disk(folders)
