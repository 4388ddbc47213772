"""The comments of a YAML text with their places, by the parser that reads the values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.model import Position
from gitops_gen.yaml.nodes import Collection, Limits, Node, Scalar, compose
from gitops_gen.yaml.source import place

_START = re.compile(r"(?:^|(?<=[ \t]))#", re.MULTILINE)
_BLOCK = ("|", ">")


def line_comments(text: str, file: str, limits: Limits) -> Iterator[tuple[Position, str]]:
    """Each comment from its '#' to the end of its line. The text has no byte order mark."""
    end = 0
    spans = _text_spans(text, file, limits)
    for match in _START.finditer(text):
        start = match.start()
        if start >= end and not any(first <= start < last for first, last in spans):
            end = _end_of_line(text, start)
            yield place(text, start, file), text[start:end].rstrip()


def _text_spans(text: str, file: str, limits: Limits) -> list[tuple[int, int]]:
    """Where the text of a value or a key stands, in which a '#' begins no comment."""
    roots = compose(text, file, limits)
    return [_span(text, scalar) for root in roots for scalar in _scalars(root.node)]


def _scalars(top: Node) -> Iterator[Scalar]:
    waiting = [top]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Collection):
            waiting += node.children


def _span(text: str, scalar: Scalar) -> tuple[int, int]:
    """A block of text begins below the line that announces it."""
    start = scalar.start.index
    if scalar.style in _BLOCK:
        start = _end_of_line(text, start)
    return start, scalar.end.index


def _end_of_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end
