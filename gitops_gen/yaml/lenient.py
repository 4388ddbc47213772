"""The reader of what programs wrote: it reads as Go's readers do, repeated keys included."""

from __future__ import annotations

import base64
import math
import re
import struct
from typing import Any, TypeGuard

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position, Values
from gitops_gen.yaml import nodes, source
from gitops_gen.yaml.nodes import Alias, Mapping, Node, Scalar, position
from gitops_gen.yaml.scalars import go_text, go_value, json_number

LIMITS = nodes.Limits(depth=250, values=2_000_000)
RENDERED = "rendered"

_TAGS = "tag:yaml.org,2002:"
_TYPES: dict[str, tuple[type, ...]] = {
    _TAGS + "bool": (bool,),
    _TAGS + "int": (int,),
    _TAGS + "float": (int, float),
    _TAGS + "null": (type(None),),
}


def yaml_load(data: bytes, file: str = RENDERED) -> Any:
    """The one document in `data`; None when there is none. `file` is for messages."""
    values = documents(data, file)
    if len(values) > 1:
        raise InvalidInput.at(Position(file), "holds more than one document", source.RULE)
    return values[0] if values else None


def documents(data: bytes, file: str = RENDERED) -> list[Any]:
    """Every document of a stream, as plain data; empty ones are None."""
    try:
        text = data.decode().removeprefix(source.BOM)
    except UnicodeDecodeError as error:
        message = f"byte at offset {error.start} is not UTF-8"
        raise InvalidInput.at(Position(file), message, source.RULE) from error
    reader = _LenientReader(file)
    return [reader.value(root.node) for root in nodes.compose(text, file, LIMITS)]


_MAX_FLOAT_32 = 3.4028234e38


class _LenientReader:
    def __init__(self, file: str) -> None:
        self._file = file

    def value(self, node: Node) -> Any:
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Alias):
            return self.value(node.target)
        if isinstance(node, Mapping):
            return self._mapping(node)
        return [self.value(item) for item in node.children]

    def _scalar(self, node: Scalar) -> Any:
        if node.tag is not None:
            return self._json(node, self._tagged(node, node.tag))
        if node.style:
            return node.text
        value = go_value(node.text)
        return self._json(node, value) if value.__class__ is float else value

    def _json(self, node: Scalar, value: Any) -> Any:
        if not isinstance(value, float):
            return value
        if not math.isfinite(value):
            raise self._refused(node, "this is no number that JSON knows")
        return json_number(value)

    def _tagged(self, node: Scalar, tag: str) -> Any:
        if tag == _TAGS + "binary":
            return self._binary(node)
        if tag not in _TYPES:
            return node.text
        value = go_value(node.text)
        # By class, since True is an int to isinstance.
        is_of_type = value.__class__ in _TYPES[tag]
        if not is_of_type:
            raise self._refused(node, "the text is not of the type that its tag says")
        return float(value) if tag.endswith(":float") else value

    def _binary(self, node: Scalar) -> str:
        try:
            packed = node.text.replace("\n", "").replace("\r", "")
            # Go replaces byte by byte, Python's "replace" does not.
            text = base64.b64decode(packed, validate=True).decode(errors="surrogateescape")
            return re.sub("[\udc80-\udcff]", "\ufffd", text)
        except ValueError as error:
            raise self._refused(node, "!!binary holds what is not base64") from error

    def _mapping(self, node: Mapping) -> Values:
        result: Values = {}
        for key, value in node.pairs():
            if isinstance(key, Scalar) and _is_merge(key):
                self._merge(value, result)
            else:
                result[self._key(key)] = self.value(value)
        return result

    def _merge(self, node: Node, result: Values) -> None:
        target = node.target if isinstance(node, Alias) else node
        # The first of several maps wins over the later ones.
        items = reversed(target.children) if isinstance(target, nodes.Sequence) else [node]
        for item in items:
            value = self.value(item)
            if not isinstance(value, dict):
                raise self._refused(item, "only a map can be merged with <<")
            result.update(value)

    def _key(self, node: Node) -> str:
        key = go_value(node.text) if _is_plain(node) else self.value(node)
        if isinstance(key, str):
            return key
        if isinstance(key, bool):
            return "true" if key else "false"
        if isinstance(key, int):
            return str(key)
        if isinstance(key, float) and abs(key) < _MAX_FLOAT_32:
            return _float_key(key)
        raise self._refused(node, "a key must be a single value")

    def _refused(self, node: Node, message: str) -> InvalidInput:
        return InvalidInput.at(position(self._file, node.start), message, source.RULE)


def _is_plain(node: Node) -> TypeGuard[Scalar]:
    return isinstance(node, Scalar) and not node.style and node.tag is None


def _is_merge(key: Scalar) -> bool:
    return key.text == "<<" and (key.tag == _TAGS + "merge" if key.tag else not key.style)


def _float_key(value: float) -> str:
    """As Go writes a float that is a key: the shortest form that is the same in 32 bits."""

    def narrow(number: float) -> float:
        return float(struct.unpack("f", struct.pack("f", number))[0])

    forms = (f"{value:.{digits}g}" for digits in range(1, 18))
    return go_text(next(float(form) for form in forms if narrow(float(form)) == narrow(value)))
