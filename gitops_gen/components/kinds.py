"""The cluster-scoped kinds of Kubernetes and of common add-ons, and the notation `group/Kind`."""

from __future__ import annotations

RBAC = "rbac.authorization.k8s.io"
ADMISSION = "admissionregistration.k8s.io"
FLOW = "flowcontrol.apiserver.k8s.io"

# The cluster-scoped kinds of Kubernetes that a chart may create (kubectl api-resources).
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
# The cluster-scoped kinds of add-ons that are common on EKS. The scope of any other custom kind is
# only known if the environment renders its CustomResourceDefinition.
CLUSTER_SCOPED_BY_ADDONS = frozenset(
    {
        ("cert-manager.io", "ClusterIssuer"),
        ("eks.amazonaws.com", "IngressClassParams"),
        ("eks.amazonaws.com", "NodeClass"),
        ("elbv2.k8s.aws", "IngressClassParams"),
        ("external-secrets.io", "ClusterExternalSecret"),
        ("external-secrets.io", "ClusterPushSecret"),
        ("external-secrets.io", "ClusterSecretStore"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("generators.external-secrets.io", "ClusterGenerator"),
        ("karpenter.k8s.aws", "EC2NodeClass"),
        ("karpenter.sh", "NodeClaim"),
        ("karpenter.sh", "NodePool"),
        ("kyverno.io", "ClusterCleanupPolicy"),
        ("kyverno.io", "ClusterPolicy"),
        ("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
        ("snapshot.storage.k8s.io", "VolumeSnapshotContent"),
        ("trust.cert-manager.io", "Bundle"),
    }
)
# The short names of kubectl, and also CR and CRB.
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
    """Returns the problem with `text` as group/Kind of a cluster-scoped kind, if it is known."""
    from difflib import get_close_matches

    group, _, kind = text.rpartition("/")
    groups_by_kind = {name: group_of_kind for group_of_kind, name in CLUSTER_SCOPED}
    full = _SHORT.get(kind.upper(), kind)
    if group or (group, kind) in CLUSTER_SCOPED:
        return None
    if kind in groups_by_kind:
        right_group = groups_by_kind[kind]
        return f"'{kind}' belongs to the group {right_group}; write {right_group}/{kind}"
    if close := [full] if full in groups_by_kind else get_close_matches(kind, groups_by_kind, n=1):
        right = "/".join(filter(None, (groups_by_kind[close[0]], close[0])))
        return f"the core API group has no kind '{kind}'; did you mean {right}?"
    return f"the core API group has no cluster-scoped kind '{kind}'; write <API group>/{kind}"
