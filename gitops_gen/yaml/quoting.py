"""Decides which parts of a YAML text an error message may quote: none that may be a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_gen.model import Path
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.secrets.places import is_sensitive, key_may_be_shown
from gitops_gen.yaml.nodes import Alias, Mapping, Node, Scalar


def quotable(tree: Node) -> Hidden:
    """The hidden values of a document; its `shows(path, text)` decides what a message may quote.

    Sibling keys can also mark a value as a secret, so the whole tree is inspected.
    """
    return Hidden.of(_source(tree), dict(_places(tree, ())))


def key_may_be_quoted(above: Path, text: str) -> bool:
    """Whether a message may quote the key `text` of the map at `above`."""
    return not is_sensitive(above) and key_may_be_shown(above, text)


def _source(node: Node) -> Any:
    """The tree with each scalar as its source text, including its tag."""
    target = node.target if isinstance(node, Alias) else node
    if isinstance(target, Scalar):
        return f"{target.tag or ''}{target.text}"
    if isinstance(target, Mapping):
        return {key.text: _source(item) for key, item in target.pairs() if isinstance(key, Scalar)}
    return [_source(item) for item in target.children]


def _places(node: Node, path: Path) -> Iterator[tuple[Path, object]]:
    """The path and source position of each value; an alias has the position of its anchor."""
    target = node.target if isinstance(node, Alias) else node
    yield path, target.start
    if isinstance(target, Mapping):
        for key, item in target.pairs():
            if isinstance(key, Scalar):
                yield from _places(item, (*path, key.text))
    elif not isinstance(target, Scalar):
        for index, item in enumerate(target.children):
            yield from _places(item, (*path, index))
