"""Composes the schema of the values from schema.json and the schemas of the sections.

A schema may contain {"$ref": "#/definitions/NAME", …}. The definition replaces the reference, and
the other keywords override those of the definition. Therefore a composed schema has no references
(except one in the schema that is printed), and validation is fast.

The keyword `hints` of a map is not a part of JSON Schema. For keys that users know from Kubernetes
or from other charts, and that this map does not have, it describes what to write instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Sequence
from itertools import chain
from pathlib import Path as FilePath
from typing import Any, Protocol, cast

from gitops_gen.model import Document, Environment, Finding, Path, Rule, Values

FRAME = FilePath(__file__).with_name("schema.json")
DRAFT = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS = "#/definitions/"
LAYER_DRAFT = "http://json-schema.org/draft-07/schema#"


class Section(Protocol):
    """A section of the values, described by the folder of a component."""

    @property
    def section(self) -> tuple[str, ...]:
        """The path of the section; "*" matches any key that no other section claims."""

    @property
    def schema(self) -> Values: ...

    @property
    def defaults(self) -> Document:
        """The default values of the section."""

    @property
    def overridable_names(self) -> tuple[str, ...]:
        """Names of its components. A user entry with one of these names disables the component."""

    @property
    def keys_of_user_charts(self) -> tuple[str, ...]:
        """Keys that identify a user-defined chart in a section for any key, even if another section
        claims the name of the entry."""

    @property
    def provides(self) -> frozenset[str]:
        """Capabilities that others may require of it. A user-defined chart that replaces the
        section must provide them too."""

    def rules(self, environment: Environment) -> Iterable[Finding]:
        """Returns findings of rules that a schema cannot express, for values that match it."""

    def across(self, layers: Sequence[Document]) -> Iterable[Finding]:
        """Returns findings about contradictions between layers, which are given lowest first."""

    def applied_rules(self, environment: Environment) -> Iterable[Rule]:
        """Returns all rules that `rules` applies, with or without findings."""


def frame() -> Values:
    return cast(Values, json.loads(FRAME.read_bytes()))


def compose(sections: Iterable[Section], replaced: Container[Path] = ()) -> Values:
    """Returns the schema of complete, merged values. User-defined charts replace the sections in
    `replaced`."""
    placed = ((item.section, item.schema) for item in sections if item.section not in replaced)
    return _composed(placed)


def compose_all(sections: Sequence[Section]) -> Values:
    """Returns the schema of any complete, merged values. An entry with the name of an add-on of
    gitops-gen may be a user-defined chart."""
    return _composed((item.section, _either(item, sections)) for item in sections)


def _composed(parts_by_section: Iterable[tuple[tuple[str, ...], Values]]) -> Values:
    schema = frame()
    definitions = schema.pop("definitions")
    for section, part in parts_by_section:
        _insert(schema, section, part)
    return {"$schema": DRAFT, **cast(Values, inline(schema, definitions))}


def _either(section: Section, sections: Sequence[Section]) -> Values:
    sibling = section_for_any_key(section, sections)
    if sibling is None:
        return section.schema
    any_key = "/".join(f"properties/{key}" for key in sibling.section[:-1])
    user_chart = {"$ref": f"#/{any_key}/additionalProperties"}
    return {"description": section.schema["description"], "anyOf": [section.schema, user_chart]}


def section_for_any_key(section: Section, sections: Iterable[Section]) -> Section | None:
    """Returns the section of a user-defined chart that has the name of this section, if any."""
    any_key = (*section.section[:-1], "*")
    siblings = (item for item in sections if item.section == any_key and item.keys_of_user_charts)
    return next(siblings, None) if section.section != any_key else None


def inline(schema: Any, definitions: Values) -> Any:
    """Returns `schema` with every reference replaced by its definition."""
    if isinstance(schema, list):
        return [inline(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    resolved = schema
    if schema.get("$ref", "").startswith(DEFINITIONS):
        keywords = {key: value for key, value in schema.items() if key != "$ref"}
        resolved = {**definitions[schema["$ref"].removeprefix(DEFINITIONS)], **keywords}
    return {key: inline(value, definitions) for key, value in resolved.items()}


def _insert(schema: Values, section: tuple[str, ...], part: Values) -> None:
    """Inserts the schema of a section, and creates the schemas above it if they are missing."""
    parent = schema
    for key in section[:-1]:
        parent = parent.setdefault("properties", {}).setdefault(key, {})
        parent.setdefault("type", "object")
        parent.setdefault("additionalProperties", False)
    if section[-1] == "*":
        parent["additionalProperties"] = part
    else:
        parent.setdefault("properties", {})[section[-1]] = part


def parts(schema: Any, path: Path) -> list[Values]:
    """Returns the schemas that apply to `path`; empty if any value or no value is valid."""
    schemas = alternatives(schema)
    for part in path:
        schemas = [below for parent in schemas for below in _below(parent, part)]
    return schemas


def alternatives(schema: Any) -> list[Values]:
    """Returns a schema and, recursively, the parts of its anyOf, oneOf and allOf."""
    if not isinstance(schema, dict):
        return []
    below = (s for keyword in ("anyOf", "oneOf", "allOf") for s in schema.get(keyword, ()))
    return [schema, *chain.from_iterable(map(alternatives, below))]


def _below(schema: Values, part: str | int) -> list[Values]:
    if isinstance(part, int):
        return alternatives(schema.get("items"))
    properties = schema.get("properties", {})
    return alternatives(properties.get(part, schema.get("additionalProperties")))


def without_hints(schema: Any) -> Any:
    """Returns the schema without the keyword `hints`, which other programs do not know."""
    return with_each_part(
        schema, lambda part: {key: value for key, value in part.items() if key != "hints"}
    )


def with_each_part(schema: Any, change: Callable[[Values], Values]) -> Any:
    """Returns the schema after `change` was applied to all parts of it, inner ones first.

    The schemas of keys (`propertyNames`) and of conditions are not changed.
    """
    if isinstance(schema, list):
        return [with_each_part(part, change) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return change({key: _with_each_below(key, value, change) for key, value in schema.items()})


def _with_each_below(keyword: str, value: Any, change: Callable[[Values], Values]) -> Any:
    if keyword in ("properties", "patternProperties"):
        return {name: with_each_part(part, change) for name, part in value.items()}
    if keyword in ("items", "additionalProperties", "anyOf", "oneOf", "allOf"):
        return with_each_part(value, change)
    return value


# Keywords that a single layer need not satisfy, because other layers may.
_COMPLETENESS = frozenset({"required", "minProperties", "dependentRequired", "dependencies"})
_CONDITIONS = frozenset({"not", "if", "then", "else"})


def layer_form(schema: Values) -> Values:
    """Returns the form for editors: nothing is required, and null is allowed everywhere."""
    return {**_layer(schema, top=True), "$schema": LAYER_DRAFT}


def _layer(schema: Any, *, top: bool = False) -> Any:
    if not isinstance(schema, dict):
        return schema
    result: Values = {}
    for keyword, value in schema.items():
        if keyword not in _COMPLETENESS | _CONDITIONS:
            _layer_keyword(result, keyword, value, top)
    return result


def _layer_keyword(result: Values, keyword: str, value: Any, top: bool) -> None:
    if keyword in ("properties", "patternProperties"):
        result[keyword] = {name: _layer(part) for name, part in value.items()}
    elif keyword in ("items", "additionalProperties", "propertyNames"):
        # A layer replaces a whole list, so its items must be complete in the layer.
        result[keyword] = value if keyword == "items" else _layer(value)
    elif keyword in ("oneOf", "anyOf"):
        alternatives = [_layer(part) for part in value if set(part) - _COMPLETENESS]
        if alternatives:
            result["anyOf"] = [*alternatives, {"type": "null"}]
    elif keyword == "allOf":
        result["allOf"] = [_layer(part) for part in value]
    elif keyword == "type" and not top:
        result["type"] = [*([value] if isinstance(value, str) else value), "null"]
    elif keyword == "enum":
        result["enum"] = [*value, None]
    elif keyword == "const":
        result["enum"] = [value, None]
    else:
        result[keyword] = value
