"""The rules of a tier's NetworkPolicy. DNS traffic is allowed by a policy of the namespace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.components.capabilities import MONITORING_NAMESPACE
from gitops_gen.components.network_peers import block, namespace, pods
from gitops_gen.components.tier.view import Tier
from gitops_gen.components.types import DeclaredFlow
from gitops_gen.model import Values

TIER_LABEL = "gitops-gen.io/tier"
"""The label of all Pods of a tier, which include those of its migrations."""
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
    for flow in flows(tier):
        yield _rule("to", flow.peers, flow.ports)


def flows(tier: Tier) -> Iterator[DeclaredFlow]:
    """Yields the traffic from the tier's Pods that its values imply."""
    source = {TIER_LABEL: tier.name}
    for service, provision in tier.backing:
        for allowed in provision.egress:
            if allowed.peers:
                yield DeclaredFlow(source, allowed.peers, allowed.ports, tier.at(service.key))
    for called in tier.calls:
        peers, port = (_pods(called),), called.get("port")
        yield DeclaredFlow(source, peers, () if port is None else (port,), tier.at("calls"))
    for index, outside in enumerate(tier.get("egress", default=[])):
        peers = (_outside(tier, outside["cidr"]),)
        yield DeclaredFlow(source, peers, tuple(outside["ports"]), tier.at("egress", index))
    if tier.get("awsRole"):
        yield DeclaredFlow(source, (block(POD_IDENTITY_AGENT),), (80,), tier.at("awsRole"))


def _load_balancer_cidrs(tier: Tier) -> list[str]:
    internal = tier.environment.get("ingress", "scheme") == "internal"
    subnets = "privateSubnetCidrs" if internal else "publicSubnetCidrs"
    return list(tier.environment.get("cluster", "vpc", subnets, default=[]))


def _pods(tier: Tier) -> Values:
    return pods(tier.namespace, {TIER_LABEL: tier.name})


def _outside(tier: Tier, cidr: str) -> Values:
    """Returns the peer, without the node's metadata service and the VPC if the range is wider."""
    vpc = tier.environment.get("cluster", "vpc", "cidr")
    within = [inner for inner in (LINK_LOCAL, vpc) if inner and _is_wider(cidr, inner)]
    return {"ipBlock": {"cidr": cidr, **({"except": within} if within else {})}}


def _is_wider(cidr: str, inner: str) -> bool:
    from ipaddress import ip_network

    outer, network = ip_network(cidr), ip_network(inner)
    return outer != network and outer.version == network.version and network.subnet_of(outer)  # type: ignore[arg-type]


def _rule(side: str, peers: Iterable[Values], ports: Iterable[int | None]) -> Values:
    """Returns a rule. `peers` must not be empty, because an empty list allows all traffic."""
    numbers = sorted({port for port in ports if port is not None})
    return {
        side: list(peers),
        "ports": [{"port": number, "protocol": "TCP"} for number in numbers],
    }
