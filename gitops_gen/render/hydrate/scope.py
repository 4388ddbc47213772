"""Determines whether an object is cluster-scoped, and the namespace of all other objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from gitops_gen.components.addon_kinds import NAMESPACED_BY_ADDONS
from gitops_gen.components.kinds import (
    ADMISSION,
    CLUSTER_SCOPED,
    CLUSTER_SCOPED_BY_ADDONS,
    FLOW,
    RBAC,
)
from gitops_gen.components.kubernetes_api import NAMESPACED
from gitops_gen.components.types import Component
from gitops_gen.errors import ToolFailed
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.custom_kinds import CustomKind
from gitops_gen.render.hydrate.identity import NotAnObject

# The API groups of Kubernetes itself. Their other kinds are namespaced.
BUILT_IN = frozenset(
    {
        "",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        ADMISSION,
        FLOW,
        RBAC,
    }
)


@dataclass(frozen=True, slots=True)
class Scopes:
    """Places the objects of an upstream chart in namespaces, as Helm does when it installs them."""

    component: Component
    custom: Mapping[tuple[str, str], bool]
    """Group and kind of custom kinds -> whether their objects are in a namespace."""

    @classmethod
    def of(cls, component: Component, kinds: Iterable[CustomKind]) -> Scopes:
        return cls(component, {kind.group_kind: kind.is_namespaced for kind in kinds})

    def placed(self, identity: ObjectId, value: Values) -> tuple[ObjectId, Values]:
        """The object in the namespace of the release, unless it has one, or without a namespace if
        it is cluster-scoped. Raises NotAnObject if its kind is not known."""
        namespace = ""
        if self._is_namespaced(identity):
            namespace = identity.namespace or self.component.namespace
        if namespace == identity.namespace and ("namespace" in value["metadata"]) == bool(
            namespace
        ):
            return identity, value
        metadata = {key: inner for key, inner in value["metadata"].items() if key != "namespace"}
        if namespace:
            metadata = {"name": metadata["name"], "namespace": namespace, **metadata}
        return replace(identity, namespace=namespace), {**value, "metadata": metadata}

    def _is_namespaced(self, identity: ObjectId) -> bool:
        kind = identity.group_kind
        if kind in self.custom:
            return self.custom[kind]
        if kind in NAMESPACED | NAMESPACED_BY_ADDONS:
            return True
        if kind in CLUSTER_SCOPED | CLUSTER_SCOPED_BY_ADDONS | self.component.cluster_kinds:
            return False
        raise NotAnObject(
            f"renders {identity} of a kind that neither Kubernetes nor a CustomResourceDefinition "
            f"of this environment defines ({identity.kind}.{identity.group or 'core'}); enable "
            "and lock the add-on that defines it, or set `delivery: chart`"
        )


def is_cluster_scoped(identity: ObjectId, component: Component) -> bool | None:
    """Whether the object is cluster-scoped.

    The result is None for a custom resource without a namespace whose kind is not known and which
    the component does not declare, because its chart may rely on the namespace of the release.
    """
    if identity.group_kind in CLUSTER_SCOPED:
        return True
    if identity.namespace:
        return False
    if identity.group_kind in component.cluster_kinds | CLUSTER_SCOPED_BY_ADDONS:
        return True
    return False if identity.group in BUILT_IN else None


def stored_identity(identity: ObjectId, component: Component) -> ObjectId:
    """The identity in the API server.

    Argo CD creates an object without a namespace in the namespace of its Application.
    """
    namespace = identity.namespace or component.namespace
    return replace(identity, namespace="" if is_cluster_scoped(identity, component) else namespace)


def require_explicit_namespace(item: KubeObject, component: Component) -> None:
    """Raises ToolFailed if an object of a built-in chart has no namespace.

    The AppProject would allow its kind as a cluster-scoped one.
    """
    if item.id.namespace or is_cluster_scoped(item.id, component):
        return
    raise ToolFailed(
        f"{item.template} renders {item} without a namespace, which is a bug in gitops-gen: its "
        "built-in charts must set the namespace of every object, and their components must declare "
        "cluster-scoped custom resources (cluster_kinds); please report it"
    )
