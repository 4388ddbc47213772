"""JSON with the position of every key and value: as RFC 8259 has it, each key once.

Python's json module decides what is JSON and reads the values. JSON is YAML as well, so that
libyaml gives the positions: of the same text with its strings emptied, because YAML knows other
escapes, no keys of more than 1,024 characters and no line break between a key and its colon.
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

# Half of a surrogate pair, and what ends a text for programs that are written in C.
_NOT_WRITABLE = re.compile("[\0\ud800-\udfff]")
# One that is not closed ends with the text, so that no character is read for two of them.
_STRING = re.compile(r'"((?:[^"\\]|\\.?)*+)(?:"|\Z)(?:([ \t\r\n]*):)?', re.DOTALL)


def parse_json(data: bytes, file: str) -> Document:
    """Raises InvalidInput at what is no JSON or cannot be read; no message quotes a value."""
    text = source.decode(data, file).removeprefix(source.BOM)
    value = _value(text, file)
    reader = _JsonReader(file)
    result = reader.value(value, _nodes(text, file), ())
    if reader.findings:
        raise source.refuse(reader.findings)
    return Document(result, reader.keys, reader.values)


class _Pairs(tuple[tuple[str, Any], ...]):
    """The keys and values of a map in their order, with keys that are given twice."""

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
        _nodes(
            text, file
        )  # raises InvalidInput, with the position at which it is nested too deeply
        raise


def _integer(digits: str) -> float:
    """Python refuses to read a very long number; the reader refuses what is not finite."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else math.inf


def _explained(message: str) -> str:
    """Python's message without the position that it goes on to name."""
    if message == "Extra data":
        return "something follows the value"
    text = re.sub(r"( starting)? at$|: .*$|: $", "", message)
    return text[0].lower() + text[1:]


def _nodes(text: str, file: str) -> Node:
    return next(nodes.compose(_STRING.sub(_emptied, text), file, LIMITS)).node


def _emptied(string: re.Match[str]) -> str:
    """An empty string, and the colon after it, which take the place of the string."""
    padding = " " * len(string[1])
    return f'""{padding}' if string[2] is None else f'"":{padding}{string[2]}'


class _JsonReader:
    """Walks the values together with the nodes, which have their positions."""

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
            self._refuse(node, path, "is NaN, infinite or a number that is too large")
        return value

    def _mapping(self, pairs: _Pairs, node: Mapping, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for (key, value), (key_node, value_node) in zip(pairs, node.pairs(), strict=True):
            if not self._check_text(key, key_node, path, "a key"):
                continue
            item_path = (*path, key)
            if key in values:
                line = self.keys[item_path].line
                self._refuse(key_node, item_path, f"given twice, first on line {line}")
                continue
            self.keys[item_path] = position(self._file, key_node.start)
            values[key] = self.value(value, value_node, item_path)
        return values

    def _check_text(self, text: str, node: Node, path: Path, subject: str) -> bool:
        """Refuses characters that only an escape can name: no program writes them to a file."""
        found = _NOT_WRITABLE.search(text)
        if found:
            self._refuse(node, path, f"{subject} holds {source.forbidden(found[0])}; remove it")
        return found is None

    def _refuse(self, node: Node, path: Path, message: str) -> None:
        text = f"{dotted(path)}: {message}" if path else message
        self.findings[position(self._file, node.start), text] = None
        if len(self.findings) > source.MAX_FINDINGS:
            raise source.refuse(self.findings)
