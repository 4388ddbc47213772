"""What a revision's values say of its components, and the lines of the values that say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gitops_gen.components.types import NamedSecret
from gitops_gen.model import Environment, Path, Position
from gitops_gen.objects.kube_object import KubeObject

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value of a component's section, and its line in a values file of the user's."""

    path: Path
    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    name: str
    wave: int
    namespace: str
    position: Position
    provides: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    secrets: tuple[NamedSecret, ...] = ()
    lines: tuple[ValueLine, ...] = field(default=(), repr=False)

    def line_behind(self, message: str) -> Position:
        """The line whose value or key the message names; else the line of the section."""
        return (
            _single_position(self._with_text(_QUOTED.findall(message)))
            or _single_position(self._with_key(_FIELD.findall(message)))
            or self.position
        )

    def _with_text(self, texts: Iterable[str]) -> Iterator[ValueLine]:
        wanted = set(texts) - {"", self.name, self.namespace}
        return (line for line in self.lines if line.text in wanted)

    def _with_key(self, words: Iterable[str]) -> Iterator[ValueLine]:
        wanted = set(words)
        return (line for line in self.lines if line.path[-1] in wanted)


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """What a rehearsal has to know of one revision, besides its manifests."""

    components: tuple[ComponentFacts, ...] = ()
    region: str = "eu-central-1"
    kubernetes: str | None = None
    notes: tuple[str, ...] = ()

    def component(self, name: str) -> ComponentFacts | None:
        return next((item for item in self.components if item.name == name), None)

    def line_behind(self, item: KubeObject, message: str) -> Position | None:
        component = self.component(item.component)
        return component.line_behind(message) if component else None

    def position(self, component: str) -> Position | None:
        found = self.component(component)
        return found.position if found else None


def value_lines(environment: Environment, section: Path) -> Iterator[ValueLine]:
    """The values under a section that a values file of the user's holds."""
    for path, mark in environment.sources.items():
        if path[: len(section)] == section and len(path) > len(section) and not mark.default:
            value = _value_at(environment, path)
            if not isinstance(value, dict | list):
                yield ValueLine(path, str(value), mark.value)


def _value_at(environment: Environment, path: Path) -> Any:
    value: Any = environment.values
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return {}
    return value


def _single_position(found: Iterable[ValueLine]) -> Position | None:
    """None where several lines could be meant."""
    positions = {line.position for line in found}
    return positions.pop() if len(positions) == 1 else None
