"""Compares values with regard to their types and their order.

`==` ignores the order of a map, and `True == 1` holds. Both change what a render writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any


def are_identical(first: object, second: object) -> bool:
    """Whether plain values, or dataclasses that contain them, are equal in types and order.

    `repr` is fast, and differs for all values that are not identical. It may also differ for equal
    sets, whose order depends on their history.
    """
    return repr(first) == repr(second) or _have_identical_parts(first, second)


def _have_identical_parts(first: object, second: object) -> bool:
    """Compares part by part, and ends at the first difference."""
    if is_dataclass(first) or is_dataclass(second):
        return type(first) is type(second) and _are_identical_lists(_fields(first), _fields(second))
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        keys_are_identical = _are_identical_lists(list(first), list(second))
        return keys_are_identical and _are_identical_lists([*first.values()], [*second.values()])
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return _are_identical_lists(first, second)
    if isinstance(first, frozenset | set) and isinstance(second, frozenset | set):
        return sorted(map(repr, first)) == sorted(map(repr, second))
    return type(first) is type(second) and repr(first) == repr(second)


def _are_identical_lists(first: Sequence[object], second: Sequence[object]) -> bool:
    return len(first) == len(second) and all(map(_have_identical_parts, first, second))


def _fields(value: Any) -> list[object]:
    return [getattr(value, one.name) for one in fields(value)]
