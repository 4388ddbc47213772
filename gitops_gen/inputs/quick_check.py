"""A quick check whether values certainly match a schema.

It never accepts values that jsonschema rejects. If it cannot decide (an unknown keyword, a number
that might be an integer), it does not accept the values; jsonschema then decides and reports the
errors. Most runs have only valid values, and do not import jsonschema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from gitops_gen.inputs.image_names import REPOSITORY
from gitops_gen.inputs.networks import CIDR, network_problem
from gitops_gen.model import Values

Check: TypeAlias = Callable[[Any, Any, Values], bool]
"""The value, the value of the keyword, and the schema that has the keyword."""


def is_certainly_valid(value: Any, schema: Any) -> bool:
    if isinstance(schema, bool):
        return schema
    for keyword, expected in schema.items():
        if keyword in _ANNOTATIONS:
            continue
        check = _CHECKS.get(keyword)
        if check is None or not check(value, expected, schema):
            return False
    return True


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compiles a pattern. Unlike in Python, `$` does not match before a final newline."""
    parts = re.split(r"(\\.|\[(?:\\.|[^\]\\])*\])", pattern, flags=re.DOTALL)
    return re.compile("".join(p if i % 2 else p.replace("$", r"\Z") for i, p in enumerate(parts)))


_ANNOTATIONS = frozenset(
    ["$schema", "title", "description", "examples", "default", "deprecated", "hints"]
)
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def _type(value: Any, expected: str | list[str], _: Values) -> bool:
    names = (expected,) if isinstance(expected, str) else expected
    # type() and not isinstance(): True is not an integer.
    return any(type(value) in _TYPES[name] for name in names)


def _enum(value: Any, expected: list[Any], _: Values) -> bool:
    return isinstance(value, str) and value in expected


def _const(value: Any, expected: Any, schema: Values) -> bool:
    return _enum(value, [expected], schema)


def _pattern(value: Any, expected: str, schema: Values) -> bool:
    if not isinstance(value, str):
        return True
    # The length first: a pattern may be slow on a very long string.
    return len(value) <= schema.get("maxLength", len(value)) and bool(
        compiled(expected).search(value)
    )


def _format(value: Any, expected: str, _: Values) -> bool:
    # The `pattern` of the schema has the whole grammar of a repository name.
    if expected == REPOSITORY:
        return True
    return not isinstance(value, str) or (expected == CIDR and network_problem(value) is None)


def _properties(value: Any, expected: Values, _: Values) -> bool:
    if not isinstance(value, dict):
        return True
    return all(
        is_certainly_valid(value[key], expected[key]) for key in value.keys() & expected.keys()
    )


def _additional_properties(value: Any, expected: Any, schema: Values) -> bool:
    if not isinstance(value, dict):
        return True
    additional = value.keys() - schema.get("properties", {}).keys()
    return "patternProperties" not in schema and all(
        is_certainly_valid(value[key], expected) for key in additional
    )


def _property_names(value: Any, expected: Any, _: Values) -> bool:
    return not isinstance(value, dict) or all(is_certainly_valid(key, expected) for key in value)


def _required(value: Any, expected: list[str], _: Values) -> bool:
    return not isinstance(value, dict) or all(key in value for key in expected)


def _items(value: Any, expected: Any, _: Values) -> bool:
    return not isinstance(value, list) or all(is_certainly_valid(item, expected) for item in value)


def _unique_items(value: Any, expected: bool, _: Values) -> bool:
    if not expected or not isinstance(value, list) or len(value) < 2:
        return True
    return all(isinstance(item, str) for item in value) and len(set(value)) == len(value)


def _number(compare: Callable[[float, float], bool]) -> Check:
    return lambda value, expected, _: (
        not isinstance(value, (int, float)) or compare(value, expected)
    )


def _length(of: Any, compare: Callable[[int, int], bool]) -> Check:
    return lambda value, expected, _: not isinstance(value, of) or compare(len(value), expected)


_CHECKS: Mapping[str, Check] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "format": _format,
    "properties": _properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "required": _required,
    "items": _items,
    "uniqueItems": _unique_items,
    "minimum": _number(lambda value, least: value >= least),
    "maximum": _number(lambda value, most: value <= most),
    "exclusiveMinimum": _number(lambda value, bound: value > bound),
    "exclusiveMaximum": _number(lambda value, bound: value < bound),
    "minLength": _length(str, lambda length, least: length >= least),
    "maxLength": _length(str, lambda length, most: length <= most),
    "minItems": _length(list, lambda length, least: length >= least),
    "maxItems": _length(list, lambda length, most: length <= most),
    "minProperties": _length(dict, lambda length, least: length >= least),
    "maxProperties": _length(dict, lambda length, most: length <= most),
}
