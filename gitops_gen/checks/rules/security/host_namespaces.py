"""Pods that share a namespace of the node."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.baseline_controls import host_namespaces
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule

RULE = Rule(
    "security-host-namespaces",
    title="No Pod shares the network, the processes or the IPC of the node",
    why="With the network of the node, a Pod reaches services that only listen locally, and no "
    "NetworkPolicy applies to it. With the processes of the node, it reads their memory and their "
    "secrets.",
    remedy="Remove `hostNetwork`, `hostPID` or `hostIPC`. If the Pod is an agent of the node, "
    "excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      hostNetwork: true
      containers: [{name: web}]""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, host_namespaces)
