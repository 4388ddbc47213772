"""Containers that may run as root."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.restricted_controls import root_user
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "security-run-as-root",
    title="No container runs as root",
    why="A process that runs as root in a container is root on the node if it leaves the "
    "container.",
    remedy="Set `runAsNonRoot: true` and, unless the image names a user by its number, "
    "`runAsUser`. If the process must be root, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext: {runAsUser: 0}""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext: {runAsNonRoot: true, runAsUser: 10001}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, root_user)
