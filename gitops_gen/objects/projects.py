"""What an AppProject admits, in the way of Argo CD."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from gitops_gen.model import Values
from gitops_gen.objects.kind_names import kind_name
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at


def admits(project: Values, application: KubeObject | None, item: KubeObject) -> bool:
    """Whether the AppProject admits an object of the Application, so that Argo CD may delete it."""
    spec = as_map(project.get("spec"))
    group, kind = item.id.group_kind
    if not item.id.namespace:
        return _contains(spec.get("clusterResourceWhitelist"), group, kind)
    kinds = spec.get("namespaceResourceWhitelist")
    is_destination = admits_destination(project, application, item.id.namespace)
    return is_destination and (kinds is None or _contains(kinds, group, kind))


def admits_destination(project: Values, application: KubeObject | None, namespace: str) -> bool:
    """Whether the AppProject admits a namespace in the cluster of the Application."""
    destination = as_map(
        value_at(application.value, "spec", "destination") if application else None
    )
    destinations = map(as_map, as_list(value_at(project, "spec", "destinations")))
    return any(_is_destination(one, destination, namespace) for one in destinations)


@dataclass(frozen=True, slots=True, order=True)
class MissingEntry:
    """What an AppProject lacks to admit an object: a namespace, or a kind."""

    namespace: str
    """Empty for a cluster-scoped kind."""
    kind: str = ""
    """The kind with its group. Empty if all kinds in the namespace are missing."""

    def __str__(self) -> str:
        return f"kind {self.kind}" if self.kind else f"namespace {self.namespace}"


def missing_entry(
    project: Values, application: KubeObject | None, item: KubeObject
) -> MissingEntry:
    """What the AppProject lacks to admit the object, which it does not admit."""
    namespace = item.id.namespace
    if namespace and not admits_destination(project, application, namespace):
        return MissingEntry(namespace)
    return MissingEntry(namespace, kind_name(*item.id.group_kind))


def _is_destination(admitted: Values, destination: Values, namespace: str) -> bool:
    if not matches(admitted.get("namespace"), namespace):
        return False
    server = destination.get("server")
    return server is None or matches(admitted.get("server", "*"), str(server))


def _contains(kinds: object, group: str, kind: str) -> bool:
    return any(
        matches(one.get("group"), group) and matches(one.get("kind"), kind)
        for one in map(as_map, as_list(kinds))
    )


def matches(pattern: object, text: str) -> bool:
    """Whether a text matches a pattern of an AppProject, such as `https://example.org/*`."""
    return pattern is not None and fnmatchcase(text, str(pattern))
