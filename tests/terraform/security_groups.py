"""The security groups as a graph of the allowed connections with their ports.

A connection between two groups requires an egress rule of one and an ingress rule of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workspace import Resource

INTERNET = "Internet"
ALB, NODE, PLANE = "ALB", "node", "control plane"
_ENDS = {"-alb": ALB, "-node": NODE, "-control-plane": PLANE}
_RULE = "aws_vpc_security_group_{}_rule"


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    source: str
    target: str
    protocol: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.source} -> {self.target} {self.protocol} {self.first}-{self.last}"


def admitted(resources: list[Resource]) -> set[Edge]:
    """Returns the connections that ingress rules allow, regardless of egress rules."""
    return {
        _edge(
            rule.values, names[_peer(rule.values, names)], names[rule.values["security_group_id"]]
        )
        for names in [_names(resources)]
        for rule in resources
        if rule.type == _RULE.format("ingress")
    }


def sent(resources: list[Resource]) -> set[Edge]:
    names = _names(resources)
    return {
        _edge(
            rule.values, names[rule.values["security_group_id"]], names[_peer(rule.values, names)]
        )
        for rule in resources
        if rule.type == _RULE.format("egress")
    }


def _names(resources: list[Resource]) -> dict[str, str]:
    """Returns the roles of the security groups by ID. An address range is its own name."""
    names = {}
    for resource in resources:
        values = resource.values
        if resource.type == "aws_security_group":
            (names[values["id"]],) = (
                who for end, who in _ENDS.items() if values["name"].endswith(end)
            )
        elif resource.type in (_RULE.format("ingress"), _RULE.format("egress")):
            for cidr in (values["cidr_ipv4"], values["cidr_ipv6"]):
                names[str(cidr)] = INTERNET if str(cidr).endswith("/0") else str(cidr)
    return names


def _peer(values: dict[str, Any], names: dict[str, str]) -> str:
    peer = values["referenced_security_group_id"] or values["cidr_ipv4"] or values["cidr_ipv6"]
    assert peer in names, f"a rule for a peer that is not ours: {values}"
    return str(peer)


def _edge(values: dict[str, Any], source: str, target: str) -> Edge:
    everything = values["ip_protocol"] == "-1"
    first = 0 if everything else int(values["from_port"])
    last = 65535 if everything else int(values["to_port"])
    return Edge(source, target, values["ip_protocol"], first, last)
