"""CloudWatch Observability, for clusters in which Terraform does not install it."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import (
    CLUSTER_ROLES,
    CRDS,
    MUTATING_WEBHOOKS,
    VALIDATING_WEBHOOKS,
    Addon,
)
from gitops_gen.components.addon_values import Fixed, FixedInItems, Ownership
from gitops_gen.components.capabilities import CERTIFICATES
from gitops_gen.components.types import AddonRole, Component
from gitops_gen.model import Environment, Values

SECTION = ("addons", "amazon-cloudwatch-observability")
NAMESPACE = "amazon-cloudwatch"
# EKS creates it for the EKS add-on, and Argo CD for the chart.
EXTERNAL_NAMESPACES = frozenset({NAMESPACE})

AWS_ROLE = AddonRole(
    name="cloudwatch",
    namespace=NAMESPACE,
    service_account="cloudwatch-agent",
    aws_policies=("CloudWatchAgentServerPolicy", "AWSXrayWriteOnlyAccess"),
    optional=False,
)
_NEW_KEYS = "otherwise the chart generates new TLS keys at every render"


def _cluster_values(environment: Environment) -> Values:
    cluster = environment.values["cluster"]
    return {"clusterName": cluster["name"], "region": cluster["region"]}


ADDON = Addon(
    section=SECTION,
    repository="https://aws-observability.github.io/helm-charts",
    namespace=NAMESPACE,
    wave=5,
    requires=CERTIFICATES,
    # The agents read files and network interfaces of the nodes.
    create_namespace={"pod-security.kubernetes.io/enforce": "privileged"},
    # The kinds that version 6.4.0 renders.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    computed=_cluster_values,
    ownership=Ownership(
        fixed=(
            Fixed(
                "clusterName",
                "this is cluster.name, which is part of the names of logs and metrics",
            ),
            Fixed(
                "region",
                "this is cluster.region, to which the agents send logs and metrics",
            ),
            Fixed("agent.serviceAccount.name", AWS_ROLE.binding),
            Fixed("admissionWebhooks.certManager.enabled", _NEW_KEYS),
            Fixed("agent.certManager.enabled", _NEW_KEYS),
            Fixed("manager.rolling", "otherwise the operator restarts at every render"),
        ),
        # The values of each agent are merged over `agent`.
        fixed_in_items=(
            FixedInItems(
                "agents",
                "serviceAccount.name",
                AWS_ROLE.binding,
                chart=AWS_ROLE.service_account,
            ),
        ),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
