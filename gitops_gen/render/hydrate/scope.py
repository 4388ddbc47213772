"""Which objects belong to the whole cluster, and in which namespace all others are."""

from __future__ import annotations

from dataclasses import replace

from gitops_gen.components.kinds import ADMISSION, CLUSTER_SCOPED, FLOW, RBAC
from gitops_gen.components.types import Component
from gitops_gen.errors import ToolFailed
from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject

# The API groups of Kubernetes itself: their kinds that are not cluster-scoped are namespaced.
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
    """Whether the object belongs to the whole cluster.

    None for a custom resource without a namespace whose kind the component does not declare: its
    chart may leave the namespace to the release.
    """
    if identity.group_kind in CLUSTER_SCOPED:
        return True
    if identity.namespace:
        return False
    if identity.group_kind in component.cluster_kinds:
        return True
    return False if identity.group in BUILT_IN else None


def stored_identity(identity: ObjectId, component: Component) -> ObjectId:
    """The identity as the API server stores it: Argo CD puts an object without a namespace into the
    namespace of its Application."""
    namespace = identity.namespace or component.namespace
    return replace(identity, namespace="" if is_cluster_scoped(identity, component) else namespace)


def require_explicit_namespace(item: KubeObject, component: Component) -> None:
    """Raises ToolFailed for an object of a first-party chart that leaves its namespace open.

    The AppProject would admit its kind as a cluster-scoped one.
    """
    if item.id.namespace or is_cluster_scoped(item.id, component):
        return
    raise ToolFailed(
        f"{item.template} gives {item} without a namespace, which is a defect of gitops-gen: its "
        "first-party charts name the namespace of every object, and their components declare "
        "custom resources that belong to the whole cluster (cluster_kinds); please report it"
    )
