"""Services that are reachable from outside of the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import EnvironmentView, ObjectIssue, annotations_of
from gitops_gen.checks.workloads import is_upstream
from gitops_gen.model import Rule, Severity
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, value_at

RULE = Rule(
    "security-exposed-service",
    title="Services are reachable only inside of the cluster",
    why="The values declare one entry to the cluster, the load balancer of `ingress`. A Service "
    "of the type LoadBalancer creates another one without its certificate, its security groups "
    "and its firewall, and `teardown` does not know it. A port of the nodes is reachable at every "
    "node.",
    remedy="Use the type ClusterIP, and remove `externalIPs`. A tier with a `path` is reachable "
    "through the Ingress. If the Service must be reachable, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer}""",
    good="""\
kind: Service
metadata: {name: web}
spec: {type: ClusterIP}""",
)
_SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"
_INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-internal"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in view.of_kind(("", "Service")):
        if is_upstream(view, item):
            continue
        kind = value_at(item.value, "spec", "type")
        if kind == "LoadBalancer":
            text = f"{item.id} creates a load balancer that is reachable from {_reach(item)}"
            yield ObjectIssue(item, text, ("spec", "type"))
        elif kind == "NodePort":
            text = f"{item.id} is reachable at a port of every node"
            yield ObjectIssue(item, text, ("spec", "type"))
        for index, address in enumerate(as_list(value_at(item.value, "spec", "externalIPs"))):
            text = f"{item.id} receives the traffic of all Pods and nodes to {address}"
            yield ObjectIssue(item, text, ("spec", "externalIPs", index))


def _reach(item: KubeObject) -> str:
    """From where a load balancer is reachable. Without an annotation, that depends on its
    controller."""
    annotations = annotations_of(item)
    if annotations.get(_SCHEME) == "internal" or annotations.get(_INTERNAL) == "true":
        return "the whole VPC"
    is_public = annotations.get(_SCHEME) == "internet-facing"
    return "the internet" if is_public else "outside of the cluster"
