"""Which objects belong to the whole cluster, and not to a namespace."""

from __future__ import annotations

from gitops_gen.components.kinds import ADMISSION, CLUSTER_SCOPED, FLOW, RBAC
from gitops_gen.components.types import Component, Subchart

# The groups of Kubernetes itself: what is not listed below is namespaced there.
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


def is_cluster_scoped(component: Component, group: str, kind: str, namespace: str) -> bool | None:
    """None where nobody can tell: a foreign kind, in a chart of the user's, with no namespace.

    Our own charts name every namespace; a chart of the user's may leave it to the release.
    """
    if (group, kind) in CLUSTER_SCOPED:
        return True
    if namespace:
        return False
    if isinstance(component.source, Subchart):
        return True
    return False if group in BUILT_IN else None
