"""Rules that compare tiers with the nodes: architecture, zones and security group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Path, Related, Rule

ARCHITECTURE = Rule(
    "tier-architecture",
    title="A tier is built for the architecture of the cluster's nodes",
    why="A node cannot run an image of another architecture, and Pods with a selector for another "
    "architecture stay pending.",
    remedy="Use an image for the architecture of the nodes, or a multi-architecture image. "
    "Alternatively, change `nodes` in terraform/infra and import the cluster again.",
)
CLOSED_EGRESS = Rule(
    "tier-closed-egress",
    title="The nodes' security group allows the egress of a tier",
    why="The NetworkPolicy of the tier allows the connection, but the security group of the nodes "
    "drops it.",
    remedy="Add the port to the rules in terraform/modules/security-groups, apply, and import the "
    "cluster again.",
)
ZONE = Rule(
    "tier-zone",
    title="The zone in a tier's node selector has nodes",
    why="Pods with a selector for a zone without nodes stay pending.",
    remedy="Use a zone of `cluster.vpc.zones`, or add the zone in terraform/infra and import the "
    "cluster again.",
)
ZONE_SELECTOR = "topology.kubernetes.io/zone"
SELECTOR = "kubernetes.io/arch"
_NAMED = re.compile(r"(?:^|[-_./])(amd64|x86[-_]64|arm64|arm64v8|aarch64)(?=$|[-_./])")


def findings(environment: Environment) -> Iterator[Finding]:
    architecture = environment.get("cluster", "nodes", "architecture")
    opened = environment.get("cluster", "nodeEgress")
    zones = environment.get("cluster", "vpc", "zones")
    for tier in tiers(environment):
        if architecture is not None:
            yield from _architecture(tier, architecture)
        if opened is not None:
            yield from _egress(tier, opened)
        if zones is not None:
            yield from _zone(tier, zones)


def _architecture(tier: Tier, nodes: str) -> Iterator[Finding]:
    for path, wanted in _wanted(tier):
        if wanted != nodes:
            place = tier.environment.position(("cluster", "nodes", "architecture"))
            message = f"is for {wanted}, but the cluster's nodes are {nodes} ({place})"
            related = (Related(place, "the architecture of the nodes"),)
            advice = "; use an image for their architecture, or a multi-architecture image"
            yield tier.finding(ARCHITECTURE, path, message + advice, related=related)


def _wanted(tier: Tier) -> Iterator[tuple[Path, str]]:
    """Returns each path that names an architecture, and the architecture.

    Most images name none, because they support several architectures.
    """
    if selected := tier.get("nodeSelector", SELECTOR):
        yield ("nodeSelector", SELECTOR), selected
    for key in ("repository", "tag"):
        if named := _NAMED.search(str(tier.get("image", key) or "")):
            yield ("image", key), "arm64" if named[1].startswith(("arm", "aarch")) else "amd64"


def _egress(tier: Tier, opened: list[Mapping[str, Any]]) -> Iterator[Finding]:
    for number, outside in enumerate(tier.get("egress", default=[])):
        for index, port in enumerate(outside["ports"]):
            if not any(_allows(rule, outside["cidr"], port) for rule in opened):
                place = tier.environment.position(("cluster", "nodeEgress"), key=True)
                message = (
                    f"the security group of the nodes does not allow port {port} of "
                    f"{outside['cidr']} ({place}); add it in terraform/modules/security-groups and "
                    "import the cluster again"
                )
                related = (Related(place, "the egress that the security group allows"),)
                path = ("egress", number, "ports", index)
                yield tier.finding(CLOSED_EGRESS, path, message, related=related)


def _zone(tier: Tier, zones: list[str]) -> Iterator[Finding]:
    wanted = tier.get("nodeSelector", ZONE_SELECTOR)
    if wanted is not None and wanted not in zones:
        place = tier.environment.position(("cluster", "vpc", "zones"))
        text = f"'{wanted}' is not a zone of the cluster; use one of {', '.join(zones)} ({place})"
        related = (Related(place, "the zones of the cluster"),)
        yield tier.finding(ZONE, ("nodeSelector", ZONE_SELECTOR), text, related=related)


def _allows(rule: Mapping[str, Any], cidr: str, port: int) -> bool:
    inner, outer = ip_network(cidr), ip_network(rule["cidr"])
    within = inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]
    return bool(within and rule["from"] <= port <= rule["to"])
