"""Parses the field names of the API server: spec.containers[0].image, metadata.labels[a.example/b].

Keys may contain dots and brackets, and some rules print such a key without brackets. So the keys of
the object itself decide where a key ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gitops_gen.model import Path

_WHOLE_OBJECT = ("", "<nil>")
_INDEX = re.compile(r"\[(\d{1,6})\]")
_IN_BRACKETS = re.compile(r"\[([^\]]*)\]")
_PLAIN = re.compile(r"\.?([^.\[\]]+)")


def path_of(field: str, value: Any) -> Path:
    """Returns the path of a field. The object `value` need not have this field."""
    path: list[str | int] = []
    rest = "" if field in _WHOLE_OBJECT else field
    while rest:
        part, rest = _first(rest, value)
        value = _child(value, part)
        path.append(part)
    return tuple(path)


def _first(text: str, value: Any) -> tuple[str | int, str]:
    """Returns the first key or index of a field name, and the rest of the name."""
    index = _INDEX.match(text)
    if index and not isinstance(value, dict):
        return int(index[1]), text[index.end() :]
    match_of_key = max(_matching_keys(text, value), key=lambda found: len(found[0]), default=None)
    if match_of_key is not None:
        return match_of_key
    match = _IN_BRACKETS.match(text) or _PLAIN.match(text)
    return (match[1], text[match.end() :]) if match else (text, "")


def _matching_keys(text: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yields each key of a map with which the text may begin, and the rest of the text."""
    for key in value if isinstance(value, dict) else ():
        for form in (f"[{key}]", f".{key}", key):
            rest = text[len(form) :]
            if text.startswith(form) and (not rest or rest[0] in ".["):
                yield key, rest


def _child(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    in_list = isinstance(value, list) and isinstance(part, int) and part < len(value)
    return value[part] if in_list else None
