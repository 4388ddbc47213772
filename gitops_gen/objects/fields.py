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


@dataclass(frozen=True, slots=True)
class FieldPath:
    """The keys and list indexes that lead to a field, from the top of its object."""

    parts: Path = ()

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
