"""Unquoted integers and true/false become strings where the schema allows only strings.

`cpu: 1` and `PORT: 8080` are common in manifests, and cannot mean anything else. The strict parser
accepts only the forms that all YAML parsers read alike, so the string is the text of the file. It
accepts large integers too, which Helm would change; those that remain numbers are refused here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.quick_check import compiled, is_certainly_valid
from gitops_gen.inputs.schema import alternatives, with_each_part
from gitops_gen.model import Document, Finding, Path, Values, dotted
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.secrets.places import NOT_SHOWN
from gitops_gen.secrets.walk import scalars
from gitops_gen.yaml.scalars import INT_LIMIT, go_text
from gitops_gen.yaml.source import RULE

_OWN_TYPES = {bool: frozenset({"boolean"}), int: frozenset({"integer", "number"})}
_ANY: Values = {"type": ["object", "array", "string", "integer", "number", "boolean", "null"]}
"""The schema of a value that another schema does not restrict."""
_SAMPLES = {
    "integer": ("-1", *map(str, range(33)), "100", "200", "443", "8080", "100000", "111122223333"),
    "boolean": ("true", "false"),
}
"""Texts that the parser reads as another type. They decide if a pattern admits such a text."""


def with_strings(document: Document, schema: Values) -> Document:
    """Returns the document with a string instead of each integer and boolean that must be one."""
    return replace(document, value=_converted(document.value, alternatives(schema)))


def _converted(value: Any, schemas: Sequence[Values]) -> Any:
    if isinstance(value, dict):
        return {key: _converted(item, _below_key(schemas, key)) for key, item in value.items()}
    if isinstance(value, list):
        items = [one for schema in schemas for one in alternatives(schema.get("items"))]
        return [_converted(item, items) for item in value]
    types_of_value = _OWN_TYPES.get(value.__class__)
    types = {name for schema in schemas for name in _types(schema)}
    if types_of_value is None or "string" not in types or types_of_value & types:
        return value
    return str(value).lower()


def require_exact_numbers(document: Document) -> None:
    """Raises InvalidInput for integers that did not become strings and that Helm would change."""
    integers = ((path, one) for path, one in scalars(document.value) if isinstance(one, int))
    large = [(path, number) for path, number in integers if abs(number) >= INT_LIMIT]
    if large:
        hidden = Hidden.of(document.value)
        raise InvalidInput(_refused(document, path, number, hidden) for path, number in large)


def _refused(document: Document, path: Path, number: int, hidden: Hidden) -> Finding:
    text = f"{NOT_SHOWN} is too large for a number; quote it"
    if hidden.shows(path, number):
        quoted = f'if it is a string, quote it: "{number}"'
        text = f"Helm would print {number} as {go_text(number)}; {quoted}"
    return Finding(RULE, f"{dotted(path)}: {text}", document.values[path])


def _below_key(schemas: Iterable[Values], key: str) -> list[Values]:
    return [one for schema in schemas for one in _of_key(schema, key)]


def _of_key(schema: Values, key: str) -> list[Values]:
    """Returns the schemas of a key of a map; `_ANY` if the schema of the map allows any value."""
    if key in schema.get("properties", {}):
        return alternatives(schema["properties"][key])
    patterns = schema.get("patternProperties", {})
    matched = [part for pattern, part in patterns.items() if compiled(pattern).search(key)]
    if matched:
        return [one for part in matched for one in alternatives(part)]
    additional = schema.get("additionalProperties", "object" in _types(schema))
    return [_ANY] if additional is True else alternatives(additional)


def _types(schema: Values) -> set[str]:
    """Returns the types that a schema allows. Without `type`, these are the types of its enum."""
    if "type" in schema:
        types = schema["type"]
        return {types} if isinstance(types, str) else set(types)
    constants = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
    names = {str: "string", bool: "boolean", int: "integer"}
    return {names[value.__class__] for value in constants if value.__class__ in names}


def accepting_plain_scalars(schema: Values) -> Values:
    """Returns a schema that also accepts the integers and booleans that `with_strings` converts."""
    changed: Values = with_each_part(schema, _accepting)
    return changed


def _accepting(schema: Values) -> Values:
    """Adds the types whose texts the pattern of a string admits, and such values to its enum."""
    if _types(schema) != {"string"}:
        return schema
    changed = dict(schema)
    if "type" in schema and (added := _admitted_types(schema)):
        changed["type"] = ["string", *added]
    if "enum" in schema:
        changed["enum"] = [*schema["enum"], *_plain_forms(schema["enum"])]
    return changed


def _admitted_types(schema: Values) -> list[str]:
    return [
        name
        for name, texts in _SAMPLES.items()
        if any(is_certainly_valid(text, schema) for text in texts)
    ]


def _plain_forms(texts: Iterable[str]) -> list[int | bool]:
    """Returns the integers and booleans that are written like these strings."""
    words = {"true": True, "false": False}
    return [
        words[text] if text in words else int(text)
        for text in texts
        if text in words or (text.isdecimal() and str(int(text)) == text)
    ]
