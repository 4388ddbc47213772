"""Traffic that NetworkPolicies allow, although nothing declares it.

Every rule of a policy that selects Pods of gitops-gen's own charts is compared with the flows that
the values imply. The policy of another chart declares the traffic of its own Pods, so that only
rules for everyone are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.checks.selectors import Labels
from gitops_gen.checks.traffic.addresses import ANYWHERE, Addresses
from gitops_gen.checks.traffic.flows import Flow
from gitops_gen.checks.traffic.parties import TCP, Outside, Party, Pods
from gitops_gen.checks.traffic.policies import (
    NAMESPACE_NAME,
    NETWORK_POLICY,
    Direction,
    PolicyRule,
    port_matches,
    rules_of,
)
from gitops_gen.checks.traffic.traffic import Traffic
from gitops_gen.checks.truth import Truth
from gitops_gen.components.platform.namespaces import never_owned
from gitops_gen.model import Values
from gitops_gen.objects.plain import as_map

_EVERYONE = "every Pod and every address"
_ALL_PODS = "all Pods of the cluster"
_ANYWHERE = Addresses.of(ANYWHERE[:1])


@dataclass(frozen=True, order=True)
class PortRange:
    protocol: str
    first: int
    last: int

    def __str__(self) -> str:
        if (self.first, self.last) == _ALL_NUMBERS:
            return f"every {self.protocol} port"
        last = f" to {self.last}" if self.last != self.first else ""
        return f"{self.protocol} port {self.first}{last}"


_ALL_NUMBERS = (1, 65535)


@dataclass(frozen=True, order=True)
class Opening:
    """What one rule allows and nothing declares."""

    peer: str
    port: PortRange


@dataclass(frozen=True, eq=False)
class Openings:
    """Finds the openings of the rules of one environment."""

    traffic: Traffic

    def found(self) -> Iterator[tuple[PolicyRule, Pods, list[Opening]]]:
        """Yields the rules with openings, for each of the Pods that they apply to."""
        directions: tuple[Direction, ...] = ("Ingress", "Egress")
        for policy in self.traffic.view.of_kind(NETWORK_POLICY):
            selector = as_map(as_map(policy.value.get("spec")).get("podSelector"))
            for subject in self.traffic.workloads.matched(selector, policy.id.namespace):
                for direction in directions:
                    for rule in rules_of(policy, direction):
                        if opened := sorted(set(self._of_rule(rule, subject))):
                            yield rule, subject, opened

    def _of_rule(self, rule: PolicyRule, subject: Pods) -> Iterator[Opening]:
        workload = subject.workload
        if workload is None or subject.host_network:
            return
        if self.traffic.view.is_first_party(workload):
            yield from self._exact(rule, subject)
        elif rule.direction == "Ingress":
            of_itself = rule.policy.component == subject.component
            yield from self._open(rule, subject) if of_itself else self._exact(rule, subject)

    # Rules for everyone

    def _open(self, rule: PolicyRule, subject: Pods) -> Iterator[Opening]:
        """Yields the ports that no flow uses and that a rule opens for everyone."""
        peer = _everyone(rule)
        for port in self._ports(rule, subject) if peer else ():
            if not any(_uses(flow, port) for flow in self._flows("Ingress", subject)):
                yield Opening(peer, port)

    # Every rule

    def _exact(self, rule: PolicyRule, subject: Pods) -> Iterator[Opening]:
        everyone = _everyone(rule) if not rule.peers else ""
        for port in self._own_ports(rule, subject) if everyone else ():
            yield Opening(everyone, port)
        for peer in rule.peers:
            if "ipBlock" in peer:
                yield from self._of_block(rule, subject, as_map(peer["ipBlock"]))
            elif peer.get("namespaceSelector") == {} and not as_map(peer.get("podSelector")):
                yield from (Opening(_ALL_PODS, port) for port in self._own_ports(rule, subject))
            else:
                yield from self._of_pods(rule, subject, peer)

    def _own_ports(self, rule: PolicyRule, subject: Pods) -> Sequence[PortRange]:
        """The ports of a rule, without those on which the Pods do not listen."""
        return self._ports(rule, subject) if rule.direction == "Ingress" else _written_ports(rule)

    def _of_block(self, rule: PolicyRule, subject: Pods, block: Values) -> Iterator[Opening]:
        for port in self._own_ports(rule, subject):
            flows = (one for one in self._flows(rule.direction, subject) if _uses(one, port))
            peers = (_peer(flow, rule.direction) for flow in flows)
            declared = Addresses.joined(p.addresses for p in peers if isinstance(p, Outside))
            if Addresses.of_block(block).are_in(declared) is not Truth.YES:
                yield Opening(f"addresses in {block.get('cidr')}", port)

    def _selected(self, rule: PolicyRule, value: Values) -> Iterable[Pods]:
        """The Pods that a peer may select, so that not all Pods are compared."""
        workloads, name = self.traffic.workloads, rule.policy.id.namespace
        if "namespaceSelector" in value:
            labels = as_map(as_map(value["namespaceSelector"]).get("matchLabels"))
            name = str(labels.get(NAMESPACE_NAME) or "")
        selector = as_map(value.get("podSelector"))
        return workloads.matched(selector, name) if name else workloads.all

    def _of_pods(self, rule: PolicyRule, subject: Pods, value: Values) -> Iterator[Opening]:
        for peer in (*self._selected(rule, value), *self._not_rendered):
            if peer is subject or self.traffic.policies.peers_match(rule, peer) is not Truth.YES:
                continue
            target = subject if rule.direction == "Ingress" else peer
            for port in self._ports(rule, target):
                if not self._is_declared(rule, subject, peer, port) and self._is_possible(
                    rule, subject, peer, port
                ):
                    yield Opening(peer.name, port)

    def _is_declared(self, rule: PolicyRule, subject: Pods, peer: Pods, port: PortRange) -> bool:
        return any(
            _is_same(_peer(flow, rule.direction), peer) and _uses(flow, port)
            for flow in self._flows(rule.direction, subject)
        )

    def _is_possible(self, rule: PolicyRule, subject: Pods, peer: Pods, port: PortRange) -> bool:
        """Whether the policies at the other end allow it too."""
        ends = (peer, subject) if rule.direction == "Ingress" else (subject, peer)
        judgement = self.traffic.policies.judge(*ends, port.first, port.protocol)
        return judgement.allowed is not Truth.NO

    def _ports(self, rule: PolicyRule, target: Pods) -> Sequence[PortRange]:
        """The ports of a target that a rule allows.

        Pods of a chart that declare no ports may listen on all of them. Those of gitops-gen's own
        charts, such as the Jobs of migrations, then listen on none.
        """
        if not target.ports:
            workload = target.workload
            is_complete = workload is not None and self.traffic.view.is_first_party(workload)
            return [] if is_complete else _written_ports(rule)
        return [
            PortRange(port.protocol, port.number, port.number)
            for port in target.ports
            if port_matches(rule, target, port.number, port.protocol) is Truth.YES
        ]

    def _flows(self, direction: Direction, subject: Pods) -> Sequence[Flow]:
        """The flows into or out of Pods."""
        return self._by_end.get((direction, subject), ())

    @cached_property
    def _by_end(self) -> Mapping[tuple[Direction, Party], Sequence[Flow]]:
        found: dict[tuple[Direction, Party], list[Flow]] = {}
        for one in self.traffic.flows:
            found.setdefault(("Ingress", one.flow.target), []).append(one.flow)
            found.setdefault(("Egress", one.flow.source), []).append(one.flow)
        return found

    @cached_property
    def _not_rendered(self) -> tuple[Pods, ...]:
        """The Pods of namespaces that contain Pods which are not rendered."""
        names = set(never_owned())
        for component in self.traffic.view.not_hydrated:
            names |= {component.namespace} | component.touches
        return tuple(
            Pods(f"Pods of the namespace {name}", name, Labels(complete=False))
            for name in sorted(names)
        )


def _everyone(rule: PolicyRule) -> str:
    """The peers of a rule in words, if they are all Pods or all addresses; otherwise empty."""
    if not rule.peers:
        return _EVERYONE
    for peer in rule.peers:
        if "ipBlock" in peer:
            if _ANYWHERE.are_in(Addresses.of_block(as_map(peer["ipBlock"]))) is Truth.YES:
                return "every address"
        elif peer.get("namespaceSelector") == {} and not as_map(peer.get("podSelector")):
            return _ALL_PODS
    return ""


def _written_ports(rule: PolicyRule) -> list[PortRange]:
    """The ports that a rule contains as numbers, or all of them."""
    if not rule.ports:
        return [PortRange(TCP, *_ALL_NUMBERS)]
    found = []
    for port in rule.ports:
        protocol, first, last = port.get("protocol") or TCP, port.get("port"), port.get("endPort")
        if first is None:
            found.append(PortRange(protocol, *_ALL_NUMBERS))
        elif isinstance(first, int):
            found.append(PortRange(protocol, first, last if isinstance(last, int) else first))
    return found


def _uses(flow: Flow, port: PortRange) -> bool:
    """Whether a flow uses a port, and the range contains no others."""
    return (flow.protocol, flow.port, flow.port) == (port.protocol, port.first, port.last)


def _peer(flow: Flow, direction: Direction) -> Party:
    return flow.source if direction == "Ingress" else flow.target


def _is_same(declared: Party, peer: Pods) -> bool:
    """Whether a flow declares these Pods. Of those that are not rendered, only the namespace is
    compared."""
    if isinstance(declared, Outside) or declared.workload or peer.workload:
        return declared is peer
    return declared.namespace == peer.namespace
