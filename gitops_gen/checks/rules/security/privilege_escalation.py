"""Containers whose processes can gain privileges."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.restricted_controls import privilege_escalation
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "security-privilege-escalation",
    title="No process can gain more privileges than its parent",
    why="Without `allowPrivilegeEscalation: false`, a program with the setuid bit, such as sudo, "
    "runs as root.",
    remedy="Set `allowPrivilegeEscalation: false` in the securityContext of the container. If the "
    "process needs more privileges than its parent, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext: {}""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext: {allowPrivilegeEscalation: false}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, privilege_escalation)
