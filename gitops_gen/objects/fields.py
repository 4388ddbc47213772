"""How a field of an object is addressed and printed, and how two objects are compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gitops_gen.model import Path

# A key that needs no quotes. The keys of labels and annotations may hold dots and slashes.
_PLAIN_KEY = re.compile(r'[^\s./\[\]"\\]+')
_INDEX = re.compile(r"\[(0|[1-9][0-9]*)\]")


@dataclass(frozen=True, slots=True)
class FieldPath:
    """The keys and list indexes that lead to a field, from the top of its object."""

    parts: Path = ()

    @classmethod
    def parse(cls, text: str) -> FieldPath:
        """The path that is printed as `text`. Raises ValueError where no path is printed so."""
        return cls(tuple(_parts(text)))

    def child(self, part: str | int) -> FieldPath:
        return FieldPath((*self.parts, part))

    def __str__(self) -> str:
        """For instance `spec.containers[0].image` or `metadata.labels."example.org/team"`."""
        return "".join(map(_printed, self.parts)).removeprefix(".")


class FieldDifference(NamedTuple):
    """A field whose values differ; a value is None where the field is missing."""

    path: FieldPath
    before: object
    after: object


def differences(
    before: object, after: object, path: FieldPath = FieldPath()
) -> Iterator[FieldDifference]:
    """The fields that differ, each as deep in the object as both values can be compared."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}, key=str):
            yield from differences(before.get(key), after.get(key), path.child(str(key)))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        yield from _item_differences(before, after, path)
    else:
        yield FieldDifference(path, before, after)


def _item_differences(
    before: list[object], after: list[object], path: FieldPath
) -> Iterator[FieldDifference]:
    """Compares the items of two lists of equal length by their positions."""
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        yield from differences(old, new, path.child(index))


def _printed(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    if _PLAIN_KEY.fullmatch(part) and part.isprintable():
        return f".{part}"
    # JSON has an escape for every character that would end the key or break the line.
    return f".{json.dumps(part, ensure_ascii=not part.isprintable())}"


def _parts(text: str) -> Iterator[str | int]:
    at = 0
    while at < len(text):
        index = _INDEX.match(text, at)
        if index:
            yield int(index.group(1))
            at = index.end()
        else:
            key, at = _key(text, at)
            yield key


def _key(text: str, at: int) -> tuple[str, int]:
    """The key at a place, and where it ends. A dot precedes every key but the first."""
    start = at + text.startswith(".", at) if at else at
    plain = _PLAIN_KEY.match(text, start)
    if start == at and at:
        raise ValueError(f"'{text}' is not a field path: a dot is missing at character {at + 1}")
    if plain:
        return plain.group(), plain.end()
    return _quoted_key(text, start)


def _quoted_key(text: str, start: int) -> tuple[str, int]:
    try:
        key, end = json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError:
        key, end = None, start
    if not isinstance(key, str):
        raise ValueError(f"'{text}' is not a field path: no key at character {start + 1}")
    return key, end
