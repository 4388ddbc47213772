"""Compares values with regard to their types and their order.

`==` ignores the order of a map, and `True == 1` holds. Both change what a render writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass


def are_identical(first: object, second: object) -> bool:
    """Whether plain values, or dataclasses that contain them, are equal in types and order.

    `repr` is fast, and differs for all values that are not identical. It may also differ for equal
    sets, whose order depends on their history.
    """
    return repr(first) == repr(second) or fingerprint(first) == fingerprint(second)


def fingerprint(value: object) -> str:
    """Returns a text that is equal for identical values only."""
    if is_dataclass(value):
        parts = [getattr(value, one.name) for one in fields(value)]
        return f"{type(value).__name__}({_joined(parts)})"
    if isinstance(value, Mapping):
        return "{" + _joined(part for item in value.items() for part in item) + "}"
    if isinstance(value, list | tuple):
        return f"[{_joined(value)}]"
    if isinstance(value, frozenset | set):
        return f"set({','.join(sorted(map(fingerprint, value)))})"
    return f"{type(value).__name__}:{value!r}"


def _joined(values: Iterable[object]) -> str:
    return ",".join(map(fingerprint, values))
