"""Containers that are privileged, or that are processes of the node."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.baseline_controls import privileged
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule

RULE = Rule(
    "security-privileged",
    title="No container is privileged",
    why="A privileged container has all capabilities and all devices of the node, so an attacker "
    "in it controls the node and all Pods on it.",
    remedy="Remove `privileged`, `hostProcess` or `procMount`, and add the capabilities that the "
    "process needs instead. If the process manages the node, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext: {privileged: true}""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext: {privileged: false}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, privileged)
