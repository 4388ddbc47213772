"""Laying values over one another: maps merge, lists and scalars replace, null removes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

from gitops_gen.model import Document, Mark, Path, Values

Nulls: TypeAlias = dict[Path, "Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its mark: a map or a list of Nodes, or a scalar or null as it is."""

    content: Any
    mark: Mark
    cut: bool = False
    """It replaced a value of a lower layer: nothing of still lower layers is merged into it.

    Therefore layers may be merged in any grouping, and shared layers need be merged only once.
    """

    @property
    def is_map(self) -> bool:
        return isinstance(self.content, dict)

    @property
    def is_null(self) -> bool:
        return self.content is None


def node(document: Document, *, default: bool = False) -> Node:
    """The document as Nodes; `default` marks what the package wrote, not the user."""
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
    """`upper` over `lower`. A null of `upper` stays, to remove from still lower layers too."""
    if not upper.is_map or not lower.is_map:
        return _in_place_of(lower, upper)
    if upper.cut:
        return upper
    merged = dict(lower.content)
    for key, value in upper.content.items():
        merged[key] = overlay(merged[key], value) if key in merged else value
    return Node(merged, upper.mark, lower.cut)


def _in_place_of(lower: Node, upper: Node) -> Node:
    """A null records whether it replaced a value; any other value replaces all lower ones."""
    cut = upper.cut or lower.cut or not (upper.is_null and lower.is_null)
    return Node(upper.content, upper.mark, cut)


def merged(layers: Iterable[Node], lowest: Node) -> Node:
    return reduce(overlay, layers, lowest)


def under(tree: Node, path: tuple[str, ...], lower: Node) -> Node:
    """`lower` laid under the section at `path`, which is made where it is absent."""
    if not path:
        return overlay(lower, tree)
    if not tree.is_map:
        return tree
    key, path_below = path[0], path[1:]
    present = tree.content.get(key)
    below = under(present or Node({}, lower.mark), path_below, lower)
    return Node({**tree.content, key: below}, tree.mark, tree.cut)


def sections(
    tree: Node, pattern: tuple[str, ...], claimed: Container[Path]
) -> Iterator[tuple[str, ...]]:
    """The paths that a section's pattern stands for: "*" is every key that no other claims."""
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
class Plain:
    """Plain values without nulls in maps, the mark of each, and the nulls."""

    values: Values
    marks: dict[Path, Mark]
    nulls: Nulls


def plain(tree: Node) -> Plain:
    marks: dict[Path, Mark] = {}
    nulls: Nulls = {}
    return Plain(_plain(tree, (), marks, nulls), marks, nulls)


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
    """The value at a path of plain values; None where there is none."""
    for part in path:
        if isinstance(part, str) and isinstance(value, dict):
            value = value.get(part)
        elif isinstance(part, int) and isinstance(value, list) and part < len(value):
            value = value[part]
        else:
            return None
    return value
