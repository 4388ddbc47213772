"""AWS Load Balancer Controller, which creates the ALB of the Ingress."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import (
    CLUSTER_ROLES,
    CRDS,
    MUTATING_WEBHOOKS,
    VALIDATING_WEBHOOKS,
    Addon,
)
from gitops_gen.components.addon_values import (
    HARDENING,
    SERVICE_ACCOUNT_OF_THE_CHART,
    Fixed,
    Ownership,
    Replaceable,
)
from gitops_gen.components.capabilities import CERTIFICATES, LOAD_BALANCER_CONTROLLER
from gitops_gen.components.types import AddonRole, AtTeardown, Component
from gitops_gen.model import Environment, Values

SECTION = ("addons", "aws-load-balancer-controller")
NAMESPACE = "kube-system"
AWS_ROLE = AddonRole(
    name="aws-load-balancer-controller",
    namespace=NAMESPACE,
    service_account="aws-load-balancer-controller",
    policy="load-balancer-controller.json",
    optional=False,
)


def _cluster_values(environment: Environment) -> Values:
    cluster = environment.values["cluster"]
    tags = {"defaultTags": cluster["tags"]} if cluster.get("tags") else {}
    return {
        "clusterName": cluster["name"],
        "region": cluster["region"],
        "vpcId": cluster["vpc"]["id"],
        **tags,
    }


ADDON = Addon(
    section=SECTION,
    repository="https://aws.github.io/eks-charts",
    namespace=NAMESPACE,
    wave=0,
    provides=frozenset({LOAD_BALANCER_CONTROLLER}),
    requires=CERTIFICATES,
    # The kinds that version 3.5.0 renders.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    monitor={"serviceMonitor": {"enabled": True}},
    computed=_cluster_values,
    at_teardown=AtTeardown(controller_tag="elbv2.k8s.aws/cluster"),
    ownership=Ownership(
        fixed=(
            Fixed(
                "clusterName",
                "this is cluster.name, by which the controller finds subnets and nodes",
            ),
            Fixed(
                "region",
                "this is cluster.region, in which the controller creates load balancers",
            ),
            Fixed(
                "vpcId",
                "this is cluster.vpc.id, the VPC in which the controller creates load balancers",
            ),
            Fixed("serviceAccount.name", AWS_ROLE.binding),
            SERVICE_ACCOUNT_OF_THE_CHART,
            Fixed(
                "enableCertManager", "otherwise the chart generates a new TLS key at every render"
            ),
            Fixed("createIngressClassResource", "the component ingress creates the IngressClass"),
            Fixed(
                "enableServiceMutatorWebhook",
                "otherwise no Service can be created while that webhook is unavailable",
            ),
        ),
        replaceable=(Replaceable("securityContext.capabilities.drop", HARDENING),),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
