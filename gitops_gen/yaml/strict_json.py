"""The strict JSON parser (RFC 8259, without duplicate keys), with the position of every value.

Python's json module validates the text and parses the values. JSON is also YAML, so libyaml
provides the positions. It parses the same text with all strings emptied, because YAML has other
escapes, and allows neither keys of more than 1,024 characters nor a line break before a colon.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Document, Path, Position, dotted
from gitops_gen.yaml import nodes, source
from gitops_gen.yaml.nodes import Mapping, Node, Sequence, position

LIMITS = nodes.Limits(depth=64, values=source.MAX_BYTES)
LONGEST_NUMBER = 400

# Half of a surrogate pair, and the NUL character, which ends a string in C programs.
_NOT_WRITABLE = re.compile("[\0\ud800-\udfff]")
# An unclosed string ends with the text, so that no character is matched twice.
_STRING = re.compile(r'"((?:[^"\\]|\\.?)*+)(?:"|\Z)(?:([ \t\r\n]*):)?', re.DOTALL)


def parse_json(data: bytes, file: str) -> Document:
    """Parses a JSON file. Raises InvalidInput if it is not valid; no message quotes a value."""
    text = source.decode(data, file).removeprefix(source.BOM)
    value = _value(text, file)
    reader = _JsonReader(file)
    result = reader.value(value, _nodes(text, file), ())
    if reader.findings:
        raise source.refuse(reader.findings)
    return Document(result, reader.keys, reader.values)


class _Pairs(tuple[tuple[str, Any], ...]):
    """The keys and values of an object in their order, including duplicate keys."""

    __slots__ = ()


def _value(text: str, file: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_Pairs, parse_int=_integer, parse_constant=lambda _: math.nan
        )
    except json.JSONDecodeError as error:
        message = f"is not JSON: {_explained(error.msg)}"
        place = source.place(text, error.pos, file)
        raise InvalidInput.at(place, message, source.RULE) from error
    except RecursionError:
        # This raises InvalidInput with the position at which the value is nested too deeply.
        _nodes(text, file)
        raise


def _integer(digits: str) -> float:
    """A very long number, which Python would not parse, becomes infinite and is refused later."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else math.inf


def _explained(message: str) -> str:
    """The error message of Python without its position."""
    if message == "Extra data":
        return "unexpected text after the value"
    text = re.sub(r"( starting)? at$|: .*$|: $", "", message)
    return text[0].lower() + text[1:]


def _nodes(text: str, file: str) -> Node:
    return next(nodes.compose(_STRING.sub(_emptied, text), file, LIMITS)).node


def _emptied(string: re.Match[str]) -> str:
    """The replacement of a string: an empty string of the same length, with the colon after it."""
    padding = " " * len(string[1])
    return f'""{padding}' if string[2] is None else f'"":{padding}{string[2]}'


class _JsonReader:
    """Combines the values with the positions of their nodes."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.findings: dict[tuple[Position, str], None] = {}
        self.keys: dict[Path, Position] = {}
        self.values: dict[Path, Position] = {}

    def value(self, value: Any, node: Node, path: Path) -> Any:
        self.values[path] = position(self._file, node.start)
        if isinstance(value, _Pairs) and isinstance(node, Mapping):
            return self._mapping(value, node, path)
        if isinstance(value, list) and isinstance(node, Sequence):
            items = enumerate(zip(value, node.children, strict=True))
            return [self.value(item, child, (*path, index)) for index, (item, child) in items]
        if isinstance(value, str):
            self._check_text(value, node, path, "the text")
        if isinstance(value, float) and not math.isfinite(value):
            self._refuse(node, path, "is NaN, infinite or too large")
        return value

    def _mapping(self, pairs: _Pairs, node: Mapping, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for (key, value), (key_node, value_node) in zip(pairs, node.pairs(), strict=True):
            if not self._check_text(key, key_node, path, "the key"):
                continue
            item_path = (*path, key)
            if key in values:
                line = self.keys[item_path].line
                self._refuse(key_node, item_path, f"duplicate key, first defined on line {line}")
                continue
            self.keys[item_path] = position(self._file, key_node.start)
            values[key] = self.value(value, value_node, item_path)
        return values

    def _check_text(self, text: str, node: Node, path: Path, subject: str) -> bool:
        """Refuses characters that can only be written as an escape."""
        found = _NOT_WRITABLE.search(text)
        if found:
            self._refuse(node, path, f"{subject} contains {source.forbidden(found[0])}; remove it")
        return found is None

    def _refuse(self, node: Node, path: Path, message: str) -> None:
        text = f"{dotted(path)}: {message}" if path else message
        self.findings[position(self._file, node.start), text] = None
        if len(self.findings) > source.MAX_FINDINGS:
            raise source.refuse(self.findings)
