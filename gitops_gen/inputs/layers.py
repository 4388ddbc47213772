"""Merges layers of values: maps merge key by key, lists and scalars replace, null removes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

from gitops_gen.model import Document, Mark, Path, Values

Nulls: TypeAlias = dict[Path, "Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its source positions (`mark`).

    Maps and lists contain Nodes; a scalar or null is stored unchanged.
    """

    content: Any
    mark: Mark
    hides_lower: bool = False
    """Whether it replaced a value of a lower layer. If so, no lower layer is merged into it.

    This makes merging associative, so that shared layers are merged only once.
    """

    @property
    def is_map(self) -> bool:
        return isinstance(self.content, dict)

    @property
    def is_null(self) -> bool:
        return self.content is None


def node(document: Document, *, default: bool = False) -> Node:
    """Converts a document to Nodes. `default` marks defaults of gitops-gen, not user values."""
    return _node(document, (), document.value, default)


def _node(document: Document, path: Path, value: Any, default: bool) -> Node:
    place = document.values[path]
    mark = Mark(document.keys.get(path, place), place, default)
    if isinstance(value, dict):
        value = {key: _node(document, (*path, key), v, default) for key, v in value.items()}
    elif isinstance(value, list):
        value = [_node(document, (*path, i), v, default) for i, v in enumerate(value)]
    return Node(value, mark)


def overlay(lower: Node, upper: Node) -> Node:
    """Merges `upper` over `lower`. A null is kept, so that it also removes lower values."""
    if not upper.is_map or not lower.is_map:
        return _replacement(lower, upper)
    if upper.hides_lower:
        return upper
    merged = dict(lower.content)
    for key, value in upper.content.items():
        merged[key] = overlay(merged[key], value) if key in merged else value
    return Node(merged, upper.mark, lower.hides_lower)


def _replacement(lower: Node, upper: Node) -> Node:
    """Returns `upper`. It hides lower layers, unless both are nulls that removed nothing."""
    hides_lower = upper.hides_lower or lower.hides_lower or not (upper.is_null and lower.is_null)
    return Node(upper.content, upper.mark, hides_lower)


def merged(layers: Iterable[Node], lowest: Node) -> Node:
    return reduce(overlay, layers, lowest)


def merged_under(tree: Node, path: tuple[str, ...], lower: Node) -> Node:
    """Merges `lower` under the section at `path`, and creates the section if it is absent."""
    if not path:
        return overlay(lower, tree)
    if not tree.is_map:
        return tree
    key, path_below = path[0], path[1:]
    present = tree.content.get(key)
    below = merged_under(present or Node({}, lower.mark), path_below, lower)
    return Node({**tree.content, key: below}, tree.mark, tree.hides_lower)


def sections(
    tree: Node, pattern: tuple[str, ...], claimed: Container[Path]
) -> Iterator[tuple[str, ...]]:
    """Yields the paths that match a pattern. "*" matches every key that is not in `claimed`."""
    if "*" not in pattern:
        yield pattern
        return
    place = pattern[: pattern.index("*")]
    parent = find(tree, place)
    if parent is None or not parent.is_map:
        return
    for key, value in parent.content.items():
        if (*place, key) not in claimed and value.is_map:
            yield (*place, key)


def find(tree: Node, path: tuple[str, ...]) -> Node | None:
    for key in path:
        if not tree.is_map or key not in tree.content:
            return None
        tree = tree.content[key]
    return tree


@dataclass(frozen=True, slots=True)
class PlainValues:
    """The values as plain data. Maps in `values` contain no nulls; `nulls` contains these nulls."""

    values: Values
    marks: dict[Path, Mark]
    nulls: Nulls


def plain_values(tree: Node) -> PlainValues:
    marks: dict[Path, Mark] = {}
    nulls: Nulls = {}
    return PlainValues(_plain(tree, (), marks, nulls), marks, nulls)


def _plain(tree: Node, path: Path, marks: dict[Path, Mark], nulls: Nulls) -> Any:
    marks[path] = tree.mark
    content = tree.content
    if isinstance(content, list):
        return [_plain(item, (*path, i), marks, nulls) for i, item in enumerate(content)]
    if not isinstance(content, dict):
        return content
    values: Values = {}
    for key, item in content.items():
        if item.content is None:
            nulls[(*path, key)] = item
        else:
            values[key] = _plain(item, (*path, key), marks, nulls)
    return values


def value_at(value: Any, path: Path) -> Any:
    """Returns the value at a path of plain values, or None if it does not exist."""
    for part in path:
        if isinstance(part, str) and isinstance(value, dict):
            value = value.get(part)
        elif isinstance(part, int) and isinstance(value, list) and part < len(value):
            value = value[part]
        else:
            return None
    return value
