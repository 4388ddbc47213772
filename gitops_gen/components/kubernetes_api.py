"""The kinds that Kubernetes itself serves, with the versions of Kubernetes that serve them.

Only API versions that are enabled by default are listed. A test compares the table with apicheck.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.kinds import CLUSTER_SCOPED

GroupAndKind = tuple[str, str]

_ALWAYS = {
    "v1": "Binding ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume "
    "PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service "
    "ServiceAccount",
    "admissionregistration.k8s.io/v1": "MutatingWebhookConfiguration "
    "ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "apiregistration.k8s.io/v1": "APIService",
    "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "authentication.k8s.io/v1": "SelfSubjectReview TokenReview",
    "authorization.k8s.io/v1": "LocalSubjectAccessReview SelfSubjectAccessReview "
    "SelfSubjectRulesReview SubjectAccessReview",
    "autoscaling/v1": "HorizontalPodAutoscaler",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "certificates.k8s.io/v1": "CertificateSigningRequest",
    "coordination.k8s.io/v1": "Lease",
    "discovery.k8s.io/v1": "EndpointSlice",
    "events.k8s.io/v1": "Event",
    "flowcontrol.apiserver.k8s.io/v1": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
    "node.k8s.io/v1": "RuntimeClass",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment",
}
"""API version -> kinds that every supported version of Kubernetes serves."""
_SINCE = {
    30: {
        "admissionregistration.k8s.io/v1": "ValidatingAdmissionPolicy "
        "ValidatingAdmissionPolicyBinding"
    },
    33: {"networking.k8s.io/v1": "IPAddress ServiceCIDR"},
    34: {
        "resource.k8s.io/v1": "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice",
        "storage.k8s.io/v1": "VolumeAttributesClass",
    },
    36: {
        "admissionregistration.k8s.io/v1": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"
    },
}
"""Minor version -> the kinds that it introduced."""
_BEFORE = {32: {"flowcontrol.apiserver.k8s.io/v1beta3": "FlowSchema PriorityLevelConfiguration"}}
"""Minor version -> the kinds that it removed."""
_CLUSTER_SCOPED_AND_NEVER_RENDERED = frozenset(
    {
        ("", "Node"),
        ("authentication.k8s.io", "SelfSubjectReview"),
        ("authentication.k8s.io", "TokenReview"),
        ("authorization.k8s.io", "SelfSubjectAccessReview"),
        ("authorization.k8s.io", "SelfSubjectRulesReview"),
        ("authorization.k8s.io", "SubjectAccessReview"),
        ("storage.k8s.io", "CSINode"),
        ("storage.k8s.io", "VolumeAttachment"),
        ("resource.k8s.io", "ResourceSlice"),
    }
)


def served(kube_version: str) -> Iterator[tuple[str, str]]:
    """Yields the API version and the name of each kind that a version such as "1.35" serves."""
    minor = int(kube_version.split(".")[1])
    tables = [_ALWAYS]
    tables += [table for since, table in _SINCE.items() if minor >= since]
    tables += [table for before, table in _BEFORE.items() if minor < before]
    for table in tables:
        for api_version, kinds in table.items():
            yield from ((api_version, kind) for kind in kinds.split())


def api_versions(kube_version: str) -> frozenset[str]:
    """The entries of `.Capabilities.APIVersions`: `apps/v1` and `apps/v1/Deployment`."""
    pairs = frozenset(served(kube_version))
    return frozenset(api for api, _ in pairs) | {f"{api}/{kind}" for api, kind in pairs}


def _all_kinds() -> Iterator[GroupAndKind]:
    for table in (_ALWAYS, *_SINCE.values(), *_BEFORE.values()):
        for api_version, kinds in table.items():
            group = api_version.rpartition("/")[0]
            yield from ((group, kind) for kind in kinds.split())


NAMESPACED = frozenset(_all_kinds()) - CLUSTER_SCOPED - _CLUSTER_SCOPED_AND_NEVER_RENDERED
"""The kinds of Kubernetes whose objects are in a namespace."""
