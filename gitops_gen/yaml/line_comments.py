"""The comments of a YAML text with their positions, found with the parser that reads the values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.model import Position
from gitops_gen.yaml.nodes import Collection, Limits, Node, Scalar, compose
from gitops_gen.yaml.source import place

_START = re.compile(r"(?:^|(?<=[ \t]))#", re.MULTILINE)
_BLOCK = ("|", ">")


@dataclass(frozen=True, slots=True)
class LineComment:
    """A comment, from its '#' to the end of the line."""

    position: Position
    text: str
    first_lines: frozenset[int]
    """The first lines of the values that span several lines and end on the line of the comment.

    These are quoted and plain scalars and flow collections; blocks are not included."""


def line_comments(text: str, file: str, limits: Limits) -> Iterator[LineComment]:
    """All comments of `text`, which must not begin with a byte order mark."""
    end = 0
    nodes = [node for root in compose(text, file, limits) for node in _nodes(root.node)]
    # Inside a scalar, a '#' does not begin a comment.
    spans = [_span(text, node) for node in nodes if isinstance(node, Scalar)]
    for match in _START.finditer(text):
        start = match.start()
        if start >= end and not any(first <= start < last for first, last in spans):
            end = _end_of_line(text, start)
            position = place(text, start, file)
            lines = frozenset(_first_lines(nodes, position.line))
            yield LineComment(position, text[start:end].rstrip(), lines)


def _nodes(top: Node) -> Iterator[Scalar | Collection]:
    waiting = [top]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Collection):
            yield node
            waiting += node.children


def _first_lines(nodes: Iterable[Scalar | Collection], line: int) -> Iterator[int]:
    """The first lines of the values, other than blocks, that end on `line` and span several lines.

    A block has no closing token, so a comment after its last line belongs to that line only.
    """
    for node in nodes:
        is_block = node.style in _BLOCK if isinstance(node, Scalar) else not node.flow
        if not is_block and node.start.line + 1 < line == node.end.line + 1:
            yield node.start.line + 1


def _span(text: str, scalar: Scalar) -> tuple[int, int]:
    """The indexes at which a scalar begins and ends. A block scalar begins after its `|` or `>`."""
    start = scalar.start.index
    if scalar.style in _BLOCK:
        start = _end_of_line(text, start)
    return start, scalar.end.index


def _end_of_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end
