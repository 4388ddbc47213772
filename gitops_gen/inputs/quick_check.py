"""Whether values are certainly valid by a schema: the quick way for values that are right.

It never admits what jsonschema refuses, and where it does not know (another keyword, a number
that might be an integer) it does not say yes. Then jsonschema decides, and says why. Most runs
meet only values that are right, and need not import it.
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
"""The value, what the keyword says, the schema that it stands in."""


def is_certainly_valid(value: Any, schema: Any) -> bool:
    if isinstance(schema, bool):
        return schema
    for keyword, wanted in schema.items():
        if keyword in _SAY_NOTHING:
            continue
        check = _CHECKS.get(keyword)
        if check is None or not check(value, wanted, schema):
            return False
    return True


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Python's `$` also matches before a final newline; RE2's and ECMA's does not."""
    parts = re.split(r"(\\.|\[(?:\\.|[^\]\\])*\])", pattern, flags=re.DOTALL)
    return re.compile("".join(p if i % 2 else p.replace("$", r"\Z") for i, p in enumerate(parts)))


_SAY_NOTHING = frozenset(["$schema", "title", "description", "examples", "default", "deprecated"])
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def _type(value: Any, wanted: str | list[str], _: Values) -> bool:
    names = (wanted,) if isinstance(wanted, str) else wanted
    # type() and not isinstance(): True is no integer.
    return any(type(value) in _TYPES[name] for name in names)


def _enum(value: Any, wanted: list[Any], _: Values) -> bool:
    return isinstance(value, str) and value in wanted


def _const(value: Any, wanted: Any, schema: Values) -> bool:
    return _enum(value, [wanted], schema)


def _pattern(value: Any, wanted: str, schema: Values) -> bool:
    if not isinstance(value, str):
        return True
    # The length first: a pattern may take long to refuse what is very long.
    return len(value) <= schema.get("maxLength", len(value)) and bool(
        compiled(wanted).search(value)
    )


def _format(value: Any, wanted: str, _: Values) -> bool:
    # The pattern beside it says all of a repository's grammar.
    if wanted == REPOSITORY:
        return True
    return not isinstance(value, str) or (wanted == CIDR and network_problem(value) is None)


def _properties(value: Any, wanted: Values, _: Values) -> bool:
    if not isinstance(value, dict):
        return True
    return all(is_certainly_valid(value[key], wanted[key]) for key in value.keys() & wanted.keys())


def _additional_properties(value: Any, wanted: Any, schema: Values) -> bool:
    if not isinstance(value, dict):
        return True
    others = value.keys() - schema.get("properties", {}).keys()
    return "patternProperties" not in schema and all(
        is_certainly_valid(value[key], wanted) for key in others
    )


def _property_names(value: Any, wanted: Any, _: Values) -> bool:
    return not isinstance(value, dict) or all(is_certainly_valid(key, wanted) for key in value)


def _required(value: Any, wanted: list[str], _: Values) -> bool:
    return not isinstance(value, dict) or all(key in value for key in wanted)


def _items(value: Any, wanted: Any, _: Values) -> bool:
    return not isinstance(value, list) or all(is_certainly_valid(item, wanted) for item in value)


def _unique_items(value: Any, wanted: bool, _: Values) -> bool:
    if not wanted or not isinstance(value, list) or len(value) < 2:
        return True
    return all(isinstance(item, str) for item in value) and len(set(value)) == len(value)


def _number(holds: Callable[[float, float], bool]) -> Check:
    return lambda value, wanted, _: not isinstance(value, (int, float)) or holds(value, wanted)


def _length(of: Any, holds: Callable[[int, int], bool]) -> Check:
    return lambda value, wanted, _: not isinstance(value, of) or holds(len(value), wanted)


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
