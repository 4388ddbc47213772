"""Volumes that are folders of the node."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.baseline_controls import host_path_volumes
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import control_issues
from gitops_gen.model import Rule

RULE = Rule(
    "security-host-path",
    title="No volume is a folder of the node",
    why="A container with a folder of the node can read the secrets of other Pods, or take over "
    "the node. The data is lost when the Pod moves to another node.",
    remedy="Use a PersistentVolumeClaim, an emptyDir or a ConfigMap. If the Pod is an agent of "
    "the node, excuse the finding.",
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      volumes:
        - {name: data, hostPath: {path: /var/lib/shop}}""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      volumes:
        - {name: data, persistentVolumeClaim: {claimName: data}}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    return control_issues(view, host_path_volumes)
