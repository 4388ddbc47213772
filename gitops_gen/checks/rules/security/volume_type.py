"""Volumes that depend on a server outside of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.restricted_controls import volume_types
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "security-volume-type",
    title="Every volume is managed by Kubernetes",
    why="The kubelet mounts volumes such as nfs with the privileges of the node, from any server "
    "that the Pod names.",
    remedy="Use a PersistentVolumeClaim. If the server is trusted, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      volumes:
        - {name: data, nfs: {server: files.example.org, path: /data}}""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      volumes:
        - {name: data, persistentVolumeClaim: {claimName: data}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, volume_types)
