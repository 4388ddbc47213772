"""Rules for what an Ingress requires of the cluster: a controller, subnets and open ports."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.capabilities import (
    LOAD_BALANCER_CONTROLLER,
    is_synced,
    provided_by_eks,
    providers,
)
from gitops_gen.components.ingress.routes import NAME, Route, routes
from gitops_gen.model import Environment, Finding, Related, Rule, Severity

SUBNETS = {"internet-facing": "publicSubnetCidrs", "internal": "privateSubnetCidrs"}

CONTROLLER = Rule(
    "ingress-controller",
    title="An Ingress has the AWS Load Balancer Controller",
    why="Only the controller creates a load balancer for the Ingress. Without it, the application "
    "cannot be reached from outside the cluster.",
    remedy="Enable the add-on aws-load-balancer-controller, or disable the Ingress. If the "
    "controller is installed in another way, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
SUBNET_CIDRS = Rule(
    "ingress-subnet-cidrs",
    title="The address ranges of the load balancer's subnets are known",
    why="The NetworkPolicies of the tiers allow traffic from the load balancer by these ranges.",
    remedy="Import the cluster from Terraform, or set the ranges in `cluster.vpc`.",
)
POD_PORTS = Rule(
    "ingress-pod-ports",
    title="Tiers behind the load balancer listen on ports that are open to it",
    why="The load balancer sends requests and health checks directly to the Pods, and the "
    "security group of the nodes opens only the ports of `cluster.podPorts` to it.",
    remedy="Let the tier listen on one of these ports, or open other ports in Terraform and import "
    "the cluster again.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    found = routes(environment)
    if found and environment.enabled(NAME):
        yield from _controller(environment)
        yield from _subnets(environment)
        yield from _pod_ports(environment, found)


def _controller(environment: Environment) -> Iterator[Finding]:
    capability = LOAD_BALANCER_CONTROLLER
    if is_synced(environment, capability) or capability in provided_by_eks(environment):
        return
    text = (
        "is disabled, so the Ingress gets no load balancer unless the controller is installed in "
        "another way; enable it, or disable the Ingress (ingress.enabled: false)"
    )
    for addon in providers(capability):
        yield environment.finding(CONTROLLER, (*addon.section, "enabled"), text)


def _subnets(environment: Environment) -> Iterator[Finding]:
    scheme = environment.get(NAME, "scheme")
    path = ("cluster", "vpc", SUBNETS[scheme])
    if not environment.get(*path):
        text = (
            f"is required, because the NetworkPolicies of the tiers allow the {scheme} load "
            "balancer by the CIDRs of its subnets; set it, or import the cluster from Terraform"
        )
        yield environment.finding(SUBNET_CIDRS, path, text)


def _pod_ports(environment: Environment, found: tuple[Route, ...]) -> Iterator[Finding]:
    """Yields findings for ports of Pods that are not open to the load balancer."""
    first, last = (environment.get("cluster", "podPorts", key) for key in ("from", "to"))
    if first is None or last is None:
        return
    for tier in sorted({route.tier for route in found}):
        for path in (("tiers", tier, "port"), ("tiers", tier, "health", "port")):
            port = environment.get(*path)
            if port is not None and not first <= port <= last:
                opened = environment.position(("cluster", "podPorts"), key=True)
                text = (
                    f"port {port} is not in the range {first} to {last}, which the nodes open to "
                    f"the load balancer ({opened}); use a port in this range"
                )
                related = (Related(opened, "the ports that are open"),)
                yield environment.finding(POD_PORTS, path, text, related=related)
