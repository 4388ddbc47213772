"""metrics-server, for clusters in which EKS does not install it."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import CLUSTER_ROLES, Addon
from gitops_gen.components.addon_values import OWN_NAMESPACE, Fixed, Ownership, Replaceable
from gitops_gen.components.capabilities import CERTIFICATES
from gitops_gen.components.types import Component
from gitops_gen.model import Environment

SECTION = ("addons", "metrics-server")

ADDON = Addon(
    section=SECTION,
    repository="https://kubernetes-sigs.github.io/metrics-server",
    # Its RoleBinding for the configuration of aggregated APIs must be in kube-system.
    namespace="kube-system",
    # Before the tiers, whose autoscalers read the metrics.
    wave=0,
    requires=CERTIFICATES,
    # The kinds that version 3.13.1 renders.
    cluster_kinds=CLUSTER_ROLES | {("apiregistration.k8s.io", "APIService")},
    # Without `metrics`, the chart renders no ServiceMonitor.
    monitor={"metrics": {"enabled": True}, "serviceMonitor": {"enabled": True}},
    ownership=Ownership(
        fixed=(
            Fixed(
                "tls.type",
                "cert-manager creates the certificate, and with the value helm the chart would "
                "generate a new TLS key at every render",
            ),
            Fixed(
                "apiService.create",
                "no other component creates the APIService, without which autoscalers and "
                "kubectl top get no metrics",
                chart=True,
            ),
            Fixed(
                "containerPort",
                "the security groups of Terraform let the API server connect to this port",
                chart=10250,
            ),
            Fixed("namespaceOverride", OWN_NAMESPACE, chart=""),
        ),
        replaceable=(Replaceable("topologySpreadConstraints", "it affects only its Pods"),),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
