"""What the NetworkPolicies of an environment allow, as the API of Kubernetes defines it.

A Pod is isolated in a direction if a policy with this policy type selects it. Then only the traffic
that one of these policies allows in this direction is possible. Traffic between Pods must be
allowed at both ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from gitops_gen.checks.selectors import Labels, selected
from gitops_gen.checks.traffic.addresses import Addresses
from gitops_gen.checks.traffic.parties import TCP, Outside, Party, Pods
from gitops_gen.checks.truth import Truth, all_of, any_of
from gitops_gen.checks.view import NAMESPACE, EnvironmentView, maps_in
from gitops_gen.model import Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at

NETWORK_POLICY = ("networking.k8s.io", "NetworkPolicy")
NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label that the API server adds to every namespace."""

Direction: TypeAlias = Literal["Ingress", "Egress"]
PEERS: Mapping[Direction, str] = {"Ingress": "from", "Egress": "to"}


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One rule of a NetworkPolicy."""

    policy: KubeObject
    direction: Direction
    index: int
    value: Values

    @property
    def path(self) -> Path:
        return ("spec", self.direction.lower(), self.index)

    @property
    def peers(self) -> Sequence[Values]:
        """The peers of the rule; empty if it allows every peer."""
        return [peer for _, peer in maps_in(self.value, PEERS[self.direction])]

    @property
    def ports(self) -> Sequence[Values]:
        """The ports of the rule; empty if it allows every port."""
        return [port for _, port in maps_in(self.value, "ports")]


@dataclass(frozen=True)
class EndJudgement:
    """Whether the policies at one end of a flow allow it."""

    allowed: Truth
    isolating: tuple[KubeObject, ...] = ()
    """The policies that isolate the Pods in this direction."""
    admitting: tuple[KubeObject, ...] = ()
    """Those of them that allow the flow."""


OPEN = EndJudgement(Truth.YES)


@dataclass(frozen=True)
class Judgement:
    """Whether the policies at both ends allow a flow."""

    egress: EndJudgement
    ingress: EndJudgement

    @property
    def allowed(self) -> Truth:
        return min(self.egress.allowed, self.ingress.allowed)

    @property
    def admitting(self) -> tuple[KubeObject, ...]:
        return tuple(dict.fromkeys((*self.egress.admitting, *self.ingress.admitting)))


@dataclass(frozen=True, eq=False)
class Policies:
    """The NetworkPolicies of one environment."""

    view: EnvironmentView
    pod_addresses: Addresses = field(default_factory=Addresses)
    """The addresses that Pods can have; empty if they are not known."""
    _addresses: dict[tuple[KubeObject, Path], Addresses] = field(default_factory=dict, init=False)

    def judge(self, source: Party, target: Party, port: int, protocol: str = TCP) -> Judgement:
        """Whether the flow is allowed. `port` is the number of the port at the target."""
        egress = self._side("Egress", source, target, target, port, protocol)
        ingress = self._side("Ingress", target, source, target, port, protocol)
        return Judgement(egress, ingress)

    def _side(
        self,
        direction: Direction,
        subject: Party,
        peer: Party,
        target: Party,
        port: int,
        protocol: str,
    ) -> EndJudgement:
        if isinstance(subject, Outside) or subject.host_network:
            return OPEN
        policies = list(self.isolating(direction, subject))
        allowed = {
            policy: any_of(
                min(self.peers_match(rule, peer), port_matches(rule, target, port, protocol))
                for rule in rules_of(policy, direction)
            )
            for policy, _ in policies
        }
        return EndJudgement(
            _combined((selects, allowed[policy]) for policy, selects in policies),
            tuple(policy for policy, _ in policies),
            tuple(policy for policy, _ in policies if allowed[policy] is Truth.YES),
        )

    def isolating(self, direction: Direction, subject: Pods) -> Iterator[tuple[KubeObject, Truth]]:
        """Yields the policies that select the Pods, or possibly do."""
        for policy in self._by_namespace.get(subject.namespace, ()):
            if direction in policy_types(policy):
                selector = as_map(value_at(policy.value, "spec", "podSelector"))
                if (answer := selected(selector, subject.labels)).is_possible:
                    yield policy, answer

    def peers_match(self, rule: PolicyRule, party: Party) -> Truth:
        if not rule.peers:
            return Truth.YES
        if isinstance(party, Outside) or party.host_network:
            return self._blocks_match(rule, party)
        found = (self._pods_match(rule.policy.id.namespace, peer, party) for peer in rule.peers)
        return max(any_of(found), self._blocks_match(rule, party))

    def _blocks_match(self, rule: PolicyRule, party: Party) -> Truth:
        """Whether ipBlocks contain all addresses of the party; UNKNOWN for some of them."""
        blocks = any("ipBlock" in peer for peer in rule.peers)
        addresses = party.addresses if isinstance(party, Outside) else self.pod_addresses
        return addresses.are_in(self._allowed_addresses(rule)) if blocks else Truth.NO

    def _allowed_addresses(self, rule: PolicyRule) -> Addresses:
        """The addresses in the ipBlocks of a rule, which are read once for all flows."""
        key = (rule.policy, rule.path)
        if key not in self._addresses:
            blocks = (as_map(peer["ipBlock"]) for peer in rule.peers if "ipBlock" in peer)
            self._addresses[key] = Addresses.joined(map(Addresses.of_block, blocks))
        return self._addresses[key]

    def _pods_match(self, namespace: str, peer: Values, pods: Pods) -> Truth:
        if "ipBlock" in peer:
            return Truth.NO
        if isinstance(peer.get("namespaceSelector"), dict):
            of_namespace = selected(peer["namespaceSelector"], self.namespace(pods.namespace))
        else:
            of_namespace = Truth.YES if pods.namespace == namespace else Truth.NO
        return min(of_namespace, selected(as_map(peer.get("podSelector")), pods.labels))

    def namespace(self, name: str) -> Labels:
        """The labels of a namespace, of which only one is known if it is not rendered."""
        item = self._namespaces.get(name)
        found = as_map(value_at(item.value, "metadata", "labels")) if item else {}
        values = {key: str(text) for key, text in found.items()} | {NAMESPACE_NAME: name}
        return Labels(values, complete=item is not None)

    @cached_property
    def _namespaces(self) -> Mapping[str, KubeObject]:
        return {item.id.name: item for item in self.view.of_kind(NAMESPACE)}

    @cached_property
    def _by_namespace(self) -> Mapping[str, Sequence[KubeObject]]:
        found: dict[str, list[KubeObject]] = {}
        for item in self.view.of_kind(NETWORK_POLICY):
            found.setdefault(item.id.namespace, []).append(item)
        return found


def policy_types(policy: KubeObject) -> list[str]:
    """The policy types, with the defaults of the API server."""
    written = as_list(value_at(policy.value, "spec", "policyTypes"))
    if written:
        return [str(one) for one in written]
    return (
        ["Ingress", "Egress"] if as_list(value_at(policy.value, "spec", "egress")) else ["Ingress"]
    )


def rules_of(policy: KubeObject, direction: Direction) -> Iterator[PolicyRule]:
    if direction in policy_types(policy):
        for index, rule in maps_in(policy.value, "spec", direction.lower()):
            yield PolicyRule(policy, direction, index, rule)


def port_matches(rule: PolicyRule, target: Party, number: int, protocol: str) -> Truth:
    """Whether the rule allows a port of the target. Names are those of its containers' ports."""
    if not rule.ports:
        return Truth.YES
    return any_of(_is_port(port, target, number, protocol) for port in rule.ports)


def _is_port(port: Values, target: Party, number: int, protocol: str) -> Truth:
    if (port.get("protocol") or TCP) != protocol:
        return Truth.NO
    wanted = port.get("port")
    if wanted is None:
        return Truth.YES
    if isinstance(wanted, int):
        last = port.get("endPort")
        end = last if isinstance(last, int) else wanted
        return Truth.YES if wanted <= number <= end else Truth.NO
    if isinstance(target, Outside):
        return Truth.NO
    if target.workload is None:
        return Truth.UNKNOWN
    return Truth.YES if number in target.numbers(str(wanted), protocol) else Truth.NO


def _combined(policies: Iterable[tuple[Truth, Truth]]) -> Truth:
    """The answer of all policies, of which each selects the Pods and allows the flow, or not."""
    found = list(policies)
    admitted = any_of(min(selects, allows) for selects, allows in found)
    if any(selects is Truth.YES for selects, _ in found):
        return admitted
    # Perhaps no policy isolates the Pods. Then the flow is allowed, unless one of them forbids it.
    return all_of(max(allows, Truth.UNKNOWN) for _, allows in found)
