"""Which fields of objects differ between two renders, in the coordinates of the first one.

`objects.fields` compares lists of one length by position. Here an item that is added to a list
must not be taken for a change of all items after it, so items are matched by their names first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gitops_gen.model import ObjectId, Path
from gitops_gen.objects.kube_object import KubeObject

# The keys that identify an item of a list in Kubernetes, if every item has one.
_NAMES = ("name", "mountPath", "containerPort", "topologyKey", "ip")


class Effect(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A field that differs. An empty path is the whole object.

    `path` is the path in the first object; that of an added field is the path in the second one.
    """

    object: ObjectId
    path: Path
    effect: Effect

    def touches(self, path: Path) -> bool:
        """Whether the value at `path` differs because of this difference."""
        is_above = self.path == path[: len(self.path)]
        is_below = path == self.path[: len(path)]
        if self.effect is Effect.ADDED and self.path and isinstance(self.path[-1], int):
            # An added item has a place in the second list only.
            return is_below and self.path != path
        return is_above or is_below


def compared(before: Iterable[KubeObject], after: Iterable[KubeObject]) -> Iterator[Difference]:
    """Yields the differences between the objects of some components.

    Objects with another namespace, or with another name if that is unmistakable, are the same
    object with another field.
    """
    old = {item.id: item for item in before}
    new = {item.id: item for item in after}
    gone = [old[one] for one in old if one not in new]
    come = [new[one] for one in new if one not in old]
    pairs = [(old[one], new[one]) for one in old if one in new]
    for item in gone:
        match = _renamed(item, gone, come)
        if match is None:
            yield Difference(item.id, (), Effect.REMOVED)
        else:
            come.remove(match)
            pairs.append((item, match))
    yield from (Difference(item.id, (), Effect.ADDED) for item in come)
    for one, counterpart in pairs:
        yield from _of_pair(one, counterpart)


def _of_pair(before: KubeObject, after: KubeObject) -> Iterator[Difference]:
    if before.document != after.document:
        for path, effect in _differences(before.value, after.value, ()):
            yield Difference(before.id, path, effect)


def _renamed(
    item: KubeObject, gone: Sequence[KubeObject], come: Sequence[KubeObject]
) -> KubeObject | None:
    same_name = [one for one in come if _kind(one) == _kind(item) and one.id.name == item.id.name]
    if len(same_name) == 1:
        return same_name[0]
    alone = sum(_kind(one) == _kind(item) for one in gone) == 1
    same_kind = [one for one in come if _kind(one) == _kind(item)]
    return same_kind[0] if alone and len(same_kind) == 1 else None


def _kind(item: KubeObject) -> tuple[str, tuple[str, str]]:
    return item.component, item.id.group_kind


def _differences(before: Any, after: Any, path: Path) -> Iterator[tuple[Path, Effect]]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_maps(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    else:
        yield path, Effect.CHANGED


def _of_maps(
    before: dict[str, Any], after: dict[str, Any], path: Path
) -> Iterator[tuple[Path, Effect]]:
    for key in before:
        if key in after:
            yield from _differences(before[key], after[key], (*path, key))
        else:
            yield (*path, key), Effect.REMOVED
    yield from (((*path, key), Effect.ADDED) for key in after if key not in before)


def _of_lists(before: list[Any], after: list[Any], path: Path) -> Iterator[tuple[Path, Effect]]:
    matched = dict(_matched(before, after))
    if sorted(matched.values()) != list(matched.values()):
        yield path, Effect.CHANGED  # the order of the items
    rest = [index for index in range(len(after)) if index not in matched.values()]
    left = [index for index in range(len(before)) if index not in matched]
    # Items whose names differ are the same items if as many of them were removed as were added.
    if len(left) == len(rest):
        matched |= dict(zip(left, rest, strict=True))
        left, rest = [], []
    for index, counterpart in matched.items():
        yield from _differences(before[index], after[counterpart], (*path, index))
    yield from (((*path, index), Effect.REMOVED) for index in left)
    yield from (((*path, index), Effect.ADDED) for index in rest)


def _matched(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Yields the indexes of items in both lists that have the same name, or are equal."""
    name = next((key for key in _NAMES if _identifies(key, before) and _identifies(key, after)), "")
    left = [item[name] if name else item for item in after]
    taken: set[int] = set()
    for index, item in enumerate(before):
        wanted = item[name] if name else item
        equal = (at for at, one in enumerate(left) if at not in taken and one == wanted)
        at = next(equal, None)
        if at is not None:
            taken.add(at)
            yield index, at


def _identifies(key: str, items: Sequence[Any]) -> bool:
    """Whether every item is a map with another text or number at this key."""
    if not all(isinstance(item, dict) and isinstance(item.get(key), str | int) for item in items):
        return False
    return len({item[key] for item in items}) == len(items)
