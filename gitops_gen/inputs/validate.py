"""Values against the schema: every error at the line that wrote the offending value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gitops_gen.model import Environment, Finding, Path, Values

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

RULE = "schema"


class Validation:
    """A compiled schema; `findings` gives all that it refuses, in the order of the files."""

    def __init__(self, schema: Values) -> None:
        self._validator = validator(schema)

    def findings(self, environment: Environment) -> list[Finding]:
        errors = self._validator.iter_errors(environment.values)
        found = {finding for error in errors for finding in _findings(environment, error)}
        return sorted(found, key=lambda finding: (finding.position, finding.message))


def validator(schema: Values) -> Validator:
    """A 2020-12 validator whose `pattern` means what Go's and ECMA's mean."""
    from jsonschema import Draft202012Validator, validators

    keywords = {"pattern": _pattern, "propertyNames": _property_names}
    extend: Any = validators.extend
    built: Validator = extend(Draft202012Validator, keywords)(schema)
    return built


def _pattern(_: Any, pattern: str, instance: Any, schema: Values) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not _compiled(pattern).search(instance):
        yield ValidationError(f"{show(instance)} {_expected(pattern, schema)}")


def _property_names(validator: Any, names: Values, instance: Any, _: Values) -> Iterator[Any]:
    for key in instance if isinstance(instance, dict) else ():
        for error in validator.descend(instance=key, schema=names):
            # The error belongs to the key: report it there, not at the map that holds it.
            error.path.appendleft(key)
            yield error


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Python's `$` also matches before a final newline; RE2's and ECMA's does not."""
    parts = re.split(r"(\\.|\[(?:\\.|[^\]\\])*\])", pattern)
    return re.compile("".join(p if i % 2 else p.replace("$", r"\Z") for i, p in enumerate(parts)))


def _expected(pattern: str, schema: Values) -> str:
    examples = schema.get("examples")
    hint = f", for instance {show(examples[0])}" if examples else ""
    description = str(schema.get("description", "")).rstrip(".")
    return f"does not fit: {description}{hint}" if description else f"does not match {pattern}"


def _findings(environment: Environment, error: ValidationError) -> Iterator[Finding]:
    path: Path = tuple(error.absolute_path)
    kind = error.validator
    if kind == "additionalProperties" and isinstance(error.instance, dict):
        for key in _unknown(error):
            yield environment.finding(RULE, (*path, key), _unknown_text(key, error), key=True)
    elif kind == "required":
        missing = re.match(r"'(.*)' is a required property", error.message)
        key = missing.group(1) if missing else error.message
        yield environment.finding(RULE, (*path, key), f"is required{_why(error, key)}")
    elif kind in ("oneOf", "anyOf") and error.context:
        yield from _closest(environment, error)
    else:
        in_key = "propertyNames" in error.absolute_schema_path
        yield environment.finding(RULE, path, _text(error), key=in_key)


def _schema(error: ValidationError) -> Values:
    """The schema that the error comes from."""
    return error.schema if isinstance(error.schema, dict) else {}


def _why(error: ValidationError, key: str) -> str:
    properties = _schema(error).get("properties", {})
    description = str(properties.get(key, {}).get("description", "")).rstrip(".")
    return f": {description[0].lower()}{description[1:]}" if description else ""


def _unknown(error: ValidationError) -> list[str]:
    known = _schema(error).get("properties", {})
    patterns = _schema(error).get("patternProperties", {})
    keys: dict[str, Any] = error.instance if isinstance(error.instance, dict) else {}
    return [
        key
        for key in keys
        if key not in known and not any(_compiled(pattern).search(key) for pattern in patterns)
    ]


def _unknown_text(key: str, error: ValidationError) -> str:
    known = list(_schema(error).get("properties", {}))
    suggestion = did_you_mean(key, known)
    if suggestion:
        return f"unknown key{suggestion}"
    return f"unknown key; known here: {', '.join(sorted(known))}" if known else "unknown key"


def _closest(environment: Environment, error: ValidationError) -> Iterator[Finding]:
    """The errors of the alternative that fits best: the one with the fewest of them."""
    branches: dict[Any, list[ValidationError]] = {}
    for part in error.context or ():
        branches.setdefault(part.relative_schema_path[0], []).append(part)
    best = min(branches.values(), key=lambda parts: (_wrong_type(parts), len(parts)))
    for part in best:
        yield from _findings(environment, part)


def _wrong_type(parts: Iterable[ValidationError]) -> bool:
    return any(part.validator == "type" and not part.relative_path for part in parts)


def _text(error: ValidationError) -> str:
    value: Any = error.instance
    expected: Any = error.validator_value
    template = _TEXTS.get(str(error.validator))
    if template:
        return template.format(value=show(value), expected=expected)
    if error.validator == "type":
        return f"{show(value)} is not {_type_name(expected)}"
    if error.validator == "enum":
        allowed = ", ".join(show(item) for item in expected)
        suggestion = did_you_mean(str(value), [str(item) for item in expected])
        return f"{show(value)} is not one of {allowed}{suggestion}"
    if error.validator == "not":
        return str(_schema(error).get("description", error.message))
    return error.message


_TEXTS = {
    "const": "must be {expected}, not {value}",
    "minimum": "{value} is below {expected}",
    "exclusiveMinimum": "{value} is not above {expected}",
    "maximum": "{value} is above {expected}",
    "exclusiveMaximum": "{value} is not below {expected}",
    "minLength": "{value} is shorter than {expected} characters",
    "maxLength": "{value} is longer than {expected} characters",
    "minItems": "needs at least {expected} items",
    "maxItems": "has more than {expected} items",
    "minProperties": "needs at least {expected} keys",
    "maxProperties": "has more than {expected} keys",
    "uniqueItems": "holds the same item twice",
}
_TYPES = {
    "integer": "an integer",
    "number": "a number",
    "string": "a string; put it in quotes if it is one",
    "boolean": "true or false",
    "object": "a map",
    "array": "a list",
    "null": "null",
}


def _type_name(expected: str | list[str]) -> str:
    names = [expected] if isinstance(expected, str) else expected
    return " or ".join(_TYPES[name] for name in names)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'postgres'?`, or nothing."""
    from difflib import get_close_matches

    folded = {name.lower().replace("_", "").replace("-", ""): name for name in known}
    plain = word.lower().replace("_", "").replace("-", "")
    close = get_close_matches(plain, folded, n=1, cutoff=0.7)
    return f"; did you mean '{folded[close[0]]}'?" if close else ""


def show(value: Any) -> str:
    """A value as a message prints it: on one line, short, nothing that a terminal obeys."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = value.encode("unicode_escape").decode("ascii")
        return f"'{text[:57]}…'" if len(text) > 58 else f"'{text}'"
    return "null" if value is None else str(value)
