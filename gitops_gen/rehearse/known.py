"""What values say about a revision: components, waves, secrets, and the line behind each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gitops_gen.components.types import NamedSecret
from gitops_gen.model import Environment, Path, Position
from gitops_gen.rehearse.manifests import Manifest

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a component's section, and where a file of the user's says it."""

    path: Path
    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class KnownComponent:
    name: str
    wave: int
    namespace: str
    position: Position
    provides: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    secrets: tuple[NamedSecret, ...] = ()
    leaves: tuple[Leaf, ...] = field(default=(), repr=False)

    def place(self, message: str) -> Position:
        """The line that a message speaks of, as far as its words tell; else the section's."""
        return (
            _one(self._with_text(_QUOTED.findall(message)))
            or _one(self._with_key(_FIELD.findall(message)))
            or self.position
        )

    def _with_text(self, texts: Iterable[str]) -> Iterator[Leaf]:
        wanted = set(texts) - {"", self.name, self.namespace}
        return (leaf for leaf in self.leaves if leaf.text in wanted)

    def _with_key(self, words: Iterable[str]) -> Iterator[Leaf]:
        wanted = set(words)
        return (leaf for leaf in self.leaves if leaf.path[-1] in wanted)


@dataclass(frozen=True, slots=True)
class Known:
    """Of one revision."""

    components: tuple[KnownComponent, ...] = ()
    region: str = "eu-central-1"
    kubernetes: str | None = None
    notes: tuple[str, ...] = ()

    def component(self, name: str) -> KnownComponent | None:
        return next((item for item in self.components if item.name == name), None)

    def place(self, item: Manifest, message: str) -> Position | None:
        component = self.component(item.component)
        return component.place(message) if component else None

    def position(self, component: str) -> Position | None:
        found = self.component(component)
        return found.position if found else None


def leaves(environment: Environment, section: Path) -> Iterator[Leaf]:
    """The values under a section that a file of the user's holds."""
    for path, mark in environment.sources.items():
        if path[: len(section)] == section and len(path) > len(section) and not mark.default:
            value = _at(environment, path)
            if not isinstance(value, dict | list):
                yield Leaf(path, str(value), mark.value)


def _at(environment: Environment, path: Path) -> Any:
    value: Any = environment.values
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return {}
    return value


def _one(found: Iterable[Leaf]) -> Position | None:
    """Only what is certain: a single line."""
    positions = {leaf.position for leaf in found}
    return positions.pop() if len(positions) == 1 else None
