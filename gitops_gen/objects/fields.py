"""How two objects are compared, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gitops_gen.model import FieldPath

_WHOLE_OBJECT = FieldPath()


class FieldDifference(NamedTuple):
    """A field whose values differ; a value is None where the field is missing."""

    path: FieldPath
    before: object
    after: object


def differences(
    before: object, after: object, path: FieldPath = _WHOLE_OBJECT
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
