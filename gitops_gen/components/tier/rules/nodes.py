"""What a tier needs of the nodes that Terraform made: their architecture, and ways out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Path, Related, Rule

ARCHITECTURE = Rule(
    "tier-architecture",
    title="A tier is meant for the architecture of the cluster's nodes",
    why="A node cannot run an image of another architecture, and no node fits a selector that asks "
    "for one.",
    remedy="Name an image for the architecture of the nodes, or for several, or change `nodes` in "
    "terraform/infra and import the cluster again.",
)
CLOSED_EGRESS = Rule(
    "tier-closed-egress",
    title="The nodes' security group lets out what a tier's egress allows",
    why="The network policy of the tier lets the connection through, and the security group of "
    "the nodes drops it.",
    remedy="Add the port to the rules of terraform/modules/security-groups, apply, and import the "
    "cluster again.",
)
SELECTOR = "kubernetes.io/arch"
_NAMED = re.compile(r"(?:^|[-_./])(amd64|x86[-_]64|arm64|arm64v8|aarch64)(?=$|[-_./])")


def findings(environment: Environment) -> Iterator[Finding]:
    architecture = environment.get("cluster", "nodes", "architecture")
    opened = environment.get("cluster", "nodeEgress")
    for tier in tiers(environment):
        if architecture is not None:
            yield from _architecture(tier, architecture)
        if opened is not None:
            yield from _egress(tier, opened)


def _architecture(tier: Tier, nodes: str) -> Iterator[Finding]:
    for path, wanted in _wanted(tier):
        if wanted != nodes:
            place = tier.environment.position(("cluster", "nodes", "architecture"))
            message = f"is for {wanted}, and the cluster's nodes are {nodes} ({place})"
            related = (Related(place, "the architecture of the nodes"),)
            advice = "; name an image for the nodes' architecture, or for several"
            yield tier.finding(ARCHITECTURE, path, message + advice, related=related)


def _wanted(tier: Tier) -> Iterator[tuple[Path, str]]:
    """Each place that names an architecture. Most images name none and are for several."""
    if selected := tier.get("nodeSelector", SELECTOR):
        yield ("nodeSelector", SELECTOR), selected
    for key in ("repository", "tag"):
        if named := _NAMED.search(str(tier.get("image", key) or "")):
            yield ("image", key), "arm64" if named[1].startswith(("arm", "aarch")) else "amd64"


def _egress(tier: Tier, opened: list[Mapping[str, Any]]) -> Iterator[Finding]:
    for number, outside in enumerate(tier.get("egress", default=[])):
        for index, port in enumerate(outside["ports"]):
            if not any(_lets_out(rule, outside["cidr"], port) for rule in opened):
                place = tier.environment.position(("cluster", "nodeEgress"), key=True)
                message = (
                    f"{port} of {outside['cidr']} is closed by the security group of the nodes "
                    f"({place}); open it in terraform/modules/security-groups and import the "
                    "cluster again"
                )
                related = (Related(place, "what the security group opens"),)
                path = ("egress", number, "ports", index)
                yield tier.finding(CLOSED_EGRESS, path, message, related=related)


def _lets_out(rule: Mapping[str, Any], cidr: str, port: int) -> bool:
    inner, outer = ip_network(cidr), ip_network(rule["cidr"])
    within = inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]
    return bool(within and rule["from"] <= port <= rule["to"])
