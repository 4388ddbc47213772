"""What rules about the order of a sync have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gitops_gen.checks.dependencies.dependency import Dependency, Need, SyncOrder
from gitops_gen.checks.dependencies.graph import dependencies
from gitops_gen.checks.dependencies.places import HELM_HOOK, HELM_WEIGHT, HOOK, SYNC_WAVE
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, annotations_of
from gitops_gen.model import ObjectId, Path
from gitops_gen.objects.kube_object import KubeObject

_SHARED = ((), ("kind",), ("metadata", "namespace"))
"""The paths of dependencies that many objects have on one target."""


def blocking(view: EnvironmentView) -> Iterator[Dependency]:
    """Yields the dependencies on objects that Argo CD never syncs, because it waits for the source
    first."""
    for one in dependencies(view):
        if one.need is not Need.USE and one.order is SyncOrder.AFTER:
            yield one


def once_for_shared_targets(found: Iterable[Dependency]) -> Iterator[tuple[Dependency, int]]:
    """Yields the first dependency of each component on a namespace, a definition or a webhook, with
    the number of the component's objects that have it, and all other dependencies with 1."""
    every = list(found)
    counts = Counter(map(_key, every))
    for one in every:
        if number := counts.pop(_key(one), 0):
            yield one, number


def _key(one: Dependency) -> tuple[ObjectId | str, ObjectId, object]:
    source = one.source.component if one.path in _SHARED else one.source.id
    return source, one.target.id, one.path


def more(number: int) -> str:
    """The part of a message about the other objects with the same dependency."""
    if number == 1:
        return ""
    return "; 1 more object requires it" if number == 2 else f"; {number - 1} more objects do"


def order_issue(view: EnvironmentView, one: Dependency, message: str) -> ObjectIssue:
    """Returns the issue at the field that names the target, or at the wave that is too low."""
    related = (one.target, one.webhook) if one.webhook else (one.target,)
    item, path = one.source, one.path
    if path in _SHARED:
        application = view.applications.get(item.component)
        item = application if application and not one.in_one_application else item
        path = ("metadata", "annotations", SYNC_WAVE) if SYNC_WAVE in annotations_of(item) else ()
    return ObjectIssue(item, message, path, related, tuple(_order_fields(view, one)))


def _order_fields(view: EnvironmentView, one: Dependency) -> Iterator[tuple[KubeObject, Path]]:
    """Yields the annotations that determine when Argo CD syncs the two objects."""
    for item in (one.source, one.target):
        application = view.applications.get(item.component)
        ordered = item if one.in_one_application else application
        found = annotations_of(ordered) if ordered else {}
        for name in (HOOK, HELM_HOOK, SYNC_WAVE, HELM_WEIGHT):
            if ordered and name in found:
                yield ordered, ("metadata", "annotations", name)
