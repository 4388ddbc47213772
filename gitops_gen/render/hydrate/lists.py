"""Kinds of lists: Helm prints them as one document, and each item is an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def is_list(value: Any) -> bool:
    """Whether Argo CD takes it for a list; an empty list (`items: null`) gives no object.

    Kinds of objects end in "List" too: ManagedPrefixList, with a spec and no items.
    """
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or not kind.endswith("List"):
        return False
    if value.get("items") is None and value.keys() & {"spec", "status"}:
        return False
    if "items" not in value:
        return bool(value.keys() <= {"apiVersion", "kind"})
    return isinstance(value["items"], list | None)


def flattened(value: Any) -> Iterator[Any]:
    """The items of a list, and those of the lists in it."""
    for item in value.get("items") or ():
        if is_list(item):
            yield from flattened(item)
        else:
            yield item
