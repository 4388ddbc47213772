"""The schema as it is printed for editors and other tools: with the defaults of the components."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from gitops_gen.inputs.schema import Section, compose_all, layer_form, parts
from gitops_gen.model import Path, Values


def printed_schema(sections: Sequence[Section]) -> Values:
    """The schema of complete, merged values, in which each scalar and list states its default.

    Maps state none: an editor would write the whole map into the file when the key is completed.
    """
    result = deepcopy(compose_all(sections))
    for path, default in default_values(sections):
        for part in parts(result, path):
            if ("type" in part or "enum" in part) and not isinstance(default, dict):
                part["default"] = default
    return result


def schema_file(sections: Sequence[Section]) -> bytes:
    """values/schema.json, which the modelines of values files name."""
    return (json.dumps(layer_form(printed_schema(sections)), indent=2) + "\n").encode()


def default_values(sections: Iterable[Section]) -> Iterator[tuple[Path, Any]]:
    """Every default with its path, maps before what is in them; "*" stands for any key."""
    for section in sections:
        for path, value in _values(section.defaults.value):
            yield (*section.section, *path), value


def _values(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _values(item, (*path, key))
