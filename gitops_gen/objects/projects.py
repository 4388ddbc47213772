"""What an AppProject admits, in the way of Argo CD."""

from __future__ import annotations

from fnmatch import fnmatchcase

from gitops_gen.model import Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at


def admits(project: Values, application: KubeObject | None, item: KubeObject) -> bool:
    """Whether the AppProject admits an object of the Application, so that Argo CD may delete it."""
    spec = as_map(project.get("spec"))
    group, kind = item.id.group_kind
    if not item.id.namespace:
        return _contains(spec.get("clusterResourceWhitelist"), group, kind)
    destination = as_map(
        value_at(application.value, "spec", "destination") if application else None
    )
    destinations = map(as_map, as_list(spec.get("destinations")))
    is_destination = any(_is_destination(one, destination, item) for one in destinations)
    kinds = spec.get("namespaceResourceWhitelist")
    return is_destination and (kinds is None or _contains(kinds, group, kind))


def missing_entries(project: Values, application: KubeObject | None, item: KubeObject) -> list[str]:
    """What the AppProject lacks to admit the object, as text."""
    spec = as_map(project.get("spec"))
    group, kind = item.id.group_kind
    named_kind = f"kind {kind}.{group}" if group else f"kind {kind}"
    if not item.id.namespace:
        return [named_kind]
    destination = as_map(
        value_at(application.value, "spec", "destination") if application else None
    )
    destinations = map(as_map, as_list(spec.get("destinations")))
    if not any(_is_destination(one, destination, item) for one in destinations):
        return [f"namespace {item.id.namespace}"]
    return [named_kind]


def _is_destination(admitted: Values, destination: Values, item: KubeObject) -> bool:
    if not _matches(admitted.get("namespace"), item.id.namespace):
        return False
    server = destination.get("server")
    return server is None or _matches(admitted.get("server", "*"), str(server))


def _contains(kinds: object, group: str, kind: str) -> bool:
    return any(
        _matches(one.get("group"), group) and _matches(one.get("kind"), kind)
        for one in map(as_map, as_list(kinds))
    )


def _matches(pattern: object, text: str) -> bool:
    return pattern is not None and fnmatchcase(text, str(pattern))
