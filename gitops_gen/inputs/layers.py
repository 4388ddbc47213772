"""Laying values over one another: maps merge, lists and scalars replace, null removes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen.model import Document, Mark, Path, Values


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its mark; maps and lists hold Nodes, a scalar (or null) stands as it is."""

    content: Any
    mark: Mark

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
        items = value.items()
        return Node({k: _node(document, (*path, k), v, default) for k, v in items}, mark)
    if isinstance(value, list):
        items_ = enumerate(value)
        return Node([_node(document, (*path, i), v, default) for i, v in items_], mark)
    return Node(value, mark)


def overlay(lower: Node, upper: Node) -> Node:
    """`upper` over `lower`. A null of `upper` stays, to remove from still lower layers too."""
    if not (lower.is_map and upper.is_map):
        return upper
    merged = dict(lower.content)
    for key, value in upper.content.items():
        merged[key] = overlay(merged[key], value) if key in merged else value
    return Node(merged, upper.mark)


def under(tree: Node, path: tuple[str, ...], lower: Node) -> Node:
    """`lower` laid under the section at `path`, which is made where it is absent."""
    if not path:
        return overlay(lower, tree)
    if not tree.is_map:
        return tree
    key, rest = path[0], path[1:]
    present = tree.content.get(key)
    below = under(present or Node({}, lower.mark), rest, lower)
    return Node({**tree.content, key: below}, tree.mark)


def sections(tree: Node, pattern: tuple[str, ...], claimed: set[Path]) -> Iterator[tuple[str, ...]]:
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


def plain(tree: Node) -> tuple[Values, dict[Path, Mark]]:
    """Plain values without nulls in maps, and the mark of each."""
    marks: dict[Path, Mark] = {}
    return _plain(tree, (), marks), marks


def _plain(tree: Node, path: Path, marks: dict[Path, Mark]) -> Any:
    marks[path] = tree.mark
    if isinstance(tree.content, dict):
        kept = ((k, v) for k, v in tree.content.items() if not v.is_null)
        return {k: _plain(v, (*path, k), marks) for k, v in kept}
    if isinstance(tree.content, list):
        return [_plain(v, (*path, i), marks) for i, v in enumerate(tree.content)]
    return tree.content


def merged(layers: Iterable[Node], start: Node) -> Node:
    for layer in layers:
        start = overlay(start, layer)
    return start
