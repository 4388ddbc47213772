"""What NetworkPolicies allow, compared as sets.

Fields alone do not show it: a rule of a NetworkPolicy without peers or without ports allows all of
them.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.model import Values
from gitops_gen.objects.plain import as_list, as_map, value_at

DIRECTIONS = {"ingress": "from", "egress": "to"}
"""The directions, with the key of the peers in a rule."""


@dataclass(frozen=True, slots=True)
class AllowedTraffic:
    """Traffic of all Pods that match a peer, to one entry of `ports`; None means everything."""

    peer: str | None
    port: str | None

    def contains(self, part: AllowedTraffic) -> bool:
        return _contains_peer(self.peer, part.peer) and _contains_port(self.port, part.port)


def restricts(policy: Values, direction: str) -> bool:
    """Whether the policy restricts the direction. Without `policyTypes`, its rules decide."""
    types = as_list(value_at(policy, "spec", "policyTypes"))
    if types:
        return direction in [str(one).lower() for one in types]
    return direction == "ingress" or value_at(policy, "spec", direction) is not None


def gained(old: Values, new: Values, direction: str) -> bool:
    """Whether the new policy allows traffic that the old one did not allow."""
    before = set(_flows(old, direction))
    return any(
        not any(one.contains(flow) for one in before) for flow in set(_flows(new, direction))
    )


def _flows(policy: Values, direction: str) -> Iterator[AllowedTraffic]:
    if not restricts(policy, direction):
        yield AllowedTraffic(None, None)
        return
    for rule in map(as_map, as_list(value_at(policy, "spec", direction))):
        peers, ports = _entries(rule, DIRECTIONS[direction]), _entries(rule, "ports")
        yield from (AllowedTraffic(peer, port) for peer in peers for port in ports)


def _entries(rule: Values, key: str) -> list[str | None]:
    """The entries of a list as texts; without entries, the rule allows everything."""
    return [_text(one) for one in as_list(rule.get(key))] or [None]


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _contains_peer(first: str | None, second: str | None) -> bool:
    if first is None or first == second:
        return True
    if second is None:
        return False
    outer, inner = (as_map(json.loads(one)).get("ipBlock") for one in (first, second))
    if not outer or not inner or as_list(as_map(outer).get("except")):
        return False
    return contains_network(str(as_map(outer).get("cidr")), str(as_map(inner).get("cidr")))


def contains_network(outer: str, inner: str) -> bool:
    """Whether the first CIDR contains the second one."""
    try:
        first, second = (ipaddress.ip_network(one, strict=False) for one in (outer, inner))
    except ValueError:
        return outer == inner
    if isinstance(first, ipaddress.IPv4Network) and isinstance(second, ipaddress.IPv4Network):
        return second.subnet_of(first)
    if isinstance(first, ipaddress.IPv6Network) and isinstance(second, ipaddress.IPv6Network):
        return second.subnet_of(first)
    return False


def _contains_port(first: str | None, second: str | None) -> bool:
    if first is None or first == second:
        return True
    if second is None:
        return False
    outer, inner = (as_map(json.loads(one)) for one in (first, second))
    if outer.get("protocol", "TCP") != inner.get("protocol", "TCP"):
        return False
    return outer.get("port") is None or _contains_range(outer, inner)


def _contains_range(outer: Values, inner: Values) -> bool:
    start, first = outer.get("port"), inner.get("port")
    if not isinstance(start, int) or not isinstance(first, int):
        return start == first
    last, end = inner.get("endPort", first), outer.get("endPort", start)
    return bool(start <= first and last <= end)
