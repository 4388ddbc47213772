"""Capabilities that break the isolation of a container."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.baseline_controls import added_capabilities
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule

RULE = Rule(
    "security-added-capabilities",
    title="No container adds a capability that breaks its isolation",
    why="Capabilities such as SYS_ADMIN, NET_ADMIN or SYS_PTRACE allow a process to change the "
    "node or other processes.",
    remedy="Remove the capability. If the process manages the node, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext: {capabilities: {add: [SYS_ADMIN]}}""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext: {capabilities: {drop: [ALL]}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, added_capabilities)
