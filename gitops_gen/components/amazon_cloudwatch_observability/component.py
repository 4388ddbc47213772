"""CloudWatch Observability: logs and metrics to AWS, where Terraform does not install it."""

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
# As an EKS add-on, EKS makes it; as a chart, Argo CD does.
NAMESPACES_MADE_ELSEWHERE = frozenset({NAMESPACE})

AWS_ROLE = AddonRole(
    name="cloudwatch",
    namespace=NAMESPACE,
    service_account="cloudwatch-agent",
    aws_policies=("CloudWatchAgentServerPolicy", "AWSXrayWriteOnlyAccess"),
    optional=False,
)
_NEW_KEYS = "else the chart makes new TLS keys at every render"


def _facts_of_the_cluster(environment: Environment) -> Values:
    cluster = environment.values["cluster"]
    return {"clusterName": cluster["name"], "region": cluster["region"]}


ADDON = Addon(
    section=SECTION,
    repository="https://aws-observability.github.io/helm-charts",
    namespace=NAMESPACE,
    wave=5,
    requires=CERTIFICATES,
    # The agents read the nodes' files and network.
    create_namespace={"pod-security.kubernetes.io/enforce": "privileged"},
    # What 6.4.0 renders with our values.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    computed=_facts_of_the_cluster,
    ownership=Ownership(
        fixed=(
            Fixed("clusterName", "it is cluster.name, which its logs and metrics are named by"),
            Fixed("region", "it is cluster.region, where its logs and metrics go"),
            Fixed("agent.serviceAccount.name", AWS_ROLE.binding),
            Fixed("admissionWebhooks.certManager.enabled", _NEW_KEYS),
            Fixed("agent.certManager.enabled", _NEW_KEYS),
            Fixed("manager.rolling", "it restarts the operator at every render"),
        ),
        # Each agent is `agent` with its own values over it.
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
