"""What an Ingress needs of the cluster: a controller, subnets and open ports."""

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
    why="Only the controller makes a load balancer of the Ingress; without it nothing from outside "
    "reaches the application.",
    remedy="Switch the add-on aws-load-balancer-controller on, or the Ingress off. If something "
    "else runs the controller, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
SUBNET_CIDRS = Rule(
    "ingress-subnet-cidrs",
    title="The address ranges of the load balancer's subnets are known",
    why="The network policies of the tiers admit the load balancer by these ranges.",
    remedy="Import the cluster from Terraform, or write the ranges under `cluster.vpc`.",
)
POD_PORTS = Rule(
    "ingress-pod-ports",
    title="Tiers behind the load balancer listen where the nodes admit it",
    why="The load balancer sends requests and health checks straight to the Pods, and the "
    "security group of the nodes opens only the ports of `cluster.podPorts` to it.",
    remedy="Let the tier listen on one of these ports, or open others in Terraform and import the "
    "cluster again.",
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
        "is off, so no load balancer is made unless somebody else runs the controller; "
        "switch it on, or the Ingress off (ingress.enabled: false)"
    )
    for addon in providers(capability):
        yield environment.finding(CONTROLLER, (*addon.section, "enabled"), text)


def _subnets(environment: Environment) -> Iterator[Finding]:
    scheme = environment.get(NAME, "scheme")
    path = ("cluster", "vpc", SUBNETS[scheme])
    if not environment.get(*path):
        text = (
            f"is missing: the tiers admit an {scheme} load balancer by its subnets' CIDRs; "
            "give them, or import the cluster from Terraform"
        )
        yield environment.finding(SUBNET_CIDRS, path, text)


def _pod_ports(environment: Environment, found: tuple[Route, ...]) -> Iterator[Finding]:
    """The load balancer sends requests and health checks straight to the Pods."""
    first, last = (environment.get("cluster", "podPorts", key) for key in ("from", "to"))
    if first is None or last is None:
        return
    for tier in sorted({route.tier for route in found}):
        for path in (("tiers", tier, "port"), ("tiers", tier, "health", "port")):
            port = environment.get(*path)
            if port is not None and not first <= port <= last:
                opened = environment.position(("cluster", "podPorts"), key=True)
                text = (
                    f"{port} is none of {first} to {last}, which the nodes open to the load "
                    f"balancer ({opened}); listen on one of those"
                )
                related = (Related(opened, "the ports that are open"),)
                yield environment.finding(POD_PORTS, path, text, related=related)
