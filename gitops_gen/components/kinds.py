"""Kinds of Kubernetes' own that belong to the whole cluster, and how they are written."""

from __future__ import annotations

RBAC = "rbac.authorization.k8s.io"
ADMISSION = "admissionregistration.k8s.io"
FLOW = "flowcontrol.apiserver.k8s.io"

# Kubernetes' own cluster-scoped kinds that a chart may bring (kubectl api-resources).
CLUSTER_SCOPED = frozenset(
    {
        ("", "Namespace"),
        ("", "PersistentVolume"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("certificates.k8s.io", "ClusterTrustBundle"),
        ("networking.k8s.io", "IPAddress"),
        ("networking.k8s.io", "IngressClass"),
        ("networking.k8s.io", "ServiceCIDR"),
        ("node.k8s.io", "RuntimeClass"),
        ("resource.k8s.io", "DeviceClass"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "CSIDriver"),
        ("storage.k8s.io", "StorageClass"),
        ("storage.k8s.io", "VolumeAttributesClass"),
        (ADMISSION, "MutatingAdmissionPolicy"),
        (ADMISSION, "MutatingAdmissionPolicyBinding"),
        (ADMISSION, "MutatingWebhookConfiguration"),
        (ADMISSION, "ValidatingAdmissionPolicy"),
        (ADMISSION, "ValidatingAdmissionPolicyBinding"),
        (ADMISSION, "ValidatingWebhookConfiguration"),
        (FLOW, "FlowSchema"),
        (FLOW, "PriorityLevelConfiguration"),
        (RBAC, "ClusterRole"),
        (RBAC, "ClusterRoleBinding"),
    }
)
# Short for what somebody may mean, as kubectl has it (and CR, CRB, which it has not).
_SHORT = {
    "CR": "ClusterRole",
    "CRB": "ClusterRoleBinding",
    "CRD": "CustomResourceDefinition",
    "NS": "Namespace",
    "PC": "PriorityClass",
    "PV": "PersistentVolume",
    "SC": "StorageClass",
}


def problem_of_kind(text: str) -> str | None:
    """What is wrong with `text` as group/Kind of something cluster-scoped, if it can be told."""
    from difflib import get_close_matches

    group, _, kind = text.rpartition("/")
    groups_by_kind = {name: group_of_kind for group_of_kind, name in CLUSTER_SCOPED}
    full = _SHORT.get(kind.upper(), kind)
    if group or (group, kind) in CLUSTER_SCOPED:
        return None
    if kind in groups_by_kind:
        return (
            f"'{kind}' is of the group {groups_by_kind[kind]}; write {groups_by_kind[kind]}/{kind}"
        )
    if close := [full] if full in groups_by_kind else get_close_matches(kind, groups_by_kind, n=1):
        right = "/".join(filter(None, (groups_by_kind[close[0]], close[0])))
        return f"there is no kind '{kind}' without a group; did you mean {right}?"
    return f"the core group has no cluster-scoped kind '{kind}'; write its group/{kind}"
