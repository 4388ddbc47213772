"""Values against the schema: every error at the line that wrote the offending value."""

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
from gitops_gen.secrets.places import NOT_SHOWN, is_sensitive, looks_secret

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

RULE = Rule(
    "schema",
    title="Values match the schema",
    why="A misspelled key or a value of the wrong type would be ignored, or would be refused "
    "later by Helm or by the API server.",
    remedy="Correct the key or the value. `gitops-gen schema` prints every key with its type, and "
    "docs/values.md describes them.",
)


@dataclass(frozen=True)
class Validation:
    """One schema; what it refuses of values, in the order of the files."""

    schema: Values

    def findings(self, environment: Environment, nulls: Nulls) -> list[Finding]:
        """`nulls` are what was removed from the values: a typo of a key may be among them."""
        found = set(_idle_nulls(self.schema, environment, nulls))
        if not is_certainly_valid(environment.values, self.schema):
            view = _View(environment, nulls)
            for error in _told(list(self._validator.iter_errors(environment.values))):
                found |= set(view.findings(error))
        return sorted(found, key=lambda finding: (finding.position, finding.message))

    @cached_property
    def _validator(self) -> Validator:
        return validator(self.schema)


def _told(errors: Sequence[ValidationError]) -> Iterator[ValidationError]:
    """Without what lies under a key that is refused itself and is not shown: its path would."""
    refused = {tuple(e.absolute_path) for e in errors if _of_name(e) and not _shows_name(e)}
    for error in errors:
        path = tuple(error.absolute_path)
        # The key's own error has the path of the key's value.
        above = range(len(path) if _of_name(error) else len(path) + 1)
        if not any(path[:end] in refused for end in above):
            yield error


def _of_name(error: ValidationError) -> bool:
    return "propertyNames" in error.absolute_schema_path


def _shows_name(error: ValidationError) -> bool:
    above = tuple(error.absolute_path)[:-1]
    return not is_sensitive(above) and not looks_secret(str(error.instance))


def validator(schema: Values) -> Validator:
    """A 2020-12 validator whose `pattern` means what Go's and ECMA's mean."""
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

    # What is too long is told so; a pattern may take long to refuse it.
    if not isinstance(instance, str) or len(instance) > schema.get("maxLength", len(instance)):
        return
    if not compiled(pattern).search(instance):
        yield ValidationError(pattern)


def _format(_: Any, name: str, instance: Any, schema: Values) -> Iterator[Any]:
    """The message of the error says what is wrong."""
    from jsonschema.exceptions import ValidationError

    without = {keyword: value for keyword, value in schema.items() if keyword != "format"}
    # What does not even look like one is told so already.
    if name == CIDR and isinstance(instance, str) and is_certainly_valid(instance, without):
        problem = network_problem(instance)
        if problem is not None:
            yield ValidationError(problem)


def _property_names(validator: Any, names: Values, instance: Any, _: Values) -> Iterator[Any]:
    for key in instance if isinstance(instance, dict) else ():
        for error in validator.descend(instance=key, schema=names):
            # The error belongs to the key: report it there, not at the map that holds it.
            error.path.appendleft(key)
            yield error


def _required(_: Any, required: list[str], instance: Any, __: Values) -> Iterator[Any]:
    """The message of the error is the missing key."""
    from jsonschema.exceptions import ValidationError

    for key in required if isinstance(instance, dict) else ():
        if key not in instance:
            yield ValidationError(key)


def _idle_nulls(schema: Values, environment: Environment, nulls: Nulls) -> Iterator[Finding]:
    """A null that removes nothing, under a key that the schema does not name: a typo."""
    for path, null in nulls.items():
        if null.cut or (above := _at(environment.values, path[:-1])) is None:
            continue
        key = str(path[-1])
        properties = [one["properties"] for one in parts(schema, path[:-1]) if "properties" in one]
        if any(key in known for known in properties):
            continue
        if parts(schema, path) or not properties:
            hint = "" if is_sensitive(path[:-1]) else wording.did_you_mean(key, above)
            text = f"null removes nothing: no lower layer has this key{hint}"
            yield _of_key(path, text, null.mark.key)
        else:
            text = wording.unknown_key(key, properties[0])
            yield _of_key(path, text, null.mark.key, properties[0])


def _of_key(path: Path, message: str, place: Position, known: Iterable[str] = ()) -> Finding:
    """Of a key that the schema refuses; `known` are those that it has there."""
    field = wording.path_of_unknown(path, known)
    return Finding(RULE, f"{field}: {message}", place, field=field)


def _at(values: Any, path: Path) -> Any:
    """The map at `path`; None in a list, whose items have nothing beneath them."""
    for part in path:
        if not isinstance(values, dict) or part not in values:
            return None
        values = values[part]
    return values


@dataclass(frozen=True)
class _View:
    """jsonschema's errors as findings about an environment."""

    environment: Environment
    nulls: Nulls

    def findings(self, error: ValidationError) -> Iterator[Finding]:
        path: Path = tuple(error.absolute_path)
        kind = error.validator
        if kind == "additionalProperties" and isinstance(error.instance, dict):
            yield from self._unknown(path, error)
        elif kind == "required":
            yield self._missing((*path, error.message), _schema(error))
        elif kind == "uniqueItems":
            where = (*path, _second_of_a_pair(error.instance))
            yield self.environment.finding(RULE, where, "is in the list twice; remove one")
        elif kind in ("oneOf", "anyOf") and error.context:
            yield from self._closest(error.context)
        else:
            yield self._misfit(path, error)

    def _unknown(self, path: Path, error: ValidationError) -> Iterator[Finding]:
        known = _schema(error).get("properties", {})
        patterns = _schema(error).get("patternProperties", {})
        keys: Any = error.instance
        for key in keys:
            if key not in known and not any(compiled(p).search(key) for p in patterns):
                place = self.environment.place((*path, key), key=True)
                yield _of_key((*path, key), wording.unknown_key(key, known), place, known)

    def _misfit(self, path: Path, error: ValidationError) -> Finding:
        if _of_name(error):
            text = _text(error, shown=_shows_name(error))
            return _of_key(path, text, self.environment.place(path, key=True))
        shown = self.environment.hidden.shows(path, error.instance)
        return self.environment.finding(RULE, path, _text(error, shown=shown))

    def _missing(self, path: Path, schema: Values) -> Finding:
        described = wording.described_as(schema.get("properties", {}).get(path[-1], {}))
        if path in self.nulls:
            message = f"{dotted(path)}: is required, null removes it{described}"
            return Finding(RULE, message, self.nulls[path].mark.value, field=FieldPath(path))
        return self.environment.finding(RULE, path, f"is required{described}")

    def _closest(self, context: Iterable[ValidationError]) -> Iterator[Finding]:
        """The errors of the alternative that fits best: the one with the fewest of them."""
        branches: dict[Any, list[ValidationError]] = {}
        for part in context:
            branches.setdefault(part.relative_schema_path[0], []).append(part)
        best = min(branches.values(), key=lambda found: (_wrong_type(found), len(found)))
        for part in best:
            yield from self.findings(part)


def _schema(error: ValidationError) -> Values:
    """The schema that the error comes from."""
    return error.schema if isinstance(error.schema, dict) else {}


def _wrong_type(errors: Iterable[ValidationError]) -> bool:
    return any(error.validator == "type" and not error.relative_path for error in errors)


def _second_of_a_pair(items: Any) -> int:
    return next(i for i, item in enumerate(items) if item in items[:i])


def _text(error: ValidationError, *, shown: bool) -> str:
    """Of a value (or a key) that is not shown, this says what is expected and no more."""
    value: Any = error.instance
    expected: Any = error.validator_value
    keyword = str(error.validator)
    text = wording.show(value) if shown else NOT_SHOWN
    if limit := wording.outside_limit(keyword, text, expected):
        return limit
    if keyword == "type":
        return wording.wrong_type(value, text, expected) + wording.example(_schema(error))
    if keyword == "format":
        return f"{text} {error.message if shown else 'is no address range'}"
    if keyword == "pattern":
        if shown and _schema(error).get("format") == REPOSITORY:
            return _wrong_repository(value)
        return wording.misfit(text, expected, _schema(error))
    if keyword in ("enum", "const"):
        return wording.not_one_of(value, text, expected if keyword == "enum" else [expected])
    return f"{text} is not allowed here{wording.described_as(_schema(error))}"


def _wrong_repository(text: str) -> str:
    """What stands before an '@' may be credentials, and is not repeated."""
    shown = NOT_SHOWN if "@" in text else wording.show(text)
    return f"{shown} {repository_problem(text)}"
