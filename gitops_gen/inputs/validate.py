"""Validates values with the JSON Schema. Every error has the position of the invalid value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gitops_gen.inputs import wording
from gitops_gen.inputs.image_names import REPOSITORY, repository_problem
from gitops_gen.inputs.layers import Nulls
from gitops_gen.inputs.networks import CIDR, network_problem
from gitops_gen.inputs.quick_check import compiled, is_certainly_valid
from gitops_gen.inputs.schema import parts
from gitops_gen.model import Environment, FieldPath, Finding, Path, Position, Rule, Values, dotted
from gitops_gen.secrets.places import NOT_SHOWN, is_sensitive, refused_key_may_be_shown

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

RULE = Rule(
    "schema",
    title="Values match the schema",
    why="A misspelled key or a value of the wrong type would be ignored, or would cause an error "
    "in Helm or the API server.",
    remedy="Correct the key or the value. `gitops-gen schema` prints every key with its type, and "
    "docs/values.md describes them.",
)


@dataclass(frozen=True)
class Validation:
    """One schema, and the findings about values that do not match it."""

    schema: Values

    def findings(self, environment: Environment, nulls: Nulls) -> list[Finding]:
        """Returns the findings in the order of the files.

        `nulls` are the keys that null removed; some of them may be misspelled.
        """
        findings = set(_nulls_without_effect(self.schema, environment, nulls))
        if not is_certainly_valid(environment.values, self.schema):
            schema_errors = _SchemaErrors(self.schema, environment, nulls)
            errors = list(self._validator.iter_errors(environment.values))
            for error in _without_errors_under_hidden_keys(errors):
                findings |= set(schema_errors.findings(error))
        return sorted(findings, key=lambda finding: (finding.position, finding.message))

    @cached_property
    def _validator(self) -> Validator:
        return validator(self.schema)


def _without_errors_under_hidden_keys(
    errors: Sequence[ValidationError],
) -> Iterator[ValidationError]:
    """Yields the errors, except those whose paths contain an invalid key that is not shown."""
    hidden = {tuple(e.absolute_path) for e in errors if _is_of_key(e) and not _may_show_key(e)}
    for error in errors:
        path = tuple(error.absolute_path)
        # The error of the key has the path of the key's value.
        ends = range(len(path) if _is_of_key(error) else len(path) + 1)
        if not any(path[:end] in hidden for end in ends):
            yield error


def _is_of_key(error: ValidationError) -> bool:
    return "propertyNames" in error.absolute_schema_path


def _may_show_key(error: ValidationError) -> bool:
    return refused_key_may_be_shown(tuple(error.absolute_path)[:-1], str(error.instance))


def validator(schema: Values) -> Validator:
    """Returns a 2020-12 validator whose `pattern` has the semantics of Go and ECMAScript."""
    from jsonschema import Draft202012Validator, validators

    keywords = {
        "pattern": _pattern,
        "format": _format,
        "propertyNames": _property_names,
        "required": _required,
    }
    extend: Any = validators.extend
    built: Validator = extend(Draft202012Validator, keywords)(schema)
    return built


def _pattern(_: Any, pattern: str, instance: Any, schema: Values) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    # Another error reports a string that is too long, for which a pattern may be slow.
    if not isinstance(instance, str) or len(instance) > schema.get("maxLength", len(instance)):
        return
    if not compiled(pattern).search(instance):
        yield ValidationError(pattern)


def _format(_: Any, name: str, instance: Any, schema: Values) -> Iterator[Any]:
    """Yields an error whose message describes the problem with the address range."""
    from jsonschema.exceptions import ValidationError

    without = {keyword: value for keyword, value in schema.items() if keyword != "format"}
    # Other errors report a string that does not have the form of an address range.
    if name == CIDR and isinstance(instance, str) and is_certainly_valid(instance, without):
        problem = network_problem(instance)
        if problem is not None:
            yield ValidationError(problem)


def _property_names(validator: Any, names: Values, instance: Any, _: Values) -> Iterator[Any]:
    for key in instance if isinstance(instance, dict) else ():
        for error in validator.descend(instance=key, schema=names):
            # The error belongs to the key: report it there, not at the map that contains it.
            error.path.appendleft(key)
            yield error


def _required(_: Any, required: list[str], instance: Any, __: Values) -> Iterator[Any]:
    """Yields errors whose message is the missing key."""
    from jsonschema.exceptions import ValidationError

    for key in required if isinstance(instance, dict) else ():
        if key not in instance:
            yield ValidationError(key)


def _nulls_without_effect(
    schema: Values, environment: Environment, nulls: Nulls
) -> Iterator[Finding]:
    """Yields findings for nulls without effect under unknown keys, which are probably typos.

    Maps without a schema contain the values of upstream charts. A null in them has an effect: it
    removes a default of the chart.
    """
    for path, null in nulls.items():
        if null.hides_lower or (above := _at(environment.values, path[:-1])) is None:
            continue
        key = str(path[-1])
        schemas = parts(schema, path[:-1])
        maps = [item for item in schemas if "properties" in item]
        if any(key in item["properties"] for item in maps):
            continue
        if parts(schema, path):
            hint = "" if is_sensitive(path[:-1]) else wording.did_you_mean(key, above)
            text = f"null has no effect: no lower layer has this key{hint}"
            yield _refused_key(path, text, null.mark.key)
        elif maps:
            text = wording.unknown_key(key, maps[0])
            yield _refused_key(path, text, null.mark.key, wording.known_keys(maps[0]))


def _refused_key(path: Path, message: str, place: Position, keys: Iterable[str] = ()) -> Finding:
    """Returns a finding about an invalid key; `keys` are the keys in the schema."""
    field = wording.path_of_unknown(path, keys)
    return Finding(RULE, f"{field}: {message}", place, field=field)


def _at(values: Any, path: Path) -> Any:
    """Returns the map at `path`; None inside a list."""
    for part in path:
        if not isinstance(values, dict) or part not in values:
            return None
        values = values[part]
    return values


@dataclass(frozen=True)
class _SchemaErrors:
    """Converts errors of jsonschema to findings about an environment."""

    schema: Values
    environment: Environment
    nulls: Nulls

    def findings(self, error: ValidationError) -> Iterator[Finding]:
        path: Path = tuple(error.absolute_path)
        kind = error.validator
        if kind == "additionalProperties" and isinstance(error.instance, dict):
            yield from self._unknown(path, error)
        elif kind == "required":
            missing = (*path, error.message)
            yield self._misspelled_entry(missing) or self._missing(missing, _schema(error))
        elif kind == "uniqueItems":
            item_path = (*path, _second_of_a_pair(error.instance))
            yield self.environment.finding(RULE, item_path, "is in the list twice; remove one")
        elif kind in ("oneOf", "anyOf") and error.context:
            yield from self._closest(error.context)
        else:
            yield self._refused_value(path, error)

    def _unknown(self, path: Path, error: ValidationError) -> Iterator[Finding]:
        schema = _schema(error)
        properties, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        keys: Any = error.instance
        for key in keys:
            if key not in properties and not any(compiled(p).search(key) for p in patterns):
                place = self.environment.place((*path, key), key=True)
                text = wording.unknown_key(key, schema)
                yield _refused_key((*path, key), text, place, wording.known_keys(schema))

    def _refused_value(self, path: Path, error: ValidationError) -> Finding:
        if _is_of_key(error):
            text = _text(error, shown=_may_show_key(error))
            return _refused_key(path, text, self.environment.place(path, key=True))
        shown = self.environment.hidden.shows(path, error.instance)
        return self.environment.finding(RULE, path, _text(error, shown=shown))

    def _misspelled_entry(self, missing: Path) -> Finding | None:
        """Returns a finding about an incomplete entry with a name similar to that of another entry.

        The name of a tier, for example, is probably misspelled if no layer sets its image.
        """
        for end in range(1, len(missing)):
            entry, below = missing[:end], missing[end:]
            siblings = _at(self.environment.values, entry[:-1])
            if not isinstance(siblings, dict) or self._is_property(entry):
                continue
            complete = [name for name, one in siblings.items() if _has(one, below)]
            if hint := wording.did_you_mean(str(entry[-1]), complete):
                text = f"{dotted(entry)}: is a new entry without {dotted(below)}{hint}"
                place = self.environment.place(entry, key=True)
                return Finding(RULE, text, place, field=FieldPath(entry))
        return None

    def _is_property(self, path: Path) -> bool:
        """Whether the schema names this key, so that the user did not choose it."""
        maps = parts(self.schema, path[:-1])
        return any(path[-1] in one.get("properties", {}) for one in maps)

    def _missing(self, path: Path, schema: Values) -> Finding:
        described = wording.described_as(schema.get("properties", {}).get(path[-1], {}))
        if path in self.nulls:
            message = f"{dotted(path)}: is required, but null removes it{described}"
            return Finding(RULE, message, self.nulls[path].mark.value, field=FieldPath(path))
        return self.environment.finding(RULE, path, f"is required{described}")

    def _closest(self, context: Iterable[ValidationError]) -> Iterator[Finding]:
        """Yields the findings of the closest alternative, which is the one with fewest errors."""
        branches: dict[Any, list[ValidationError]] = {}
        for part in context:
            branches.setdefault(part.relative_schema_path[0], []).append(part)
        closest = min(branches.values(), key=lambda errors: (_wrong_type(errors), len(errors)))
        for part in closest:
            yield from self.findings(part)


def _schema(error: ValidationError) -> Values:
    """The schema that the error comes from."""
    return error.schema if isinstance(error.schema, dict) else {}


def _has(entry: Any, path: Path) -> bool:
    above = _at(entry, path[:-1])
    return isinstance(above, dict) and path[-1] in above


def _wrong_type(errors: Iterable[ValidationError]) -> bool:
    return any(error.validator == "type" and not error.relative_path for error in errors)


def _second_of_a_pair(items: Any) -> int:
    return next(i for i, item in enumerate(items) if item in items[:i])


def _text(error: ValidationError, *, shown: bool) -> str:
    """Returns the message. For a hidden value or key, it states only what is expected."""
    value: Any = error.instance
    expected: Any = error.validator_value
    keyword = str(error.validator)
    text = wording.show(value) if shown else NOT_SHOWN
    if limit := wording.outside_limit(keyword, text, expected):
        return limit
    if keyword == "type":
        return wording.wrong_type(value, text, expected) + wording.content(_schema(error))
    if keyword == "format":
        return f"{text} {error.message if shown else 'is not an address range'}"
    if keyword == "pattern":
        if shown and _schema(error).get("format") == REPOSITORY:
            return _wrong_repository(value)
        return wording.pattern_mismatch(text, expected, _schema(error))
    if keyword in ("enum", "const"):
        return wording.not_one_of(value, text, expected if keyword == "enum" else [expected])
    return f"{text} is not allowed here{wording.described_as(_schema(error))}"


def _wrong_repository(text: str) -> str:
    """Returns the message. The text before an '@' may be credentials, and is not shown."""
    shown = NOT_SHOWN if "@" in text else wording.show(text)
    return f"{shown} {repository_problem(text)}"
