"""Example repositories as text; see `situations/`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gitops_gen.tree import Output, inventory

OWNED = ("rendered/dev", "argocd/dev")
INVENTORY = "rendered/dev/inventory"


def output_of(files: dict[str, bytes]) -> Output:
    """Returns the output of a render with these files and their inventory; empty without files."""
    tree = {**files, INVENTORY: inventory(files, INVENTORY)} if files else {}
    return Output(tree, OWNED, INVENTORY)


def snapshot(root: Path) -> dict[str, str | bytes]:
    """Returns all paths below a folder except .gitops-gen, each with its content or type."""
    found: dict[str, str | bytes] = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if name.split("/")[0] != ".gitops-gen":
            found[name] = _content(path)
    return found


def _content(path: Path) -> str | bytes:
    if path.is_symlink():
        return f"link to {os.readlink(path)}"
    if path.is_dir():
        return "folder"
    return path.read_bytes() if path.is_file() else "device"


@dataclass
class Situation:
    """The content of the disk, the rendered files, and the expected result."""

    disk: list[Callable[[Path], None]] = field(default_factory=list)
    listed: set[str] = field(default_factory=set)
    tree: dict[str, bytes] = field(default_factory=dict)
    expected: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> Situation:
        found = cls()
        for line in file.read_text().splitlines():
            if line and not line.startswith("#"):
                word, _, rest = line.partition(" ")
                getattr(found, f"_{word}")(rest)
        return found

    def build(self, root: Path) -> None:
        for make in self.disk:
            make(root)
        if self.listed:
            put(root / INVENTORY, inventory(dict.fromkeys(self.listed, b""), INVENTORY))

    def _file(self, rest: str) -> None:
        name, _, content = rest.partition(": ")
        self.disk.append(lambda root: put(root / name, content.encode()))

    def _ours(self, rest: str) -> None:
        self._file(rest)
        self.listed.add(rest.partition(": ")[0])

    def _lost(self, rest: str) -> None:
        self.listed.add(rest)

    def _folder(self, rest: str) -> None:
        self.disk.append(lambda root: (root / rest).mkdir(parents=True))

    def _link(self, rest: str) -> None:
        name, _, target = rest.partition(" -> ")
        self.disk.append(lambda root: _link(root / name, target))

    def _pipe(self, rest: str) -> None:
        self.disk.append(lambda root: _pipe(root / rest))

    def _render(self, rest: str) -> None:
        name, _, content = rest.partition(": ")
        self.tree[name] = content.encode()

    def _expect(self, rest: str) -> None:
        self.expected.append(rest)


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def _pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
