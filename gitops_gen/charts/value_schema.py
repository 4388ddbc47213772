"""Validates the values of a chart with its values.schema.json, and those of its subcharts.

Helm does the same when it renders the chart. The schema comes from the network: it never causes a
download, and its regular expressions are not run, because some of them would take forever.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gitops_gen.charts.archive import ChartArchive
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Path, Position, Rule, Severity, Values

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

BROKEN_SCHEMA = Rule(
    "chart-schema",
    title="The schema of an upstream chart can be used",
    why="Values are compared with the values.schema.json of the chart. With a schema that is not "
    "valid, nobody sees a misspelled key, and Helm may refuse to render the chart.",
    remedy="Use another version of the chart, and report the fault to its publisher.",
    severity=Severity.WARNING,
)
_GLOBAL = "global"
_PATTERN_KEYWORDS = ("pattern", "patternProperties", "propertyNames", "format")


@dataclass(frozen=True, slots=True)
class SchemaError:
    """A value that a schema refuses."""

    path: Path
    """The path in the values of the chart."""
    keyword: str
    value: Any
    expected: Any
    unknown: str = ""
    """The key that the map `value` must not have; empty for other errors."""
    existing: tuple[str, ...] = ()
    """The keys that the schema admits there."""


def schema_errors(chart: ChartArchive, values: Values) -> Iterator[SchemaError]:
    """Yields what the schemas refuse in the values, after the defaults of the chart are added.

    Raises InvalidInput if a schema cannot be used.
    """
    yield from _errors(chart, with_defaults(chart, values), ())


def _errors(chart: ChartArchive, complete: Values, path: Path) -> Iterator[SchemaError]:
    if chart.schema is not None:
        yield from _of_one_chart(chart, complete, path)
    for key, below in _subcharts(chart, complete):
        inner = complete.get(key)
        yield from _errors(below, inner if isinstance(inner, dict) else {}, (*path, key))


def _of_one_chart(chart: ChartArchive, complete: Values, path: Path) -> list[SchemaError]:
    from jsonschema.exceptions import SchemaError as InvalidSchema
    from referencing.exceptions import Unresolvable

    label = f"{chart.label}: values.schema.json"
    try:
        found = _validator(chart.schema or b"").iter_errors(complete)
        return [one for error in found for one in _converted(error, path)]
    except (ValueError, TypeError, AttributeError, InvalidSchema):
        reason = "is not a valid JSON Schema"
    except Unresolvable:
        reason = "refers to a schema that the chart does not contain"
    except RecursionError:
        reason = "is nested too deeply, or refers to itself without end"
    except re.error:
        reason = "contains a regular expression that is not valid"
    raise InvalidInput.at(Position(label), reason, BROKEN_SCHEMA)


def _validator(schema: bytes) -> Validator:
    """Returns a validator that downloads nothing and runs no regular expression."""
    from jsonschema import Draft202012Validator, validators
    from referencing import Registry

    content: Any = json.loads(schema)
    dialect: Any = validators.validator_for(content, default=Draft202012Validator)
    dialect.check_schema(content)
    keywords: Any = dict.fromkeys(_PATTERN_KEYWORDS, _admitted)
    keywords["additionalProperties"] = _additional_properties(dialect)
    extend: Any = validators.extend
    built: Validator = extend(dialect, keywords)(content, registry=Registry())
    return built


def _admitted(*_: Any) -> Iterator[ValidationError]:
    return iter(())


def _additional_properties(dialect: Any) -> Any:
    original = dialect.VALIDATORS["additionalProperties"]

    def check(validator: Any, expected: Any, instance: Any, schema: Values) -> Any:
        if "patternProperties" in schema:
            return iter(())
        return original(validator, expected, instance, schema)

    return check


def _converted(error: ValidationError, above: Path) -> Iterator[SchemaError]:
    path = (*above, *error.absolute_path)
    keyword, value, expected = str(error.validator), error.instance, error.validator_value
    schema = error.schema if isinstance(error.schema, dict) else {}
    existing = tuple(schema.get("properties", ()))
    if keyword == "additionalProperties" and isinstance(value, dict):
        for key in (key for key in value if key not in existing):
            yield SchemaError((*path, key), keyword, value[key], expected, key, existing)
    elif keyword == "required" and isinstance(value, dict) and isinstance(expected, list):
        # Each missing key is an error of its own, whose message begins with the key.
        missing = (key for key in expected if error.message.startswith(repr(key)))
        yield from (SchemaError((*path, key), keyword, None, expected) for key in missing)
    else:
        yield SchemaError(path, keyword, value, expected)


# The defaults


def with_defaults(chart: ChartArchive, values: Values) -> Values:
    """Returns the values over the defaults of the chart and of its subcharts, as Helm does it."""
    complete = _over(values, chart.values)
    for key, below in _subcharts_by_key(chart):
        inner = complete.get(key)
        below_values: Values = dict(inner) if isinstance(inner, dict) else {}
        if isinstance(shared := complete.get(_GLOBAL), dict):
            below_values[_GLOBAL] = _over(shared, below_values.get(_GLOBAL) or {})
        complete[key] = with_defaults(below, below_values)
    return complete


def _over(values: Values, defaults: Any) -> Values:
    """Merges maps; null removes a key."""
    result: Values = dict(defaults) if isinstance(defaults, dict) else {}
    for key, value in values.items():
        below = result.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            result[key] = _over(value, below)
        else:
            result[key] = value
    return result


def _subcharts_by_key(chart: ChartArchive) -> Iterator[tuple[str, ChartArchive]]:
    """Yields the subcharts with the keys of their values."""
    charts = {one.metadata.name: one for one in chart.subcharts}
    entries = [(str(one.get("name")), one) for one in chart.metadata.dependencies]
    for name, entry in entries:
        if name in charts:
            yield str(entry.get("alias") or name), charts[name]
    listed = {name for name, _ in entries}
    yield from ((name, one) for name, one in charts.items() if name not in listed)


def _subcharts(chart: ChartArchive, complete: Values) -> Iterator[tuple[str, ChartArchive]]:
    """Yields the subcharts that the values do not switch off."""
    entries = {str(one.get("alias") or one.get("name")): one for one in chart.metadata.dependencies}
    for key, below in _subcharts_by_key(chart):
        if _is_enabled(entries.get(key, {}), complete):
            yield key, below


def _is_enabled(entry: Values, complete: Values) -> bool:
    """Whether the first of the conditions that is set is true; otherwise, a tag decides."""
    for condition in str(entry.get("condition") or "").split(","):
        found: Any = complete
        for key in condition.strip().split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, bool):
            return found
    tags, stated = entry.get("tags"), complete.get("tags")
    if not (isinstance(tags, list) and isinstance(stated, dict)):
        return True
    decided = [stated[tag] for tag in tags if isinstance(stated.get(tag), bool)]
    return any(decided) or not decided
