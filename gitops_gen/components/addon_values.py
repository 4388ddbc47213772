"""The values of an add-on that other components rely on, and how user values are merged with them.

Usually the user's values are merged over those of gitops-gen like layers: maps merge, all other
values replace. That must not remove values that other components rely on, so an add-on declares
exceptions: values that cannot be changed, and lists to which the user's entries are appended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, cast

from gitops_gen.model import Path, Values

Keys: TypeAlias = tuple[str, ...]


HARDENING = "a list of capabilities to drop replaces the default list deliberately"


class Fixed(NamedTuple):
    """A value that other components rely on. A different value is an error."""

    path: str
    """The keys below the add-on's `values`, separated by dots. Of a map, each entry is fixed."""
    reason: str
    chart: Any = None
    """The value, if it is the default of the chart and gitops-gen does not set it."""


OWN_NAMESPACE = "the AppProject does not allow this add-on in other namespaces"
SERVICE_ACCOUNT_OF_THE_CHART = Fixed(
    "serviceAccount.create",
    "Terraform binds the IAM role to this ServiceAccount, which only the chart creates",
    chart=True,
)


class FixedInItems(NamedTuple):
    """A value that other components rely on, and that items of a list could override."""

    path: str
    """The keys of the list or map below the add-on's `values`, separated by dots."""
    below: str
    """The keys below an item, separated by dots. If it is absent, the chart's default applies."""
    reason: str
    chart: Any


class Appended(NamedTuple):
    """A list of gitops-gen to which the user's entries are appended."""

    path: str
    reason: str


class Replaceable(NamedTuple):
    """A list of gitops-gen that the user's list replaces, like any list in values."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """The exceptions of an add-on, and a decision for each list in its default values."""

    fixed: tuple[Fixed, ...] = ()
    fixed_in_items: tuple[FixedInItems, ...] = ()
    appended: tuple[Appended, ...] = ()
    replaceable: tuple[Replaceable, ...] = ()

    def combined(self, defaults: Values, merged_values: Values) -> Values:
        """Returns the values for the chart; `merged_values` are the user's over the defaults."""
        for path, _ in self.appended:
            keys = _keys(path)
            added, present = lookup(defaults, *keys), lookup(merged_values, *keys)
            if isinstance(present, list):
                appended = [*added, *(item for item in present if item not in added)]
                merged_values = _with(merged_values, keys, appended)
        return merged_values

    def problems(self, defaults: Values, merged_values: Values) -> dict[Path, str]:
        """Returns messages about user values that are not allowed, by the path below `values`."""
        problems: dict[Path, str] = {}
        for fixed in self.fixed:
            for path, text in _changed(fixed, defaults, merged_values):
                problems.setdefault(path, text)
        for fixed_in_items in self.fixed_in_items:
            for path, text in _changed_in_items(fixed_in_items, merged_values):
                problems.setdefault(path, text)
        for appended in self.appended:
            for path, text in _lost(appended, defaults, merged_values):
                problems.setdefault(path, text)
        return problems


def _changed_in_items(fixed: FixedInItems, merged_values: Values) -> Iterator[tuple[Path, str]]:
    """Yields problems in the items of a list or a map, over which templates range alike."""
    keys = _keys(fixed.path)
    collection = lookup(merged_values, *keys)
    is_map = isinstance(collection, dict)
    items = collection.items() if is_map else enumerate(collection or ())
    for place, item in items:
        for below, text in _changed(Fixed(fixed.below, fixed.reason, fixed.chart), {}, item):
            yield (*keys, place, *below), text


def _changed(fixed: Fixed, defaults: Values, merged_values: Values) -> Iterator[tuple[Path, str]]:
    keys = _keys(fixed.path)
    expected = lookup(defaults, *keys) if fixed.chart is None else fixed.chart
    for below, wanted in _leaves(expected):
        path = (*keys, *below)
        reached, value = _reached(merged_values, path)
        left_to_the_chart = reached != path and fixed.chart is not None
        if reached != path and not isinstance(value, dict):
            yield reached, _not_a_map(path, reached, fixed.reason)
        elif not left_to_the_chart and not (reached == path and _same(value, wanted)):
            yield path, f"must be {_shown(wanted)}, because {fixed.reason}"


def _lost(
    appended: Appended, defaults: Values, merged_values: Values
) -> Iterator[tuple[Path, str]]:
    path, reason = _keys(appended.path), appended.reason
    reached, value = _reached(merged_values, path)
    if reached != path and not isinstance(value, dict):
        yield reached, _not_a_map(path, reached, f"gitops-gen adds entries ({reason})")
    elif reached != path:
        text = f"null would remove the entries of gitops-gen ({reason})"
        yield path, f"{text}; write [] to add no entries"
    elif not isinstance(value, list):
        text = f"must be a list, because its entries are appended to those of gitops-gen ({reason})"
        yield path, text
    else:
        yield from _duplicates(path, lookup(defaults, *path), value)


def _duplicates(path: Keys, required: list[Any], present: list[Any]) -> Iterator[tuple[Path, str]]:
    """Yields user objects that the entries of gitops-gen already create."""
    for index, item in enumerate(present):
        if item not in required and any(_is_same_object(item, one) for one in required):
            name = f"{item['kind']} '{item['metadata']['name']}'"
            text = f"gitops-gen already creates {name}; rename your object, or remove it"
            yield (*path, index), text


def _is_same_object(left: Any, right: Any) -> bool:
    """Compares kind, name and namespace. Without a namespace, an object is in the release's."""
    if lookup(right, "kind") is None:
        return False
    named = all(lookup(left, *keys) == lookup(right, *keys) for keys in _NAMES)
    spaces = [lookup(item, "metadata", "namespace") for item in (left, right)]
    return named and (None in spaces or bool(spaces[0] == spaces[1]))


_NAMES = (("kind",), ("metadata", "name"))


def _not_a_map(path: Keys, reached: Keys, reason: str) -> str:
    below = ".".join(path[len(reached) :])
    return f"must be a map that contains {below}, because {reason}"


def _keys(path: str) -> Keys:
    return tuple(path.split("."))


def _leaves(value: Any) -> Iterator[tuple[Keys, Any]]:
    """Yields the scalars of a map with their keys; an empty map or another value as a whole."""
    if not isinstance(value, dict) or not value:
        yield (), value
        return
    for key, item in value.items():
        yield from (((key, *below), leaf) for below, leaf in _leaves(item))


def _reached(values: Any, path: Keys) -> tuple[Keys, Any]:
    """Returns the longest prefix of `path` that exists, and the value there."""
    for depth, key in enumerate(path):
        if not isinstance(values, dict) or key not in values:
            return path[:depth], values
        values = values[key]
    return path, values


def _same(left: Any, right: Any) -> bool:
    """Whether both are equal. Unlike ==, this distinguishes 1 and true."""
    return type(left) is type(right) and bool(left == right)


def _with(values: Values, keys: Keys, value: Any) -> Values:
    key, rest = keys[0], keys[1:]
    return {**values, key: _with(values[key], rest, value) if rest else value}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "empty" if value in ("", {}) else f"'{value}'"


def merged(lower: Values, upper: Values) -> Values:
    """Merges like layers: maps key by key, all other values replace."""
    result = dict(lower)
    for key, value in upper.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(cast(Values, below), value) if both else value
    return result


def lookup(values: Any, *keys: str) -> Any:
    """Returns the value at a path of keys in a chart's values, or None if it does not exist."""
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def lists(values: Any, path: Keys = ()) -> Iterator[Keys]:
    """Yields the path of every list in a chart's values, except those in lists."""
    for key, below in values.items() if isinstance(values, dict) else ():
        if isinstance(below, list):
            yield (*path, key)
        yield from lists(below, (*path, key))
