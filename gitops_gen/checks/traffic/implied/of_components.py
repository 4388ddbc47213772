"""Traffic that the values of components imply, such as the calls of a tier."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.selectors import selected
from gitops_gen.checks.traffic.addresses import Addresses
from gitops_gen.checks.traffic.flows import Flow
from gitops_gen.checks.traffic.parties import Outside, Party, Pods
from gitops_gen.checks.traffic.traffic import Traffic
from gitops_gen.checks.truth import Truth
from gitops_gen.components.types import Component, DeclaredFlow
from gitops_gen.model import Values, dotted


def implied(traffic: Traffic) -> Iterator[Flow]:
    for component in traffic.view.components.values():
        for declared in component.flows:
            yield from _flows(traffic, component, declared)


def _flows(traffic: Traffic, component: Component, declared: DeclaredFlow) -> Iterator[Flow]:
    selector: Values = {"matchLabels": dict(declared.source)}
    for source in traffic.workloads.matched(selector, component.namespace):
        if source.workload is None:
            continue
        for port in declared.ports:
            for peer in declared.peers:
                for target in _targets(traffic, component.namespace, peer, port):
                    purpose = f"because of {dotted(declared.key)}"
                    yield Flow(source, target, port, purpose, source.workload)


def _targets(traffic: Traffic, namespace: str, peer: Values, port: int) -> Iterator[Party]:
    """Yields the addresses or the Pods of a peer, without Pods that do not serve the port."""
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        yield Outside(str(block.get("cidr")), Addresses.of_block(block))
        return
    found = [pods for pods in traffic.workloads.all if _matches(traffic, namespace, peer, pods)]
    yield from traffic.workloads.listening(found, port)


def _matches(traffic: Traffic, namespace: str, peer: Values, pods: Pods) -> bool:
    if "namespaceSelector" in peer:
        labels = traffic.policies.namespace(pods.namespace)
        if selected(peer["namespaceSelector"], labels) is not Truth.YES:
            return False
    elif pods.namespace != namespace:
        return False
    return selected(peer.get("podSelector") or {}, pods.labels) is Truth.YES
