"""One schema, composed of the frame and each section's own part; two forms of it.

The parts may hold {"$ref": "#/definitions/NAME", …}: the definition replaces it, and the other
keywords are laid over the definition. So a composed schema has no references (but for a single one
in the schema that is printed), and Helm and our own validation read it at full speed.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from itertools import chain
from pathlib import Path as FilePath
from typing import Any, Protocol, cast

from gitops_gen.model import Document, Environment, Finding, Path, Rule, Values

FRAME = FilePath(__file__).with_name("schema.json")
DRAFT = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS = "#/definitions/"
LAYER_DRAFT = "http://json-schema.org/draft-07/schema#"


class Section(Protocol):
    """A part of the values, described by the folder of a component."""

    @property
    def section(self) -> tuple[str, ...]:
        """The path of the section; "*" stands for any key that no other section claims."""

    @property
    def schema(self) -> Values: ...

    @property
    def defaults(self) -> Document:
        """Laid under the section."""

    @property
    def names_it_yields(self) -> tuple[str, ...]:
        """Names of its components: an entry of the user's that has one switches it off."""

    @property
    def keys_of_own_charts(self) -> tuple[str, ...]:
        """Keys of a section for any key: an entry that has one of them is the user's own chart,
        even under a name that another section claims."""

    @property
    def provides(self) -> frozenset[str]:
        """What others may need of it, whoever installs it: a chart of the user's own in its place
        has to provide that."""

    def rules(self, environment: Environment) -> Iterable[Finding]:
        """Findings of rules that a schema cannot state; called on values that the schema admits."""

    def across(self, layers: Sequence[Document]) -> Iterable[Finding]:
        """What an environment's layers, lowest first, say of one another about it."""

    def applied_rules(self) -> Iterable[Rule]:
        """The rules that `rules` applies, whether it finds anything or not."""


def frame() -> Values:
    return cast(Values, json.loads(FRAME.read_bytes()))


def compose(sections: Iterable[Section], replaced: Container[Path] = ()) -> Values:
    """The schema of complete, merged values; in the place of the sections in `replaced` they hold
    charts of the user's own."""
    placed = ((item.section, item.schema) for item in sections if item.section not in replaced)
    return _composed(placed)


def compose_all(sections: Sequence[Section]) -> Values:
    """The schema of any complete, merged values: under the name of an add-on of ours may stand a
    chart of the user's own."""
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
    own_chart = {"$ref": f"#/{any_key}/additionalProperties"}
    return {"description": section.schema["description"], "anyOf": [section.schema, own_chart]}


def section_for_any_key(section: Section, sections: Iterable[Section]) -> Section | None:
    """The section that takes an entry under this section's name, if it is the user's own chart."""
    any_key = (*section.section[:-1], "*")
    siblings = (item for item in sections if item.section == any_key and item.keys_of_own_charts)
    return next(siblings, None) if section.section != any_key else None


def inline(schema: Any, definitions: Values) -> Any:
    """`schema` with every reference to a definition replaced by it."""
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
    """Puts a section's part into the schema, in maps that are made where they are missing."""
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
    """The schemas that apply to a value at `path`; none where any value is valid, or none is."""
    schemas = _alternatives(schema)
    for part in path:
        schemas = [below for parent in schemas for below in _below(parent, part)]
    return schemas


def _alternatives(schema: Any) -> list[Values]:
    if not isinstance(schema, dict):
        return []
    below = (s for keyword in ("anyOf", "oneOf", "allOf") for s in schema.get(keyword, ()))
    return [schema, *chain.from_iterable(map(_alternatives, below))]


def _below(schema: Values, part: str | int) -> list[Values]:
    if isinstance(part, int):
        return _alternatives(schema.get("items"))
    properties = schema.get("properties", {})
    return _alternatives(properties.get(part, schema.get("additionalProperties")))


# Keywords that a single layer need not satisfy, since another layer may.
_COMPLETENESS = frozenset({"required", "minProperties", "dependentRequired", "dependencies"})
_CONDITIONS = frozenset({"not", "if", "then", "else"})


def layer_form(schema: Values) -> Values:
    """The form for an editor: nothing is required, null is admitted everywhere."""
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
        # A list replaces as a whole, so its items must be complete in the layer.
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


def schema_file(sections: Sequence[Section]) -> bytes:
    """values/schema.json, which the modelines of values files name."""
    return (json.dumps(layer_form(compose_all(sections)), indent=2) + "\n").encode()
