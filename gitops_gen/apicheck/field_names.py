"""The API server's names of fields: spec.containers[0].image, metadata.labels[example.org/team].

Keys may hold dots and brackets, and some rules print a key with a dot without brackets, so that the
object itself decides where a key ends.
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
    """The path of a field of an object, which may be one that the object does not have."""
    path: list[str | int] = []
    rest = "" if field in _WHOLE_OBJECT else field
    while rest:
        part, rest = _first(rest, value)
        value = _child(value, part)
        path.append(part)
    return tuple(path)


def _first(text: str, value: Any) -> tuple[str | int, str]:
    """The first key or index of a name of a field, and what follows it."""
    index = _INDEX.match(text)
    if index and not isinstance(value, dict):
        return int(index[1]), text[index.end() :]
    match_of_key = max(_matching_keys(text, value), key=lambda found: len(found[0]), default=None)
    if match_of_key is not None:
        return match_of_key
    match = _IN_BRACKETS.match(text) or _PLAIN.match(text)
    return (match[1], text[match.end() :]) if match else (text, "")


def _matching_keys(text: str, value: Any) -> Iterator[tuple[str, str]]:
    """The keys of a map that the text may begin with."""
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
