"""Compares two objects field by field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from gitops_gen.model import FieldPath, dotted, printable
from gitops_gen.objects.list_types import (
    ALL_BY_POSITION,
    ITEM_DEFAULTS,
    FieldNames,
    ListType,
    ListTypes,
    Matching,
)

_WHOLE_OBJECT = FieldPath()
ItemKeys = tuple[tuple[int, str], ...]
"""The items of a path that are matched by key: the position in the path, and the key as text."""


class FieldDifference(NamedTuple):
    """A field whose values differ. A value is None if the field is missing."""

    path: FieldPath
    """An index is that of the second object, or that of the first one for a removed item."""
    before: object
    after: object
    item_keys: ItemKeys = ()
    reordered: bool = False
    """Whether only the order of the items of this list differs; the values are both lists."""

    @property
    def label(self) -> str:
        """The path with the keys of items in place of their indexes: `containers[nginx].image`."""
        return dotted(self.path.parts, dict(self.item_keys))

    @property
    def names(self) -> FieldNames:
        """The path without indexes."""
        return names_of(self.path)


class _ComparedField(NamedTuple):
    """A field during the comparison."""

    path: FieldPath
    item_keys: ItemKeys
    lists: ListTypes

    def child(self, part: str | int) -> _ComparedField:
        return self._replace(path=self.path.child(part))

    def item(self, index: int, key: str) -> _ComparedField:
        depth = len(self.path.parts)
        return _ComparedField(self.path.child(index), (*self.item_keys, (depth, key)), self.lists)

    def difference(self, before: object, after: object, reordered: bool = False) -> FieldDifference:
        return FieldDifference(self.path, before, after, self.item_keys, reordered)


def differences(
    before: object, after: object, lists: ListTypes = ALL_BY_POSITION
) -> Iterator[FieldDifference]:
    """Yields the fields that differ, each as deep in the objects as both values are comparable.

    `lists` states how the items of lists are matched: by position if it is left out.
    """
    yield from _differences(before, after, _ComparedField(_WHOLE_OBJECT, (), lists))


def names_of(path: FieldPath) -> FieldNames:
    return tuple(part for part in path.parts if isinstance(part, str))


def _differences(before: object, after: object, place: _ComparedField) -> Iterator[FieldDifference]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}, key=str):
            yield from _differences(before.get(key), after.get(key), place.child(str(key)))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_differences(before, after, place)
    else:
        yield place.difference(before, after)


def _list_differences(
    before: list[Any], after: list[Any], place: _ComparedField
) -> Iterator[FieldDifference]:
    list_type = place.lists.at(names_of(place.path))
    if list_type.matching is Matching.BY_KEY:
        old, new = _keyed(before, list_type), _keyed(after, list_type)
        if old is not None and new is not None:
            yield from _by_key(old, new, place, list_type)
            return
    if list_type.matching is Matching.BY_VALUE:
        yield from _by_value(before, after, place, list_type)
    elif place.lists is not ALL_BY_POSITION and _is_permutation(before, after):
        yield place.difference(before, after, reordered=True)
    elif len(before) == len(after):
        for index, (old_item, new_item) in enumerate(zip(before, after, strict=True)):
            yield from _differences(old_item, new_item, place.child(index))
    else:
        yield place.difference(before, after)


_Keyed = dict[str, tuple[int, Any]]


def _keyed(items: Sequence[Any], list_type: ListType) -> _Keyed | None:
    """The items by their keys, or None if an item has no key or two have the same one."""
    found: _Keyed = {}
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            return None
        found[_key(item, list_type)] = index, item
    return found if len(found) == len(items) else None


def _key(item: dict[str, Any], list_type: ListType) -> str:
    parts = []
    for name in list_type.keys:
        value: Any = item
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        parts.append(ITEM_DEFAULTS.get(name) if value is None else value)
    return printable("/".join(str(part) for part in parts if part is not None))


def _by_key(
    old: _Keyed, new: _Keyed, place: _ComparedField, list_type: ListType
) -> Iterator[FieldDifference]:
    renamed = _with_other_keys(old, new, list_type.name) if list_type.name else {}
    for key, (index, item) in new.items():
        if key in old:
            yield from _differences(old[key][1], item, place.item(index, key))
        elif key in renamed:
            label = printable(str(item.get(list_type.name) or key))
            yield from _differences(old[renamed[key]][1], item, place.item(index, label))
        else:
            yield place.item(index, key).difference(None, item)
    for key, (index, item) in old.items():
        if key not in new and key not in renamed.values():
            yield place.item(index, key).difference(item, None)
    before = [key for key in old if key in new]
    after = [key for key in new if key in old]
    if list_type.ordered and before != after:
        yield place.difference(before, after, reordered=True)


def _with_other_keys(old: _Keyed, new: _Keyed, name: str) -> dict[str, str]:
    """The new and the old key of each item that has the same name, but another key."""
    left = {item.get(name): key for key, (_, item) in old.items() if key not in new}
    found = {key: left.get(item.get(name)) for key, (_, item) in new.items() if key not in old}
    return {key: old_key for key, old_key in found.items() if old_key is not None}


def _by_value(
    before: list[Any], after: list[Any], place: _ComparedField, list_type: ListType
) -> Iterator[FieldDifference]:
    """Leaves out equal items, and compares the others by position."""
    old, new = _without(before, after), _without(after, before)
    for (_, old_item), (index, new_item) in zip(old, new, strict=False):
        yield from _paired(old_item, new_item, place.child(index))
    for index, item in old[len(new) :]:
        yield place.child(index).difference(item, None)
    for index, item in new[len(old) :]:
        yield place.child(index).difference(None, item)
    if list_type.ordered and not old and not new:
        yield place.difference(before, after, reordered=True)


def _paired(before: object, after: object, place: _ComparedField) -> Iterator[FieldDifference]:
    """Two items without an equal one: maps are compared, other values are replaced."""
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _differences(before, after, place)
    else:
        yield place.difference(before, after)


def _without(items: list[Any], excluded: list[Any]) -> list[tuple[int, Any]]:
    """The items that the other list does not contain, or contains less often."""
    left = Counter(map(_text, excluded))
    found = []
    for index, item in enumerate(items):
        text = _text(item)
        if left[text]:
            left[text] -= 1
        else:
            found.append((index, item))
    return found


def _is_permutation(before: list[Any], after: list[Any]) -> bool:
    return len(before) == len(after) and sorted(map(_text, before)) == sorted(map(_text, after))


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)
