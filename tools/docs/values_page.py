"""docs/values-reference.md: every key of the values, from the JSON Schema and the defaults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen import yaml
from gitops_gen.components import catalogue
from gitops_gen.inputs import printed_schema
from gitops_gen.inputs.schema_output import default_values
from gitops_gen.model import Path, Values
from tools.docs.templates import rendered

ANY_KEY: dict[Path, str] = {("tiers",): "<tier>", ("addons",): "<add-on>"}
"""What the page calls a key of the user's own; elsewhere it is <name>."""
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the values, and all that the page says of it."""

    path: str
    description: str
    type: str
    required: bool
    default: str
    example: str
    default_map: str
    """The default of a map, as YAML; empty where it has none."""


def page() -> str:
    """The whole page."""
    sections = catalogue()
    schema = printed_schema(sections)
    maps = {path: value for path, value in default_values(sections) if isinstance(value, dict)}
    top = [
        (name, part["description"], list(_keys(part, (name,), name in schema["required"], maps)))
        for name, part in schema["properties"].items()
    ]
    return rendered("values.md.j2", top=top)


def _keys(schema: Values, path: Path, required: bool, maps: dict[Path, Any]) -> Iterator[Key]:
    """The key at `path` and all below it."""
    yield _key(schema, path, required, maps)
    for name, part in _properties(schema):
        yield from _keys(part, (*path, name), name in schema.get("required", ()), maps)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _keys(schema["additionalProperties"], (*path, "*"), False, maps)
    if isinstance(schema.get("items"), dict) and "properties" in schema["items"]:
        for name, part in _properties(schema["items"]):
            below = (*path, 0, name)
            yield from _keys(part, below, name in schema["items"].get("required", ()), maps)


def _properties(schema: Values) -> Iterator[tuple[str, Values]]:
    """Its own, and those of the first alternative that has some."""
    for one in (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if "properties" in one:
            yield from one["properties"].items()
            return


def _key(schema: Values, path: Path, required: bool, maps: dict[Path, Any]) -> Key:
    free = "properties" not in schema and isinstance(maps.get(path), dict)
    return Key(
        path=_printed(path),
        description=schema.get("description", ""),
        type=_type(schema),
        required=required,
        default=_json(schema["default"]) if "default" in schema else "",
        example=_json(schema["examples"][0]) if schema.get("examples") else "",
        default_map=yaml.dump(maps[path]) if free else "",
    )


def _printed(path: Path) -> str:
    text = ""
    for at, part in enumerate(path):
        if part == 0:
            text += "[]"
        else:
            name = ANY_KEY.get(path[:at], "<name>") if part == "*" else part
            text += f".{name}" if text else str(name)
    return text


def _type(schema: Values) -> str:
    """`string`, `list of integer`, or the values that are admitted."""
    if "enum" in schema:
        return " or ".join(f"`{_json(value)}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{_json(schema['const'])}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    names = schema.get("type") or _types_of_alternatives(schema)
    listed = [names] if isinstance(names, str) else names
    return " or ".join("map" if name == "object" else name for name in listed) or "any value"


def _types_of_alternatives(schema: Values) -> list[str]:
    alternatives = (*schema.get("anyOf", ()), *schema.get("oneOf", ()))
    return list(dict.fromkeys(one["type"] for one in alternatives if "type" in one)) or (
        ["object"] if alternatives else []
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
