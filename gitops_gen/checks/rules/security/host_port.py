"""Ports of the node, and probes of other hosts."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.baseline_controls import host_ports, hosts_of_probes
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule

RULE = Rule(
    "security-host-port",
    title="No container uses a port of the node, or probes another host",
    why="A port of the node is reachable without a Service and without a NetworkPolicy, and only "
    "one Pod of each node can use it. A probe of another host makes the kubelet connect to any "
    "address.",
    remedy="Use a Service instead of `hostPort`, and remove `host` from the probe. If the Pod is "
    "an agent of the node, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          ports: [{containerPort: 8080, hostPort: 8080}]""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          ports: [{containerPort: 8080}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, host_ports, hosts_of_probes)
