"""Reads plain data whose form is not certain, such as the value of an object."""

from __future__ import annotations

from typing import Any


def value_at(value: Any, *path: str | int) -> Any:
    """The value at a path, or None if a part of it is missing."""
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def as_map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
