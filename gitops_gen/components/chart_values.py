"""Selects from a section, and from its schema, the keys that the templates of a chart read.

A chart gets no other keys: `helm upgrade --set` must not accept a value that changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from gitops_gen.model import Values

ChartKeys: TypeAlias = tuple[tuple[str, ...], ...]
"""Paths of keys. A path without other paths below it selects everything below its key."""


def selected(section: Values, keys: Iterable[tuple[str, ...]]) -> Values:
    """Returns the selected keys of a section, in the order of the section."""
    below = _by_first_key(keys)
    return {
        key: selected(value, below[key]) if below[key] and isinstance(value, dict) else value
        for key, value in section.items()
        if key in below
    }


def selected_schema(schema: Values, keys: Iterable[tuple[str, ...]]) -> Values:
    """Returns the schema of the selected keys. None of them is required, because a component leaves
    out those that have no effect in its environment."""
    below = _by_first_key(keys)
    narrowed = {key: value for key, value in schema.items() if key != "required"}
    narrowed["properties"] = {
        key: selected_schema(value, below[key]) if below[key] else value
        for key, value in schema["properties"].items()
        if key in below
    }
    return narrowed


def closed_schema(keys: Iterable[tuple[str, ...]]) -> Values:
    """Returns a schema that admits the selected keys with any values, and no other key."""
    properties = {
        key: closed_schema(below) if below else {} for key, below in _by_first_key(keys).items()
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def without_empty(computed: Values) -> Values:
    """Returns computed values without empty lists and maps, which templates handle like missing
    ones."""
    return {key: value for key, value in computed.items() if value not in ([], {})}


def _by_first_key(keys: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """Returns the rests of the paths by their first key; no rests if the whole key is selected."""
    below: dict[str, list[tuple[str, ...]]] = {}
    for first, *rest in keys:
        below.setdefault(first, []).extend([tuple(rest)] if rest else [])
    return below
