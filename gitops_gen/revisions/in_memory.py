"""A revision that exists only in memory, such as the files of a render that are not written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position
from gitops_gen.revisions.revision import LARGEST, UNREADABLE


@dataclass(frozen=True, slots=True)
class InMemory:
    """`files` maps paths to contents."""

    label: str
    files: Mapping[str, bytes] = field(repr=False)
    prefix: str = ""
    """The revision in the names of files, such as `abc1234:`."""

    def name_of(self, path: str) -> str:
        return f"{self.prefix}{path}"

    def exists(self, path: str) -> bool:
        return any(path == p or p.startswith(f"{path}/") for p in self.files)

    def list(self, folder: str) -> tuple[str, ...]:
        start = f"{folder}/" if folder else ""
        inside = (path.removeprefix(start) for path in self.files if path.startswith(start))
        return tuple(sorted({path.split("/")[0] for path in inside}))

    def read(self, path: str, limit: int = LARGEST) -> bytes:
        data = self.files.get(path)
        if data is None or len(data) > limit:
            text = "does not exist" if data is None else f"is larger than {limit >> 20} MiB"
            raise InvalidInput.at(Position(self.name_of(path)), text, UNREADABLE)
        return data

    def files_below(self, folder: str) -> Iterator[str]:
        yield from sorted(path for path in self.files if path.startswith(f"{folder}/"))

    def on_disk(self, folders: Iterable[str]) -> str:  # noqa: ARG002 - no program reads it
        raise InvalidInput.at(Position(self.label), "is not on the disk", UNREADABLE)
