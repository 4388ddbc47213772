"""CloudWatch Observability: logs and metrics to AWS, where Terraform does not install it."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import (
    CERT_MANAGER,
    CLUSTER_ROLES,
    CRDS,
    MUTATING_WEBHOOKS,
    VALIDATING_WEBHOOKS,
    Addon,
    Fixed,
)
from gitops_gen.components.types import Component
from gitops_gen.model import Environment, Finding

SECTION = ("addons", "amazon-cloudwatch-observability")

_NEW_KEYS = "else the chart makes new TLS keys at every render"

ADDON = Addon(
    section=SECTION,
    repository="https://aws-observability.github.io/helm-charts",
    namespace="amazon-cloudwatch",
    wave=5,
    requires=CERT_MANAGER,
    # Argo CD makes the namespace: as an EKS add-on, EKS would, so `platform` never owns it.
    # The agents read the nodes' files and network.
    create_namespace={"pod-security.kubernetes.io/enforce": "privileged"},
    # What 6.4.0 renders with our values.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    fixed=(
        Fixed("admissionWebhooks.certManager.enabled", True, _NEW_KEYS),
        Fixed("agent.certManager.enabled", True, _NEW_KEYS),
        Fixed("manager.rolling", False, "it restarts the operator at every render"),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    cluster = environment.values["cluster"]
    computed = {"clusterName": cluster["name"], "region": cluster["region"]}
    return ADDON.instances(environment, computed)


def rules(environment: Environment) -> Iterable[Finding]:
    return ADDON.rules(environment)
