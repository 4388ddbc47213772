"""Determines whether an object is cluster-scoped, and the namespace of all other objects."""

from __future__ import annotations

from dataclasses import replace

from gitops_gen.components.kinds import (
    ADMISSION,
    CLUSTER_SCOPED,
    CLUSTER_SCOPED_BY_ADDONS,
    FLOW,
    RBAC,
)
from gitops_gen.components.types import Component
from gitops_gen.errors import ToolFailed
from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject

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
