"""Which objects of two revisions belong together: unchanged, changed, renamed, added, removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gitops_gen.changes.result import DifferenceKind
from gitops_gen.changes.trees import Objects
from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject

_HASH = re.compile(r"-[a-z0-9]{5,16}$")
_LEAST_SIMILAR = 0.5
"""The smallest part of equal values with which an object counts as renamed."""
_FEWEST_VALUES = 4
"""An object with fewer values, such as a ServiceAccount, is similar to every other one."""


@dataclass(frozen=True, eq=False)
class Pair:
    """One object in both revisions. Its fields may be equal."""

    kind: DifferenceKind
    before: KubeObject | None
    after: KubeObject | None


def pairs(base: Objects, head: Objects) -> list[Pair]:
    """The objects that may have changed, sorted by identity, without those of equal files."""
    removed = [item for key, item in base.items() if key not in head]
    added = [item for key, item in head.items() if key not in base]
    renamed = dict(_renames(removed, added))
    found = [
        Pair(DifferenceKind.CHANGED, base[key], item)
        for key, item in head.items()
        if key in base and not _is_same(base[key], item)
    ]
    new_ids = set(renamed.values())
    found += [
        Pair(DifferenceKind.RENAMED, item, head[renamed[item.id]])
        for item in removed
        if item.id in renamed
    ]
    found += [Pair(DifferenceKind.REMOVED, i, None) for i in removed if i.id not in renamed]
    found += [Pair(DifferenceKind.ADDED, None, item) for item in added if item.id not in new_ids]
    return sorted(found, key=lambda pair: (pair.after or pair.before or _never()).id)


def _never() -> KubeObject:
    raise ValueError("a pair needs an object")


def _is_same(before: KubeObject, after: KubeObject) -> bool:
    """Whether both were read from one equal file, so that they need not be parsed."""
    return before.document is after.document and before.component == after.component


def _renames(
    removed: Sequence[KubeObject], added: Sequence[KubeObject]
) -> Iterator[tuple[ObjectId, ObjectId]]:
    """Yields the old and the new identity of each renamed object, the most similar ones first."""
    scores = sorted(_scores(removed, added), key=lambda score: (-score[0], score[1], score[2]))
    old: set[ObjectId] = set()
    new: set[ObjectId] = set()
    for _, before, after in scores:
        if before not in old and after not in new:
            old.add(before)
            new.add(after)
            yield before, after


def _scores(
    removed: Sequence[KubeObject], added: Sequence[KubeObject]
) -> Iterator[tuple[float, ObjectId, ObjectId]]:
    values = {id(item): Counter(_values(item.value)) for item in (*removed, *added)}
    for before in removed:
        for after in added:
            if before.id.group_kind == after.id.group_kind:
                score = _score(before.id, after.id, values[id(before)], values[id(after)])
                if score >= _LEAST_SIMILAR:
                    yield score, before.id, after.id


def _score(before: ObjectId, after: ObjectId, old: Counter[str], new: Counter[str]) -> float:
    """From 0 to 1, and above for names that are equal, or equal without a digest at the end."""
    similarity = 2 * (old & new).total() / max(1, old.total() + new.total())
    if before.name == after.name:
        return 1 + similarity
    same_place = before.namespace == after.namespace
    if same_place and _HASH.sub("", before.name) == _HASH.sub("", after.name) != "":
        return 1 + similarity
    return similarity if min(old.total(), new.total()) >= _FEWEST_VALUES else 0


def _values(value: object, path: str = "") -> Iterator[str]:
    """Yields the values of an object as text, without its name, namespace and labels."""
    if isinstance(value, dict):
        for key, item in value.items():
            if path or key not in ("metadata", "apiVersion", "kind"):
                yield from _values(item, f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, f"{path}[]")
    else:
        yield f"{path}={value}"
