"""Containers with capabilities that they do not need."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.restricted_controls import capabilities
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "security-capabilities",
    title="Every container drops all capabilities",
    why="A container runtime grants fourteen capabilities, such as CHOWN and NET_RAW, of which "
    "most processes need none.",
    remedy="Set `capabilities: {drop: [ALL]}` in the securityContext of the container. "
    "NET_BIND_SERVICE may be added again. If the process needs another capability, excuse the "
    "finding.",
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
          securityContext: {capabilities: {drop: [ALL]}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, capabilities)
