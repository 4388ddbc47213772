"""What changes in a CustomResourceDefinition: its versions, and the fields of their schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gitops_gen.changes.result import ObjectDifference
from gitops_gen.model import Values, dotted
from gitops_gen.objects.plain import as_list, as_map, value_at

CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")
_UPPER = ("maximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "minLength", "minItems", "minProperties")
_MOST_NAMES = 6
_KEEPS_UNKNOWN = "x-kubernetes-preserve-unknown-fields"

_FieldNames = tuple[str, ...]
"""The names on the path of a field; `[]` is an item of a list, `*` a value of a map."""
_Fields = Mapping[_FieldNames, Values]
"""The schemas of all fields."""


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """The fields of one version that differ, each as a path such as `spec.rules[].host`."""

    version: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    restricted: tuple[str, ...]
    """Fields with a stricter rule: required, another type, fewer values or a narrower limit."""


@dataclass(frozen=True, slots=True)
class DefinitionChanges:
    """The changes of a definition that both revisions have."""

    added: tuple[str, ...]
    """The versions that only the new definition serves."""
    removed: tuple[str, ...]
    """The versions that only the old definition serves."""
    stored: tuple[str, str]
    """The version in which objects are stored, before and after."""
    versions: tuple[VersionChanges, ...]

    @classmethod
    def of(cls, difference: ObjectDifference) -> DefinitionChanges:
        old, new = _versions(difference.old), _versions(difference.new)
        served = [[n for n, one in every.items() if one.get("served")] for every in (old, new)]
        changes = (_of_version(name, old[name], new[name]) for name in new if name in old)
        return cls(
            tuple(name for name in served[1] if name not in served[0]),
            tuple(name for name in served[0] if name not in served[1]),
            (_stored(old), _stored(new)),
            tuple(one for one in changes if one.added or one.removed or one.restricted),
        )


def first_of(names: Sequence[str]) -> str:
    """Returns the first names of a list, and the number of the others."""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _versions(definition: Values) -> dict[str, Values]:
    versions = map(as_map, as_list(value_at(definition, "spec", "versions")))
    return {str(one.get("name")): one for one in versions}


def _stored(versions: Mapping[str, Values]) -> str:
    return next((name for name, one in versions.items() if one.get("storage")), "")


def _of_version(name: str, old: Values, new: Values) -> VersionChanges:
    before, after = (
        dict(_fields(as_map(value_at(one, "schema", "openAPIV3Schema")), ())) for one in (old, new)
    )
    removed = (path for path in _outermost(before, after) if not _stores_unknown(path, after))
    both = (path for path in after if path in before)
    restricted = (path for path in both if _is_restricted(path, before, after))
    return VersionChanges(
        name,
        tuple(map(_shown, _outermost(after, before))),
        tuple(map(_shown, removed)),
        tuple(map(_shown, restricted)),
    )


def _fields(schema: Values, path: _FieldNames) -> Iterator[tuple[_FieldNames, Values]]:
    yield path, schema
    for name, below in as_map(schema.get("properties")).items():
        yield from _fields(as_map(below), (*path, name))
    if isinstance(schema.get("items"), dict):
        yield from _fields(schema["items"], (*path, "[]"))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _fields(schema["additionalProperties"], (*path, "*"))


def _outermost(fields: _Fields, compared: _Fields) -> Iterator[_FieldNames]:
    """Yields the fields that the compared schema lacks, without those in a field it lacks too."""
    yield from (path for path in fields if path not in compared and path[:-1] in compared)


def _stores_unknown(path: _FieldNames, fields: _Fields) -> bool:
    """Whether the schema stores an unknown field at this path."""
    above = (fields.get(path[:length], {}) for length in range(len(path)))
    return any(schema.get(_KEEPS_UNKNOWN) is True for schema in above)


def _is_restricted(path: _FieldNames, before: _Fields, after: _Fields) -> bool:
    """Whether a value that was valid may be refused now."""
    old, new = before[path], after[path]
    above = path[:-1]
    return (
        (bool(path) and _is_required(path, after[above]) and not _is_required(path, before[above]))
        or old.get("type") != new.get("type")
        or ("pattern" in new and old.get("pattern") != new["pattern"])
        or ("enum" in new and not _is_subset(old.get("enum"), new["enum"]))
        or any(name in new and not _is_within(old.get(name), new[name]) for name in _UPPER)
        or any(name in new and not _is_within(new[name], old.get(name)) for name in _LOWER)
    )


def _is_required(path: _FieldNames, above: Values) -> bool:
    return path[-1] in as_list(above.get("required"))


def _is_subset(old: object, new: object) -> bool:
    return old is not None and set(map(str, as_list(old))) <= set(map(str, as_list(new)))


def _is_within(inner: object, outer: object) -> bool:
    """Whether one number is at most another. A limit that is missing is within no other one."""
    both_numbers = isinstance(inner, int | float) and isinstance(outer, int | float)
    return both_numbers and inner <= outer  # type: ignore[operator]


def _shown(path: _FieldNames) -> str:
    return dotted(path).replace('."[]"', "[]") or "the whole object"
