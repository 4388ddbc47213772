"""The comments of a YAML text with their places, by the parser that reads the values."""

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
    """A comment from its '#' to the end of its line."""

    position: Position
    text: str
    first_lines: frozenset[int]
    """Where the values begin that end at its line, of those that are written over several lines
    within quotes, brackets or braces, or without any."""


def line_comments(text: str, file: str, limits: Limits) -> Iterator[LineComment]:
    """All comments. The text has no byte order mark."""
    end = 0
    nodes = [node for root in compose(text, file, limits) for node in _nodes(root.node)]
    # In the text of a value or a key, a '#' begins no comment.
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
    """A block has no end of its own: what stands behind its last line belongs to that line."""
    for node in nodes:
        is_block = node.style in _BLOCK if isinstance(node, Scalar) else not node.flow
        if not is_block and node.start.line + 1 < line == node.end.line + 1:
            yield node.start.line + 1


def _span(text: str, scalar: Scalar) -> tuple[int, int]:
    """A block of text begins below the line that announces it."""
    start = scalar.start.index
    if scalar.style in _BLOCK:
        start = _end_of_line(text, start)
    return start, scalar.end.index


def _end_of_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end
