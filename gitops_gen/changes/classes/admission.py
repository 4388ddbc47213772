"""AppProjects that no longer admit what Argo CD must still delete."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from gitops_gen.changes.context import APP_PROJECT, EnvironmentContext
from gitops_gen.changes.result import (
    Certainty,
    ChangeClass,
    Consequence,
    ObjectDifference,
    as_list,
    as_map,
    at,
)
from gitops_gen.model import Values
from gitops_gen.objects.kube_object import KubeObject

ADMISSION = ChangeClass(
    "admission",
    rank=4,
    title="An AppProject no longer admits what Argo CD must still delete",
    certainty=Certainty.EXACT,
    why="Argo CD deletes only what the AppProject admits. If a namespace or a kind leaves the "
    "AppProject in the same change as the objects, they stay in the cluster, and nothing owns "
    "them any more.",
    remedy="Keep the namespace and the kinds in the AppProject until the objects are deleted: "
    "first set `enabled: false`, and remove the section from the values in a later change.",
)
_SHOWN = 4


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    if change.id.group_kind != APP_PROJECT or not change.is_update:
        return
    stranded = [
        item
        for one in environment.differences
        if (item := one.removed) is not None
        and _project_of(item, environment) == change.id.name
        and environment.fate(item).is_deleted
        and _admits(change.old, item, environment)
        and not _admits(change.new, item, environment)
    ]
    if stranded:
        shown = ", ".join(str(item.id) for item in stranded[:_SHOWN])
        more = f" and {len(stranded) - _SHOWN} more" if len(stranded) > _SHOWN else ""
        yield ADMISSION.consequence(
            f"Argo CD cannot delete {shown}{more}, which stay in the cluster; until they are "
            f"deleted, the AppProject must admit {'; '.join(_entries(stranded, change.new))}",
            next(change.below("spec"), None),
        )


def _project_of(item: KubeObject, environment: EnvironmentContext) -> str:
    application = environment.application(environment.base, item.component)
    return str(at(application.value, "spec", "project")) if application else ""


def _admits(project: Values, item: KubeObject, environment: EnvironmentContext) -> bool:
    spec = as_map(project.get("spec"))
    group, kind = item.id.group_kind
    if not item.id.namespace:
        return _lists(spec.get("clusterResourceWhitelist"), group, kind)
    application = environment.application(environment.base, item.component)
    server = at(application.value, "spec", "destination", "server") if application else None
    destinations = map(as_map, as_list(spec.get("destinations")))
    is_destination = any(
        _matches(one.get("namespace"), item.id.namespace)
        and (server is None or _matches(one.get("server", "*"), str(server)))
        for one in destinations
    )
    kinds = spec.get("namespaceResourceWhitelist")
    return is_destination and (kinds is None or _lists(kinds, group, kind))


def _lists(kinds: object, group: str, kind: str) -> bool:
    return any(
        _matches(one.get("group"), group) and _matches(one.get("kind"), kind)
        for one in map(as_map, as_list(kinds))
    )


def _matches(pattern: object, text: str) -> bool:
    return pattern is not None and fnmatchcase(text, str(pattern))


def _entries(items: list[KubeObject], project: Values) -> Iterator[str]:
    """Yields the namespaces and the kinds that the AppProject lacks, each once."""
    destinations = [
        as_map(one).get("namespace") for one in as_list(at(project, "spec", "destinations"))
    ]
    namespaces = {i.id.namespace for i in items if i.id.namespace}
    for namespace in sorted(namespaces - set(map(str, destinations))):
        yield f"namespace {namespace}"
    kinds = {i.id.group_kind for i in items if not i.id.namespace}
    yield from sorted(f"kind {'.'.join(filter(None, (kind, group)))}" for group, kind in kinds)
