"""Pods that disable seccomp, AppArmor or SELinux, or change the kernel."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.baseline_controls import sysctls, unconfined
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule

RULE = Rule(
    "security-kernel-isolation",
    title="No Pod disables seccomp, AppArmor or SELinux, or changes the kernel",
    why="The profiles of the container runtime prevent most attacks on the kernel of the node. "
    "Sysctls that Kubernetes does not list as safe affect all Pods of the node.",
    remedy="Remove the profile `Unconfined`, the SELinux option or the sysctl. If the process "
    "needs it, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      securityContext: {seccompProfile: {type: Unconfined}}
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
    return control_issues(view, sysctls, unconfined)
