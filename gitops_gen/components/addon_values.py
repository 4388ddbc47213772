"""Which of an add-on's values the platform relies on, and what becomes of the user's there.

Elsewhere the user's values lie over ours as one layer over another: maps merge, all else is
replaced. That must not remove what the platform relies on, so an add-on declares exceptions:
values that stay, and lists that the user's entries are appended to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, cast

from gitops_gen.model import Path, Values

Keys: TypeAlias = tuple[str, ...]


HARDENING = "who names the capabilities to drop takes over the decision"


class Fixed(NamedTuple):
    """A value that the rest of the platform relies on; another one is refused."""

    path: str
    """Keys joined by dots, below the add-on's `values`. Of a map, each entry stays."""
    reason: str
    chart: Any = None
    """The value, where it is the chart's own default and ours do not repeat it."""


class FixedInItems(NamedTuple):
    """A value that the platform relies on, and that the items of a list would override."""

    path: str
    """Keys joined by dots, below the add-on's `values`: the list, or a map in its place."""
    below: str
    """Keys joined by dots, below an item. An item without it leaves it to the chart."""
    reason: str
    chart: Any


class Appended(NamedTuple):
    """A list of ours: the user's entries come after our own, and never replace them."""

    path: str
    reason: str


class Replaceable(NamedTuple):
    """A list of ours that the user's list replaces, as everywhere in values."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """An add-on's exceptions, and a decision for each list that our values hold."""

    fixed: tuple[Fixed, ...] = ()
    fixed_in_items: tuple[FixedInItems, ...] = ()
    appended: tuple[Appended, ...] = ()
    replaceable: tuple[Replaceable, ...] = ()

    def combined(self, ours: Values, laid: Values) -> Values:
        """What the chart is given; `laid` are the user's values over ours."""
        for path, _ in self.appended:
            keys = _keys(path)
            added, present = lookup(ours, *keys), lookup(laid, *keys)
            if isinstance(present, list):
                laid = _with(laid, keys, [*added, *(item for item in present if item not in added)])
        return laid

    def problems(self, ours: Values, laid: Values) -> dict[Path, str]:
        """What is refused of the user's values: the path below `values`, and why."""
        problems: dict[Path, str] = {}
        for fixed in self.fixed:
            for path, text in _changed(fixed, ours, laid):
                problems.setdefault(path, text)
        for fixed_in_items in self.fixed_in_items:
            for path, text in _changed_in_items(fixed_in_items, laid):
                problems.setdefault(path, text)
        for appended in self.appended:
            for path, text in _lost(appended, ours, laid):
                problems.setdefault(path, text)
        return problems


def _changed_in_items(fixed: FixedInItems, laid: Values) -> Iterator[tuple[Path, str]]:
    """Templates go through the values of a map as they go through the items of a list."""
    keys = _keys(fixed.path)
    found = lookup(laid, *keys)
    items = found.items() if isinstance(found, dict) else enumerate(found or ())
    for place, item in items:
        for below, text in _changed(Fixed(fixed.below, fixed.reason, fixed.chart), {}, item):
            yield (*keys, place, *below), text


def _changed(fixed: Fixed, ours: Values, laid: Values) -> Iterator[tuple[Path, str]]:
    keys = _keys(fixed.path)
    whole = lookup(ours, *keys) if fixed.chart is None else fixed.chart
    for below, wanted in _leaves(whole):
        path = (*keys, *below)
        reached, value = _reached(laid, path)
        left_to_the_chart = reached != path and fixed.chart is not None
        if reached != path and not isinstance(value, dict):
            yield reached, _no_map(path, reached, fixed.reason)
        elif not left_to_the_chart and not (reached == path and _same(value, wanted)):
            yield path, f"must stay {_shown(wanted)}: {fixed.reason}"


def _lost(appended: Appended, ours: Values, laid: Values) -> Iterator[tuple[Path, str]]:
    path, reason = _keys(appended.path), appended.reason
    reached, value = _reached(laid, path)
    if reached != path and not isinstance(value, dict):
        yield reached, _no_map(path, reached, reason)
    elif reached != path:
        text = f"null would remove gitops-gen's own entries ({reason})"
        yield path, f"{text}; write [] to add none of your own"
    elif not isinstance(value, list):
        yield path, f"must stay a list, which begins with gitops-gen's own entries: {reason}"
    else:
        yield from _taken(path, lookup(ours, *path), value)


def _taken(path: Keys, required: list[Any], present: list[Any]) -> Iterator[tuple[Path, str]]:
    """Objects of the user's that would be made twice: once from each of the two lists."""
    for index, item in enumerate(present):
        if item not in required and any(_is_same_object(item, one) for one in required):
            name = f"{item['kind']} '{item['metadata']['name']}'"
            text = f"gitops-gen makes {name} already; give yours another name, or remove it"
            yield (*path, index), text


def _is_same_object(left: Any, right: Any) -> bool:
    """By kind and name; an object that names no namespace is in the release's, as ours are."""
    if lookup(right, "kind") is None:
        return False
    named = all(lookup(left, *keys) == lookup(right, *keys) for keys in _NAMES)
    spaces = [lookup(item, "metadata", "namespace") for item in (left, right)]
    return named and (None in spaces or bool(spaces[0] == spaces[1]))


_NAMES = (("kind",), ("metadata", "name"))


def _no_map(path: Keys, reached: Keys, reason: str) -> str:
    return f"must stay a map, with {'.'.join(path[len(reached) :])} in it: {reason}"


def _keys(path: str) -> Keys:
    return tuple(path.split("."))


def _leaves(value: Any) -> Iterator[tuple[Keys, Any]]:
    """The scalars of a map with their keys; anything else (and an empty map) as it is."""
    if not isinstance(value, dict) or not value:
        yield (), value
        return
    for key, item in value.items():
        yield from (((key, *below), leaf) for below, leaf in _leaves(item))


def _reached(values: Any, path: Keys) -> tuple[Keys, Any]:
    """How far `path` leads, and what is there."""
    for depth, key in enumerate(path):
        if not isinstance(values, dict) or key not in values:
            return path[:depth], values
        values = values[key]
    return path, values


def _same(left: Any, right: Any) -> bool:
    """Unlike ==, this tells 1 from true."""
    return type(left) is type(right) and bool(left == right)


def _with(values: Values, keys: Keys, value: Any) -> Values:
    key, rest = keys[0], keys[1:]
    return {**values, key: _with(values[key], rest, value) if rest else value}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "empty" if value in ("", {}) else f"'{value}'"


def merged(lower: Values, upper: Values) -> Values:
    """As layers merge: maps key by key, all else is replaced."""
    result = dict(lower)
    for key, value in upper.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(cast(Values, below), value) if both else value
    return result


def lookup(values: Any, *keys: str) -> Any:
    """The value at a path of keys in a chart's values, None where there is no such thing."""
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def lists(values: Any, path: Keys = ()) -> Iterator[Keys]:
    """The path of every list in a chart's values, those within lists left out."""
    for key, below in values.items() if isinstance(values, dict) else ():
        if isinstance(below, list):
            yield (*path, key)
        yield from lists(below, (*path, key))
