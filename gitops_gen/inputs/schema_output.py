"""The schema for editors and other tools, which contains the defaults of the components."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from gitops_gen.inputs.plain_scalars import accepting_plain_scalars
from gitops_gen.inputs.schema import Section, compose_all, layer_form, parts, without_hints
from gitops_gen.model import Path, Values


def printed_schema(sections: Sequence[Section]) -> Values:
    """Returns the schema of complete, merged values with the defaults of scalars and lists.

    Maps have no default, because an editor would insert the whole map when it completes the key.
    """
    result: Values = without_hints(deepcopy(compose_all(sections)))
    for path, default in default_values(sections):
        for part in parts(result, path):
            if ("type" in part or "enum" in part) and not isinstance(default, dict):
                part["default"] = default
    return result


def schema_file(sections: Sequence[Section]) -> bytes:
    """Returns the content of values/schema.json, which editors use for values files."""
    schema = layer_form(accepting_plain_scalars(printed_schema(sections)))
    return (json.dumps(schema, indent=2) + "\n").encode()


def default_values(sections: Iterable[Section]) -> Iterator[tuple[Path, Any]]:
    """Yields every default with its path, maps before their content; "*" matches any key."""
    for section in sections:
        for path, value in _values(section.defaults.value):
            yield (*section.section, *path), value


def _values(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _values(item, (*path, key))
