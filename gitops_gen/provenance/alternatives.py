"""Chooses other values of the same type for one value, guided by its schema.

The first alternatives are close to the value ("100m" -> "101m", "5Gi" -> "6Gi"), because rules
that compare values, such as a request with its limit, usually accept them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gitops_gen.inputs.quick_check import is_certainly_valid
from gitops_gen.inputs.schema import parts
from gitops_gen.model import Path, Values

_NUMBER = re.compile(r"[0-9]+")
_COMBINATIONS = frozenset(["anyOf", "oneOf", "allOf", "not", "if", "then", "else"])
# Texts for values of which only the form is known.
_STOCK: tuple[str, ...] = (
    *("x", "x1", "a-b", "X", "1", "2", "/x", "/x/y", "x.example.org", "https://x.example.org/x"),
    *("1m", "1Mi", "1Gi", "10s", "10.9.0.0/16", "10.9.8.0/24", "1.2.3", "30 3 * * *"),
)


def alternatives(value: Any, schema: Values, path: Path) -> Iterator[Any]:
    """Yields values for `path` that differ from `value`, have its type, and match the schema.

    Whether rules admit them, and whether they match conditions of the schema above `path`, only
    the validation of all values can decide.
    """
    schemas = [_plain(part) for part in parts(schema, path)]
    seen: list[Any] = [value]
    for alternative in _candidates(value, schemas):
        if _is_new(alternative, seen) and _matches(alternative, schemas):
            seen.append(alternative)
            yield alternative


def examples(schema: Values, path: Path) -> Iterator[Any]:
    """Yields values for a path that is not set, each of which matches its schema."""
    schemas = [_plain(part) for part in parts(schema, path)]
    seen: list[Any] = []
    for alternative in _from_schema(schemas):
        if _is_new(alternative, seen) and schemas and _matches(alternative, schemas):
            seen.append(alternative)
            yield alternative


def _plain(schema: Values) -> Values:
    """The schema without its alternatives, which `parts` lists beside it."""
    return {keyword: rest for keyword, rest in schema.items() if keyword not in _COMBINATIONS}


def _is_new(value: Any, seen: Iterable[Any]) -> bool:
    # True equals 1 in Python.
    return not any(type(value) is type(one) and value == one for one in seen)


def _matches(value: Any, schemas: Sequence[Values]) -> bool:
    """Whether one of the schemas with restrictions admits the value; any value without schemas."""
    restricting = [schema for schema in schemas if schema.keys() - {"description", "examples"}]
    return not restricting or any(is_certainly_valid(value, schema) for schema in restricting)


def _candidates(value: Any, schemas: Sequence[Values]) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from _other_integers(value, schemas)
    elif isinstance(value, float):
        yield from (value + 1, value - 1, value * 2, value / 2)
    elif isinstance(value, str):
        yield from _other_texts(value, schemas)
    elif isinstance(value, list):
        yield from _other_lists(value, schemas)
    elif isinstance(value, dict):
        yield from (one for one in _from_schema(schemas) if isinstance(one, dict))
        yield {**value, "x": "x"}


def _other_integers(value: int, schemas: Sequence[Values]) -> Iterator[int]:
    # Templates often compare a number with 1, such as the number of replicas.
    yield from (value + 1, 1, value - 1)
    for schema in schemas:
        bounds = (schema.get(keyword) for keyword in ("minimum", "maximum"))
        yield from (bound for bound in bounds if isinstance(bound, int))
    yield from (value * 2, 0)


def _other_texts(value: str, schemas: Sequence[Values]) -> Iterator[str]:
    members = [one for schema in schemas for one in _members(schema) if isinstance(one, str)]
    if members:
        yield from members
        return
    yield from _other_numbers_in(value)
    yield from _other_spellings(value)
    yield from (one for one in _from_schema(schemas) if isinstance(one, str))


def _members(schema: Values) -> list[Any]:
    return [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]


def _other_numbers_in(text: str) -> Iterator[str]:
    """Yields the text with one of its numbers changed by 1, the last number first."""
    for found in reversed(list(_NUMBER.finditer(text))):
        digits = found.group()
        for number in (int(digits[-15:]) + 1, int(digits[-15:]) - 1):
            if number >= 0:
                changed = digits[:-15] + str(number).zfill(len(digits[-15:]))
                yield text[: found.start()] + changed + text[found.end() :]


def _other_spellings(text: str) -> Iterator[str]:
    yield f"{text}x"
    for at in [at for at, character in enumerate(text) if character.isalnum()][::-1][:4]:
        yield text[:at] + ("a" if text[at] != "a" else "b") + text[at + 1 :]
    yield f"{text}/x" if not text.endswith("/") else f"{text}x"
    yield f"x{text}"
    if text[:-1]:
        yield text[:-1]


def _other_lists(value: list[Any], schemas: Sequence[Values]) -> Iterator[list[Any]]:
    """Yields the list with an item more; for a list of one item or more, with one less."""
    items = [part for schema in schemas for part in _item_schemas(schema)]
    yield from ([*value, item] for item in _from_schema(items) if item not in value)
    if value:
        yield value[:-1]
    yield from (one for one in _from_schema(schemas) if isinstance(one, list))
    yield [*value, "x"]


def _item_schemas(schema: Values) -> list[Values]:
    return [_plain(part) for part in parts(schema, (0,))]


def _from_schema(schemas: Sequence[Values]) -> Iterator[Any]:
    """Yields values that the schemas suggest, and common ones of their types."""
    for schema in schemas:
        yield from schema.get("examples", ())
        yield from _members(schema)
        types = schema.get("type", ())
        for name in [types] if isinstance(types, str) else types:
            yield from _of_type(name, schema)


def _of_type(name: str, schema: Values) -> Iterator[Any]:
    if name == "boolean":
        yield from (True, False)
    elif name in ("integer", "number"):
        least = schema.get("minimum", 1)
        yield from (math.ceil(least), math.ceil(least) + 1)
    elif name == "string":
        yield from _STOCK
    elif name == "array":
        yield from ([item] for item in _from_schema(_item_schemas(schema)))
    elif name == "object" and not schema.get("required"):
        yield from _objects(schema)


def _objects(schema: Values) -> Iterator[Values]:
    """Yields maps with one key of the user's choice, as labels and environment variables have."""
    entry = schema.get("additionalProperties", True)
    if isinstance(entry, dict):
        yield from ({"x": value} for value in _from_schema([_plain(entry)]))
