"""Pods with a token of the API server that they cannot use."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.permissions import BoundAccounts
from gitops_gen.checks.pod_templates import PodTemplate
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import workloads
from gitops_gen.model import ObjectId, Rule, Severity

RULE = Rule(
    "security-service-account-token",
    title="A Pod whose ServiceAccount has no role has no token for the API server",
    why="The kubelet mounts a token into every Pod by default. With it, an attacker can log in to "
    "the API server. A ServiceAccount without a role needs none; the credentials of EKS Pod "
    "Identity and of IAM roles for ServiceAccounts are mounted separately.",
    remedy="Set `automountServiceAccountToken: false` in the Pod or in the ServiceAccount. If "
    "something outside of the repository gives a role to the ServiceAccount, excuse the finding.",
    severity=Severity.NOTE,
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web}]""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      automountServiceAccountToken: false
      containers: [{name: web}]""",
)
_KEY = "automountServiceAccountToken"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    bound = BoundAccounts.of(view)
    for pod in workloads(view):
        namespace = pod.item.id.namespace
        name = str(
            pod.field_value("serviceAccountName") or pod.field_value("serviceAccount") or "default"
        )
        if _has_token(view, pod, name) and not bound.contains(namespace, name):
            text = (
                f"{pod.item.id} has a token of the ServiceAccount {name}, which has no role; set "
                f"{_KEY} to false"
            )
            yield ObjectIssue(pod.item, text, (*pod.path, _KEY))


def _has_token(view: EnvironmentView, pod: PodTemplate, name: str) -> bool:
    """Whether the kubelet mounts a token. The Pod takes precedence over its ServiceAccount."""
    stated = pod.field_value(_KEY)
    account = view.by_id.get(ObjectId("", "ServiceAccount", pod.item.id.namespace, name))
    if stated is None and account is not None:
        stated = account.value.get(_KEY)
    # An account that is not rendered may have a role, and may say that it needs no token.
    is_known = account is not None or name == "default"
    return stated is True or (stated is None and is_known)
