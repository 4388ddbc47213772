"""AWS Load Balancer Controller: makes the ALB of the Ingress."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.components.addon import (
    CLUSTER_ROLES,
    CRDS,
    MUTATING_WEBHOOKS,
    VALIDATING_WEBHOOKS,
    Addon,
)
from gitops_gen.components.addon_values import HARDENING, Fixed, Ownership, Replaceable
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


def _facts_of_the_cluster(environment: Environment) -> Values:
    cluster = environment.values["cluster"]
    return {
        "clusterName": cluster["name"],
        "region": cluster["region"],
        "vpcId": cluster["vpc"]["id"],
    }


ADDON = Addon(
    section=SECTION,
    repository="https://aws.github.io/eks-charts",
    namespace=NAMESPACE,
    wave=0,
    provides=frozenset({LOAD_BALANCER_CONTROLLER}),
    requires=CERTIFICATES,
    # What 3.5.0 renders with our values.
    cluster_kinds=CRDS | CLUSTER_ROLES | MUTATING_WEBHOOKS | VALIDATING_WEBHOOKS,
    monitor={"serviceMonitor": {"enabled": True}},
    computed=_facts_of_the_cluster,
    at_teardown=AtTeardown(controller_tag="elbv2.k8s.aws/cluster"),
    ownership=Ownership(
        fixed=(
            Fixed("clusterName", "it is cluster.name, whose subnets and nodes it looks for"),
            Fixed("region", "it is cluster.region, whose load balancers it makes"),
            Fixed("vpcId", "it is cluster.vpc.id, where its load balancers are"),
            Fixed("serviceAccount.name", AWS_ROLE.binding),
            Fixed(
                "serviceAccount.create",
                "Terraform binds the AWS role to this ServiceAccount, which nothing else makes",
                chart=True,
            ),
            Fixed("enableCertManager", "else the chart makes a new TLS key at every render"),
            Fixed("createIngressClassResource", "the component ingress owns the IngressClass"),
            Fixed(
                "enableServiceMutatorWebhook",
                "while that webhook does not answer, no Service of the cluster can be made",
            ),
        ),
        replaceable=(Replaceable("securityContext.capabilities.drop", HARDENING),),
    ),
)


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterable[Component]:
    return ADDON.instances(environment)
