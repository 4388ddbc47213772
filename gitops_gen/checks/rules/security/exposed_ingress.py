"""Ingresses and Gateways that the values do not declare."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import is_upstream
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "security-exposed-ingress",
    title="Only the section `ingress` makes the application reachable from outside of the cluster",
    why="An Ingress of a chart creates another load balancer, or adds paths to the load balancer "
    "of the section `ingress`, with hosts, a certificate and a firewall of its own.",
    remedy="Remove the Ingress or the Gateway from the chart. A tier with a `path` is reachable "
    "through the Ingress of gitops-gen. If the program must be reachable in this way, excuse the "
    "finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Ingress
metadata: {name: admin}
spec: {ingressClassName: alb}""",
    good="""\
kind: Service
metadata: {name: admin}
spec: {type: ClusterIP}""",
)
_KINDS = (("networking.k8s.io", "Ingress"), ("gateway.networking.k8s.io", "Gateway"))


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in view.of_kind(*_KINDS):
        component = view.components.get(item.component)
        is_declared = component is not None and component.source.is_first_party
        if not is_declared and not is_upstream(view, item):
            text = f"{item.id} makes a program reachable from outside of the cluster"
            yield ObjectIssue(item, text)
