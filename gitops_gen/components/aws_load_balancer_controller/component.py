"""AWS Load Balancer Controller: makes the ALB of the Ingress."""

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

SECTION = ("addons", "aws-load-balancer-controller")

ADDON = Addon(
    section=SECTION,
    repository="https://aws.github.io/eks-charts",
    namespace="kube-system",
    wave=0,
    provides=frozenset({"ingress-controller:alb"}),
    requires=CERT_MANAGER,
    # What 3.5.0 renders with our values.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    monitor={"serviceMonitor": {"enabled": True}},
    fixed=(
        Fixed("enableCertManager", True, "else the chart makes a new TLS key at every render"),
        Fixed("createIngressClassResource", False, "the component ingress owns the IngressClass"),
        Fixed(
            "enableServiceMutatorWebhook",
            False,
            "while that webhook does not answer, no Service of the cluster can be made",
        ),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    cluster = environment.values["cluster"]
    computed = {
        "clusterName": cluster["name"],
        "region": cluster["region"],
        "vpcId": cluster["vpc"]["id"],
    }
    return ADDON.instances(environment, computed)


def rules(environment: Environment) -> Iterable[Finding]:
    return ADDON.rules(environment)
