"""The traffic of an environment as a graph: who connects to whom, and which policies allow it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gitops_gen.checks.graphs import (
    EdgeStyle,
    Graph,
    GraphEdge,
    GraphGroup,
    GraphNode,
    NodeShape,
)
from gitops_gen.checks.traffic.flows import JudgedFlow
from gitops_gen.checks.traffic.implied.of_load_balancers import load_balancer
from gitops_gen.checks.traffic.ingresses import ALB, ingress_backends
from gitops_gen.checks.traffic.parties import Outside, Party
from gitops_gen.checks.truth import Truth
from gitops_gen.checks.view import EnvironmentView, annotations_of
from gitops_gen.components import catalogue
from gitops_gen.components.tier.network import POD_IDENTITY_AGENT
from gitops_gen.objects.kube_object import KubeObject

TITLE = "Traffic"
DESCRIPTION = (
    "An edge is a connection that the values imply, with its port and the NetworkPolicies that "
    "allow it. The edge is dotted if they do not allow the connection, or if that is not known."
)
OUTSIDE = GraphGroup("outside", "outside of the cluster")
_BROWSER = GraphNode("browser", ("browser",), OUTSIDE.key, NodeShape.ROUNDED)
_AWS = GraphNode("aws", ("AWS APIs",), OUTSIDE.key, NodeShape.ROUNDED)
_NAMES = {POD_IDENTITY_AGENT: "EKS Pod Identity Agent", "0.0.0.0/0": "Internet"}
_STATES = {Truth.NO: "blocked", Truth.UNKNOWN: "not known whether allowed"}


def traffic_graph(view: EnvironmentView) -> Graph:
    drawing = _Drawing(view)
    for one in view.traffic.flows:
        drawing.add_flow(one)
    drawing.add_browsers()
    drawing.add_addons()
    return drawing.graph()


@dataclass
class _Drawing:
    """Collects nodes and edges. Flows between the same ends become one edge."""

    view: EnvironmentView
    nodes: dict[str, GraphNode] = field(default_factory=dict)
    groups: dict[str, GraphGroup] = field(default_factory=dict)
    edges: dict[tuple[str, str, EdgeStyle], list[str]] = field(default_factory=dict)

    def graph(self) -> Graph:
        edges = sorted(self._edges(), key=lambda one: (one.source, one.target, one.style.value))
        nodes = sorted(self.nodes.values(), key=lambda one: (one.group, one.key))
        groups = sorted(self.groups.values(), key=lambda one: one.key)
        return Graph(TITLE, DESCRIPTION, tuple(nodes), tuple(edges), tuple(groups))

    def _edges(self) -> list[GraphEdge]:
        """The edges. One that all nodes of a group have begins at the group instead."""
        found: dict[tuple[str, GraphEdge], set[str]] = {}
        for (source, target, style), lines in self.edges.items():
            group = self.nodes[source].group
            edge = GraphEdge(group, target, tuple(lines), style)
            found.setdefault((group, edge), set()).add(source)
        edges = []
        for (group, edge), sources in found.items():
            members = {one.key for one in self.nodes.values() if one.group == group}
            of_group = len(members) > 1 and sources == members
            edges += [edge] if of_group else [replace(edge, source=one) for one in sources]
        return edges

    def add_flow(self, one: JudgedFlow) -> None:
        flow, state = one.flow, _STATES.get(one.judgement.allowed)
        policies = ", ".join(f"{policy.id.namespace}/{policy.id.name}" for policy in _policies(one))
        line = f"{flow.protocol} {flow.port}"
        self._add_edge(
            self._party(flow.source),
            self._party(flow.target),
            f"{line}: {state or policies}" if state or policies else line,
            EdgeStyle.DOTTED if state else EdgeStyle.SOLID,
        )

    def add_browsers(self) -> None:
        """Adds the edge from browsers to each load balancer, with the ports of its listeners."""
        for backend in ingress_backends(self.view):
            key = self._key(load_balancer(self.view, backend.ingress))
            if key in self.nodes:
                self._add(OUTSIDE, _BROWSER)
                for line in _listeners(backend.ingress):
                    self._add_edge(_BROWSER.key, key, line)

    def add_addons(self) -> None:
        """Adds the add-ons that Argo CD renders, of which only the role in AWS is known."""
        roles = {folder.section: folder.aws_role for folder in catalogue() if folder.addon}
        for component in self.view.not_hydrated:
            key = f"addon {component.name}"
            group = _namespace(component.namespace)
            lines = (component.name, "add-on, not rendered here")
            self._add(group, GraphNode(key, lines, group.key, NodeShape.ROUNDED))
            if role := roles.get(tuple(map(str, component.section))):
                self._add(OUTSIDE, _AWS)
                self._add_edge(key, _AWS.key, f"TCP 443: role {role.name}")

    def _party(self, party: Party) -> str:
        key = self._key(party)
        if isinstance(party, Outside):
            name = _NAMES.get(party.name, party.name.removeprefix("the "))
            lines = (name, party.name) if party.name in _NAMES else (name,)
            self._add(OUTSIDE, GraphNode(key, lines, OUTSIDE.key, NodeShape.ROUNDED))
            return key
        group = _namespace(party.namespace)
        item = party.workload
        lines = (item.id.name, item.id.kind) if item else (party.name,)
        is_database = item is not None and item.id.kind == "StatefulSet"
        shape = NodeShape.DATABASE if is_database else NodeShape.BOX if item else NodeShape.ROUNDED
        self._add(group, GraphNode(key, lines, group.key, shape))
        return key

    def _key(self, party: Party) -> str:
        if isinstance(party, Outside):
            return f"address {party.name} {party.addresses.intervals}"
        return f"pods {party.namespace} {party.name}"

    def _add(self, group: GraphGroup, node: GraphNode) -> None:
        self.groups[group.key] = group
        self.nodes[node.key] = node

    def _add_edge(
        self, source: str, target: str, line: str, style: EdgeStyle = EdgeStyle.SOLID
    ) -> None:
        lines = self.edges.setdefault((source, target, style), [])
        if line not in lines:
            lines.append(line)


def _namespace(name: str) -> GraphGroup:
    return GraphGroup(f"namespace {name}", f"namespace {name}")


def _policies(one: JudgedFlow) -> Sequence[KubeObject]:
    return one.judgement.admitting


def _listeners(ingress: KubeObject) -> Iterator[str]:
    """Yields the ports on which the load balancer of an Ingress listens, such as HTTPS 443."""
    try:
        found = json.loads(annotations_of(ingress).get(f"{ALB}listen-ports", '[{"HTTP": 80}]'))
    except (ValueError, RecursionError):
        return
    for listener in found if isinstance(found, list) else ():
        for protocol, port in listener.items() if isinstance(listener, dict) else ():
            yield f"{protocol} {port}"
