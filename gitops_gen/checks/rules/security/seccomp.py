"""Containers without a seccomp profile."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.restricted_controls import seccomp_profile
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "security-seccomp",
    title="Every container has a seccomp profile",
    why="Without a profile, a process may use all system calls of the kernel. Most attacks on a "
    "kernel use rare ones.",
    remedy="Set `seccompProfile: {type: RuntimeDefault}` in the securityContext of the Pod. If "
    "the process needs other system calls, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web}]""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      securityContext: {seccompProfile: {type: RuntimeDefault}}
      containers: [{name: web}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, seccomp_profile)
