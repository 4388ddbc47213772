"""The flows of a tier, as rules of its NetworkPolicy. DNS is the whole namespace's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.components.capabilities import MONITORING_NAMESPACE
from gitops_gen.components.network_peers import block, namespace, pods
from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Values

POD_IDENTITY_AGENT = "169.254.170.23/32"
LINK_LOCAL = "169.254.0.0/16"


def ingress(tier: Tier) -> Iterator[Values]:
    port, metrics = tier.get("port"), tier.metrics_port
    if tier.routed and (cidrs := _load_balancer_cidrs(tier)):
        yield _rule("from", map(block, cidrs), (port, tier.health_port))
    if port is not None and (callers := tier.callers):
        yield _rule("from", map(_pods, callers), (port,))
    if tier.scraped and metrics is not None:
        yield _rule("from", [namespace(MONITORING_NAMESPACE)], (metrics,))


def egress(tier: Tier) -> Iterator[Values]:
    for _, provision in tier.backing:
        yield from (_rule("to", flow.peers, flow.ports) for flow in provision.egress if flow.peers)
    for called in tier.calls:
        yield _rule("to", [_pods(called)], (called.get("port"),))
    for outside in tier.get("egress", default=[]):
        yield _rule("to", [_outside(tier, outside["cidr"])], outside["ports"])
    if tier.get("awsRole"):
        yield _rule("to", [block(POD_IDENTITY_AGENT)], (80,))


def _load_balancer_cidrs(tier: Tier) -> list[str]:
    internal = tier.environment.get("ingress", "scheme") == "internal"
    subnets = "privateSubnetCidrs" if internal else "publicSubnetCidrs"
    return list(tier.environment.get("cluster", "vpc", subnets, default=[]))


def _pods(tier: Tier) -> Values:
    return pods(tier.namespace, {"gitops-gen.io/tier": tier.name})


def _outside(tier: Tier, cidr: str) -> Values:
    """A wide range never means the node's metadata service, nor the VPC with every Pod in it."""
    vpc = tier.environment.get("cluster", "vpc", "cidr")
    within = [inner for inner in (LINK_LOCAL, vpc) if inner and _wider(cidr, inner)]
    return {"ipBlock": {"cidr": cidr, **({"except": within} if within else {})}}


def _wider(cidr: str, inner: str) -> bool:
    from ipaddress import ip_network

    outer, network = ip_network(cidr), ip_network(inner)
    return outer != network and outer.version == network.version and network.subnet_of(outer)  # type: ignore[arg-type]


def _rule(side: str, peers: Iterable[Values], ports: Iterable[int | None]) -> Values:
    """No rule is made without peers: an empty list would mean everybody."""
    numbers = sorted({port for port in ports if port is not None})
    return {
        side: list(peers),
        "ports": [{"port": number, "protocol": "TCP"} for number in numbers],
    }
